"""The `register =>` line of sip.conf, taken apart.

Rules of this file:
- `[peer?][transport://]user[@domain[:port]][:secret[:authuser]]@host[:port][/extension][~expiry]`;
- the last `@` ends the secret, so a secret may hold one; a colon in a secret is the start of authuser;
- whatever cannot be a line of this form is a ValueError with its reason in words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pjresolve.config.lines import BLANK
from pjresolve.config.values import LONGEST_HOST
from pjresolve.model import canonical_address
from pjresolve.sip.uri import split_hostport

PROTOCOLS = ("udp", "tcp", "tls")

_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?")
_PEER = re.compile(r"([^?@:/]*)\?")
_TRANSPORT = re.compile(r"([A-Za-z0-9+.-]*)://")


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """A line's parts; what is not given is empty or None. `expiry` in seconds."""

    user: str
    host: str
    peer: str = ""
    transport: str = ""
    domain: str = ""
    domain_port: int | None = None
    secret: str = ""
    authuser: str = ""
    port: int | None = None
    extension: str = ""
    expiry: int | None = None


def parse_register(text: str) -> RegisterLine:
    """The parts of a `register` line's value. Raises ValueError with the reason in words."""
    left, at, right = text.strip().rpartition("@")
    if not at:
        raise ValueError("no @ before the host")
    right, tilde, expiry = right.partition("~")
    right, _, extension = right.partition("/")
    host, port = host_and_port(right)
    peer = _PEER.match(left)
    left = left[peer.end() :] if peer else left
    transport = _TRANSPORT.match(left)
    left = left[transport.end() :] if transport else left
    if transport and transport[1].lower() not in PROTOCOLS:
        raise ValueError("the transport before :// is none of udp, tcp, tls")
    first, _, rest = left.partition(":")
    user, _, domain = first.partition("@")
    user = user.strip(BLANK)
    domain_port = None
    if domain:
        domain, _ = host_and_port(domain)
    if rest.count(":") > 1:  # a port of the domain, which chan_sip passes over where it is none
        number, _, rest = rest.partition(":")
        if domain and number.isdigit():
            domain_port = _port(number)
    if not user:
        raise ValueError("no user")
    secret, _, authuser = rest.partition(":")
    return RegisterLine(
        user=user,
        host=host,
        peer=peer[1] if peer else "",
        transport=transport[1].lower() if transport else "",
        domain=domain,
        domain_port=domain_port,
        secret=secret.strip(BLANK),
        authuser=authuser.strip(BLANK),
        port=port,
        extension=extension.strip(BLANK),
        expiry=_expiry(expiry) if tilde else None,
    )


def host_and_port(text: str) -> tuple[str, int | None]:
    """A host without brackets, and its port. Raises ValueError where it is none."""
    bare = text.strip()
    address = canonical_address(bare)
    if address is not None:
        return address, None
    host, port = split_hostport(bare)
    if bare.startswith("["):
        host = canonical_address(host) or ""
    if not host:
        raise ValueError("no host")
    if canonical_address(host) is None and (len(host) > LONGEST_HOST or not _HOST.fullmatch(host)):
        raise ValueError("the host is no address and no name")
    return host, _port(port) if port else None


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65536):
        raise ValueError("the port is no number from 1 to 65535")
    return int(text)


def _expiry(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) > 0):
        raise ValueError("the expiry after ~ is no number of seconds")
    return int(text)
