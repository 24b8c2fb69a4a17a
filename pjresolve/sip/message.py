"""SIP requests as text, as far as is needed to say whose they are (RFC 3261 sections 7 and 25.1).

Rules of this file:
- everything here comes from outside: sizes are bounded, and what is no request is a BadInput;
- compact header names are spelt out; values are kept as written, but for folded lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from pjresolve.errors import BadInput, Location, printable
from pjresolve.model import Protocol, canonical_address
from pjresolve.sip.headers import full_name
from pjresolve.sip.uri import split_hostport, split_params, split_uri

LONGEST_MESSAGE = 65_536
"""Characters of a message at most."""

_FIRST = re.compile(r"([A-Za-z0-9.!%*_+`'~-]{1,32}) (\S{1,2000}) SIP/2\.0")
_USERNAME = re.compile(r'\busername\s*=\s*"([^"]{0,200})"', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """A request and where it came from. `headers` in their order, names in lower case.

    `port` is None where it is not known: that of a client's TCP connection is drawn.
    """

    method: str
    uri: str
    source: str
    headers: tuple[tuple[str, str], ...]
    transport: Protocol = Protocol.UDP
    port: int | None = None

    def header(self, name: str) -> str | None:
        """The first header of that name in any case, or None."""
        wanted = name.lower()
        return next((value for known, value in self.headers if known == wanted), None)

    @property
    def from_user(self) -> tuple[str, str]:
        """User and host of the URI in From; empty where there is none, or it is no SIP URI."""
        return user_and_host(self.header("from") or "")

    @property
    def auth_user(self) -> str:
        """The `username` of the Authorization header, or empty."""
        found = _USERNAME.search(self.header("authorization") or "")
        return found[1] if found else ""


def address_uri(value: str) -> str:
    """The URI of a From, To or Contact header: what stands in angle brackets, else up to the first `;`."""
    _, opened, rest = value.partition("<")
    return rest.partition(">")[0] if opened else value.partition(";")[0].strip()


def user_and_host(value: str) -> tuple[str, str]:
    """User, unescaped and without a password, and host of the SIP URI in a header's value."""
    parts = split_uri(address_uri(value))
    if parts is None:
        return "", ""
    try:
        host = split_hostport(parts.hostport)[0]
    except ValueError:
        host = parts.hostport
    return unquote((parts.user or "").partition(":")[0]), host


def contact_address(value: str | None) -> str | None:
    """The address in a Contact header, or None where it holds none."""
    return canonical_address(user_and_host(value)[1]) if value else None


def uri_param(uri: str, name: str) -> str | None:
    """The value of a parameter of a SIP URI, or None where it has none."""
    parts = split_uri(uri)
    found = split_params(parts.params) if parts else []
    return next((value for known, value in found if known.strip().lower() == name), None)


def parse_message(
    text: str,
    source: str,
    where: Location | str,
    transport: Protocol = Protocol.UDP,
    port: int | None = None,
) -> IncomingMessage:
    """The request in a text, as it stands in a log or a capture. Raises BadInput with `where`."""
    if len(text) > LONGEST_MESSAGE:
        raise BadInput(
            f"a message of more than {LONGEST_MESSAGE} characters", where=where, hint="give its headers"
        )
    lines = text.lstrip("\r\n").split("\n\n")[0].replace("\r", "").split("\n")
    first = _FIRST.fullmatch(lines[0].strip())
    if first is None:
        hint = "the first line of a request is: INVITE sip:USER@HOST SIP/2.0"
        raise BadInput(f"{printable(lines[0], 60)!r} begins no SIP request", where=where, hint=hint)
    headers: list[tuple[str, str]] = []
    for line in lines[1:]:
        if line[:1] in " \t" and headers and line.strip():
            headers[-1] = headers[-1][0], f"{headers[-1][1]} {line.strip()}"
            continue
        name, colon, value = line.partition(":")
        if not line.strip():
            break
        if not colon or not name.strip():
            raise BadInput(f"{printable(line, 60)!r} is no header", where=where, hint="write NAME: VALUE")
        headers.append((full_name(name), value.strip()))
    return IncomingMessage(first[1], first[2], source, tuple(headers), transport, port)
