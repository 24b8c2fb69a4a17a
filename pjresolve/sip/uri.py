"""SIP URIs as a registration names them (RFC 3261 section 19.1), and nothing more.

Rules of this file:
- a URI is taken apart here alone: `split_uri` for its parts as they are written, whatever they hold, and
  `parse_uri` for one frozen value; what cannot be parsed is a BadInput that says where;
- host names are kept as written except for case; an IPv6 literal loses its brackets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from pjresolve.errors import BadInput, Location, Parameter, printable
from pjresolve.model import Protocol, canonical_address

LONGEST_URI = 512
"""Characters of a URI at most: no client has room for more."""

_SCHEME = re.compile(r"(sips?):", re.IGNORECASE | re.ASCII)
_USER = re.compile(r"[^@<>\s]*")
_HOST = re.compile(r"[^\[\]:;?@<>\s]+")
_BRACKETED = re.compile(r"[0-9A-Fa-f:.%]+")
_PORT = re.compile(r"[0-9]{1,5}")
_REST = re.compile(r"[^?<>\s]*")
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")


@dataclass(frozen=True, slots=True)
class SipUri:
    """A parsed URI. `host` is lower-case; `port` is None unless written; `params` in their order."""

    scheme: str
    user: str
    host: str
    port: int | None
    params: tuple[tuple[str, str], ...]

    @property
    def transport(self) -> str | None:
        """The value of the last `;transport=`, lower-case, or None (recording `uri-two-params`)."""
        return next((value.lower() for name, value in reversed(self.params) if name == "transport"), None)

    @property
    def protocol(self) -> Protocol | None:
        """The protocol that the URI itself names: by `;transport=`, or TLS by `sips:`; else None."""
        if self.secure:
            return Protocol.TLS
        return Protocol(self.transport) if self.transport in set(Protocol) else None

    @property
    def secure(self) -> bool:
        return self.scheme == "sips"

    @property
    def address(self) -> str | None:
        """The canonical address where the host is an IP literal, else None.

        One with a scope (`%eth0`) is asked for like a name (recording `uri-ip6-scope`).
        """
        return canonical_address(self.host) if "%" not in self.host else None

    @property
    def name(self) -> str:
        """The host as it is asked for: without a final dot."""
        return self.host if self.host in (".", "..") else self.host.removesuffix(".")

    @property
    def literal(self) -> str | None:
        """The address that is sent to without asking the DNS: that of `;maddr=`, else of the host.

        The short and the zero-padded forms of IPv4 count as addresses (recordings `uri-maddr`,
        `uri-ip-short`).
        """
        maddr = next((value for name, value in self.params if name == "maddr"), "")
        return canonical_address(maddr) or self.address or _loose_ipv4(self.host)

    @property
    def hostport(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"

    def __str__(self) -> str:
        user = f"{self.user}@" if self.user else ""
        params = "".join(f";{name}={value}" if value else f";{name}" for name, value in self.params)
        return f"{self.scheme}:{user}{self.hostport}{params}"


def _loose_ipv4(host: str) -> str | None:
    """The address that 1 to 4 decimal numbers mean to the C library: the last fills what is left."""
    parts = host.split(".")
    if len(parts) > 4 or not all(p.isascii() and p.isdigit() and len(p) < 11 for p in parts):
        return None
    numbers = [int(p, 8) if p.startswith("0") and set(p) <= set("01234567") else int(p) for p in parts]
    *head, last = numbers
    if any(n > 255 for n in head) or last >= 256 ** (5 - len(parts)):
        return None
    value = last + sum(n << (24 - 8 * i) for i, n in enumerate(head))
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))


class UriParts(NamedTuple):
    """The parts of a URI as they are written, without the punctuation between them.

    `scheme` is lower-case. `user` is None without an `@`. `params` and `headers` are what stands behind the
    first `;` and the `?`.
    """

    scheme: str
    user: str | None
    hostport: str
    params: str
    headers: str


def without_brackets(text: str) -> str:
    """A URI without the angle brackets that it may stand in (recording `uri-angle`)."""
    bare = text.strip()
    return bare[1:-1] if bare.startswith("<") and bare.endswith(">") else bare


def split_uri(text: str, *, last_at: bool = False) -> UriParts | None:
    """The parts of a `sip:` or `sips:` URI, unchecked, or None where it is none.

    The first `@` ends the user (RFC 3261 section 25.1), or the last one with `last_at`. A `>` behind it
    ends the URI.
    """
    scheme = _SCHEME.match(text)
    if scheme is None:
        return None
    rest = text[scheme.end() :]
    before, at, after = rest.rpartition("@") if last_at else rest.partition("@")
    user, rest = (before, after) if at else (None, rest)
    rest, _, headers = rest.partition(">")[0].partition("?")
    hostport, _, params = rest.partition(";")
    return UriParts(scheme[1].lower(), user, hostport, params, headers)


def split_hostport(text: str) -> tuple[str, str | None]:
    """A host without brackets, and the text of its port, None without a colon; neither is checked.

    More than one colon outside brackets are those of an IPv6 address. Raises ValueError, with its reason, for
    brackets that are not closed or not the whole host.
    """
    if text.startswith("["):
        host, closed, after = text[1:].partition("]")
        if not closed:
            raise ValueError("no ] after the address")
        if after and not after.startswith(":"):
            raise ValueError("text after the ]")
        return host, after[1:] if after else None
    if text.count(":") == 1:
        host, _, port = text.partition(":")
        return host, port
    return text, None


def split_params(text: str) -> list[tuple[str, str]]:
    """Name and value of each parameter, in their order and as they are written; empty ones are left out."""
    return [(name, value) for name, _, value in (p.partition("=") for p in text.split(";") if p.strip())]


def parse_uri(text: str, where: Location | str | None = None) -> SipUri:
    """Parse a `sip:` or `sips:` URI, angle brackets allowed. Raises BadInput with `where`."""
    bare = text.strip()
    if len(bare) > LONGEST_URI:
        raise BadInput(
            f"a URI of {len(bare)} characters is too long", where=where, hint=f"at most {LONGEST_URI}"
        )
    bare = without_brackets(bare)
    parts = split_uri(bare)
    if parts is None or ">" in bare or not _is_sound(parts):
        raise BadInput(
            f"{printable(text)!s} is not a SIP URI",
            where=where,
            hint="write sip:HOST, sip:USER@HOST or sips:HOST",
        )
    host, digits = split_hostport(parts.hostport.lower())
    port = int(digits or 0) or None  # port 0 is no port (recording `uri-port0`)
    if port is not None and port > 65535:
        raise BadInput(f"port {port} is out of range", where=where, hint="use 1 to 65535")
    if parts.hostport.startswith("[") and canonical_address(host) is None:
        raise BadInput(
            f"[{printable(host)}] is no IPv6 address", where=where, hint="write e.g. [2001:db8::1]"
        )
    params = tuple((name.strip().lower(), value.strip()) for name, value in split_params(parts.params))
    return SipUri(parts.scheme, parts.user or "", host, port, params)


def _is_sound(parts: UriParts) -> bool:
    """Whether each part holds what it may, and a port is one of at most five digits."""
    try:
        host, port = split_hostport(parts.hostport)
    except ValueError:
        return False
    allowed = _BRACKETED if parts.hostport.startswith("[") else _HOST
    return bool(
        _USER.fullmatch(parts.user or "")
        and allowed.fullmatch(host)
        and (port is None or _PORT.fullmatch(port))
        and _REST.fullmatch(parts.params)
        and not re.search(r"[<>\s]", parts.headers)
    )


def host_name(text: str, where: str = "domain") -> str:
    """The canonical form of a host name that can be asked for.

    Internationalised names become their A-labels (UTS 46 and RFC 5891). Raises BadInput otherwise.
    """
    name = text.strip().removesuffix(".")
    if not name.isascii():
        import idna  # its tables take a while to load, and hardly any name needs them

        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError) as exc:
            hint = "its labels cannot be converted to ASCII"
            raise BadInput(f"{printable(text)} is no host name", where=where, hint=hint) from exc
    labels = name.lower().split(".")
    bad = next((label for label in labels if not _LABEL.fullmatch(label)), None)
    if not name or bad is not None:
        shown = "an empty label" if not bad else f"the label {printable(bad, 40)}"
        raise BadInput(
            f"{printable(text)} is no host name",
            where=where,
            hint=f"{shown} is not 1 to 63 letters, digits and hyphens",
        )
    if len(name) > 253:
        raise BadInput(f"a host name of {len(name)} characters is too long", where=where, hint="at most 253")
    return ".".join(labels)


def related(a: str, b: str) -> bool:
    """Whether two host names belong together: equal, or with the same last two labels."""
    ends = [host.split(".")[-2:] for host in (a, b)]
    return a == b or (ends[0] == ends[1] and ":" not in a + b and not ends[0][-1].isdigit())


FILE_ENDINGS = (".conf", ".yaml", ".yml", ".json")
"""No domain ends so: there is no such top-level domain."""


def parse_domain(text: str) -> SipUri:
    """The URI that a domain means, as people write it: a name, an address or a URI. Raises BadInput."""
    bare = text.strip()
    if not bare:
        raise BadInput("nothing is named", where="domain", hint="write HOST, sip:HOST or sips:HOST")
    literal = canonical_address(bare)
    if literal is not None:
        return SipUri("sip", "", literal, None, ())
    if bare.lower().endswith(FILE_ENDINGS):
        hint_file = ("use ", Parameter("config"), " for a pjsip.conf")
        raise BadInput(f"{printable(bare)} names a file, not a domain", where="domain", hint=hint_file)
    if "://" in bare:
        hint = "write HOST, sip:HOST or sips:HOST"
        raise BadInput(f"{printable(bare)} is no SIP URI", where="domain", hint=hint)
    scheme = bare.lower().startswith(("sip:", "sips:", "<"))
    plain = not scheme and not any(c in bare for c in ":;@?[<>")
    uri = (
        SipUri("sip", "", bare, None, ()) if plain else parse_uri(bare if scheme else f"sip:{bare}", "domain")
    )
    named = uri.transport
    if named is not None and named not in tuple(Protocol):
        raise BadInput(
            f"no transport is called {printable(named, 40)!r}",
            where="domain",
            hint="use ;transport=udp, tcp or tls",
        )
    return uri if uri.address else replace(uri, host=host_name(uri.host))
