"""A pjsip.conf for a domain, where the user has none: some transports and one registration.

Rules of this file:
- what comes out is text, read by the same reader as anybody's file;
- a TLS transport says `method=sslv23`: without a method Asterisk offers what no current server accepts.
"""

from __future__ import annotations

from collections.abc import Sequence

from pjresolve.errors import BadInput, Parameter, printable
from pjresolve.model import Family, Protocol, TransportType
from pjresolve.sip.uri import SipUri
from pjresolve.words import there_are

DEFAULT_TRANSPORTS = "udp6,udp,tcp6,tcp,tls6,tls"
PREFIX = "transport-"


def section_name(kind: TransportType) -> str:
    """`transport-udp6` and so on."""
    return f"{PREFIX}{kind.name}"


def pinned_section(pin: str, transports: Sequence[TransportType]) -> str:
    """The section that `pin` means: by its name, or by the type's short name. Raises BadInput."""
    names = [section_name(kind) for kind in transports]
    for name in (pin, PREFIX + pin.lower()):
        if name in names:
            return name
    raise BadInput(
        f"no transport is called {printable(pin, 60)!r}",
        where=Parameter("pin"),
        hint=there_are(names, pin),
    )


def pjsip_conf(
    uri: SipUri, transports: Sequence[TransportType], pin: str | None, *, calls: bool = False
) -> str:
    """Sections for `transports` in their order, and a registration at `uri` named after its host.

    `pin` is a transport's section or short name. With `calls` they can go out through its endpoint, the same
    way. Raises BadInput where it is none of `transports`.
    """
    sections = [
        f"[{section_name(kind)}]\ntype=transport\nprotocol={kind.protocol.value}\n"
        f"bind={'[::]' if kind.family is Family.IPV6 else '0.0.0.0'}\n"
        + ("method=sslv23\n" if kind.protocol is Protocol.TLS else "")
        for kind in transports
    ]
    pinned = f"transport={pinned_section(pin, transports)}\n" if pin else ""
    name = uri.host
    who = uri.user or "account"
    host = f"[{uri.host}]" if ":" in uri.host else uri.host
    server, client = (text.replace(";", "\\;") for text in (str(uri), f"{uri.scheme}:{who}@{host}"))
    sections.append(
        f"[{name}]\ntype=registration\nserver_uri={server}\nclient_uri={client}\n"
        f"contact_user={who}\noutbound_auth={name}\nline=yes\nendpoint={name}\n{pinned}"
    )
    sections.append(f"[{name}]\ntype=auth\nauth_type=userpass\nusername={who}\npassword=secret\n")
    endpoint = f"[{name}]\ntype=endpoint\ncontext=from-{name}\noutbound_auth={name}\n"
    if calls:
        endpoint += f"aors={name}\ndisallow=all\nallow=alaw,ulaw\n{pinned}"
        endpoint += f"\n[{name}]\ntype=aor\ncontact={server}\n"
    sections.append(endpoint)
    return "\n".join(sections)
