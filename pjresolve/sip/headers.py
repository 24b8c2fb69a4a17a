"""The header lines of an answer, read as RFC 3261 writes them.

Rules of this file:
- a line is `NAME: VALUE`; names compare without regard to case, and short forms count;
- nothing here decides: what a stack makes of a value, and of one that is none, is its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

OWN_CONTACT = "sip:contact.invalid"
"""The URI that stands in an answer for the Contact of the request that it answers."""
SHORT_FORMS = {
    "c": "content-type", "e": "content-encoding", "f": "from", "i": "call-id", "k": "supported",
    "l": "content-length", "m": "contact", "o": "event", "r": "refer-to", "s": "subject", "t": "to",
    "u": "allow-events", "v": "via", "x": "session-expires",
}  # fmt: skip
"""Header names of one letter (RFC 3261 section 7.3.3, RFC 3265, RFC 4028)."""
_TOKEN = r"[A-Za-z0-9.!%*_+`'~-]+"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_SCHEME = r"[A-Za-z][A-Za-z0-9+.-]*:"
_ADDRESS = re.compile(
    rf"\s*(?:(?:{_QUOTED}|[^\"<>,;]*?)\s*<\s*(?P<bracketed>{_SCHEME}[^<>\s]+)\s*>"
    rf"|(?P<bare>{_SCHEME}[^<>,;?\s]+)|(?P<star>\*))"
)
_PARAMETER = re.compile(rf"\s*;\s*(?P<name>{_TOKEN})(?:\s*=\s*(?P<value>{_QUOTED}|[^\s;,]*))?")
_CHALLENGE = re.compile(rf"\s*(?P<scheme>{_TOKEN})\s+(?P<rest>\S.*)")
_PAIR = re.compile(rf"\s*(?P<name>{_TOKEN})(?:\s*=\s*(?P<value>{_QUOTED}|[^\s,\"]+))?\s*")


class Binding(NamedTuple):
    """One address of a Contact header: its URI, `*` for all, and its parameters by lower-case name.

    A quoted value keeps its quotes.
    """

    uri: str
    parameters: Mapping[str, str] = MappingProxyType({})


class Challenge(NamedTuple):
    """A WWW-Authenticate or Proxy-Authenticate: its scheme, and its parameters by lower-case
    name, unquoted.
    """

    scheme: str
    parameters: Mapping[str, str] = MappingProxyType({})


def full_name(name: str) -> str:
    """A header's name in lower case, spelt out."""
    lower = name.strip().lower()
    return SHORT_FORMS.get(lower, lower)


def challenge_header(status: int) -> str:
    """The header that a challenge of this status stands in (RFC 3261 sections 22.2 and 22.3)."""
    return "WWW-Authenticate" if status == 401 else "Proxy-Authenticate"


def values(lines: Iterable[str], name: str) -> list[str]:
    """The values of all headers of a (lower-case) name, in their order."""
    found: list[str] = []
    for line in lines:
        key, _, value = line.partition(":")
        if full_name(key) == name:
            found.append(value.strip())
    return found


def first(lines: Sequence[str], name: str) -> str | None:
    """The value of the first header of a (lower-case) name, or None."""
    return next(iter(values(lines, name)), None)


def seconds_in(text: str) -> int | None:
    """The delta-seconds that a text begins with, or None where it begins with no digit."""
    digits = re.match(r"\s*([0-9]{1,20})", text)
    return int(digits[1]) if digits else None


def bindings(value: str) -> list[Binding] | None:
    """The addresses of one Contact header (RFC 3261 section 20.10), or None where it is none."""
    found: list[Binding] = []
    at = 0
    while True:
        address = _ADDRESS.match(value, at)
        if address is None:
            return None
        at, parameters = address.end(), {}
        while (parameter := _PARAMETER.match(value, at)) is not None:
            parameters[parameter["name"].lower()] = parameter["value"] or ""
            at = parameter.end()
        found.append(Binding(address["bracketed"] or address["bare"] or address["star"], parameters))
        rest = value[at:].lstrip()
        if not rest:
            return found
        if not rest.startswith(","):
            return None
        at = len(value) - len(rest) + 1


def challenge(value: str) -> Challenge | None:
    """The challenge of one WWW-Authenticate or Proxy-Authenticate, or None where it is not written as one."""
    whole = _CHALLENGE.fullmatch(value)
    if whole is None:
        return None
    rest, at, parameters = whole["rest"], 0, {}
    while True:
        pair = _PAIR.match(rest, at)
        if pair is None:
            return None
        parameters[pair["name"].lower()] = _unquoted(pair["value"] or "")
        at = pair.end()
        if at == len(rest):
            return Challenge(whole["scheme"], parameters)
        if rest[at] != ",":
            return None
        at += 1


def _unquoted(text: str) -> str:
    """A quoted text without its quotes, its escapes as they stand: digests compare realms that way."""
    return text[1:-1] if len(text) > 1 and text.startswith('"') and text.endswith('"') else text
