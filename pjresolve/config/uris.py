"""URIs as the options of a registration hold them: what PJSIP's parser takes, and what it reads.

Rules of this file:
- a text is taken or refused as Asterisk 22 takes or refuses it, character for character (`values.json`);
- what is taken need not lead anywhere: `sip:[HOST]` is a host called HOST, `h:5060` a URI of the scheme `h`;
- nothing here raises; a text that is refused is None or False.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote

from pjresolve.sip.uri import LONGEST_URI, SipUri

LONGEST_TTL = 255
"""The largest `;ttl=` of a URI."""

_PLAIN = r"A-Za-z0-9\-_.!~*'()"
_TOKEN = r"[A-Za-z0-9\-_.!~*'+%`]"
_PARAM = rf"[{_PLAIN}&+$/:\[\]%]"
_HEADER = rf"[{_PLAIN}+$/:?\[\]%]"
_URI = (
    r"(?P<scheme>[sS][iI][pP][sS]?):"
    rf"(?:(?P<user>[{_PLAIN}&=+$,;?/#%]+(?::[{_PLAIN}&=+$,%]+)?)@)?"
    r"(?P<host>[A-Za-z0-9\-_.]+|\[[^\]@]+\])(?::(?P<port>[0-9]+))?"
    rf"(?P<params>(?:;{_PARAM}+(?:=(?:\"[^\"]*\"|{_PARAM}*))?)*)"
    rf"(?:\?(?P<headers>{_HEADER}+(?:={_HEADER}*)?(?:&{_HEADER}+(?:={_HEADER}*)?)*))?"
)
_SIP = re.compile(_URI)
_PARAMS = re.compile(rf";({_PARAM}+)(?:=(\"[^\"]*\"|{_PARAM}*))?")
_NUMBER = re.compile(rf"[tT][eE][lL]:[0-9A-Fa-f#()*+.\-]+(?:;{_PARAM}+(?:={_PARAM}*)?)*")
_OTHER = re.compile(rf"(?!(?:sips?|tel):)(?:{_TOKEN}+):[{_PLAIN}#$%&+,/:;=?@]+", re.IGNORECASE)
_CONTACT_USER = re.compile(rf"[{_PLAIN}&=+$,;?/#%]+(?::[{_PLAIN}&=+$,%]+)?")
_HEADER_PARAM = re.compile(rf"\s*({_TOKEN}+)\s*(?:=\s*(\"[^\"]*\"|{_TOKEN}*))?\s*")
_DISPLAY = re.compile(rf"\s*(?:\"[^\"]*\"\s*|(?!{_TOKEN}+:)[^\"<][^<]{{0,250}})?<\s*")
_QUALITY = re.compile(r"[0-9]*\.?[0-9]*")
_TTL = re.compile(r"[0-9]*")


class WrittenUri(NamedTuple):
    """The parts of a URI in Asterisk's own spelling: escapes undone where they are not needed, and the other
    way round. `host` has brackets only around colons; `params` and `headers` are names with values.
    """

    scheme: str
    user: str
    host: str
    port: int | None
    params: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]


def written_uri(text: str) -> WrittenUri | None:
    """The `sip:` or `sips:` URI in `text`, angle brackets allowed, or None where PJSIP refuses it."""
    if len(text) > LONGEST_URI:
        return None
    bare = text.strip()
    if bare.startswith("<") and bare.endswith(">"):
        bare = bare[1:-1].rstrip()
    found = _SIP.fullmatch(bare)
    return _written(found) if found else None


def read_uri(text: str) -> SipUri | None:
    """The same as a value to compute with: host and names of parameters in lower case."""
    found = written_uri(text)
    return _read(found) if found else None


def _written(found: re.Match[str]) -> WrittenUri | None:
    """The URI that was found, or None where a number in it is too large."""
    digits = (found["port"] or "").lstrip("0")
    if len(digits) > 5 or int(digits or 0) > 65535:
        return None
    params = tuple((_spelt(name), _spelt(value)) for name, value in _PARAMS.findall(found["params"]))
    if any(name.lower() == "ttl" and not _is_ttl(value) for name, value in params):
        return None
    host = found["host"].removeprefix("[").removesuffix("]")
    pairs = (p.partition("=") for p in (found["headers"] or "").split("&") if p)
    return WrittenUri(
        found["scheme"].lower(),
        spelt_user(found["user"] or ""),
        f"[{host}]" if ":" in host else host,
        int(digits or 0) or None,
        params,
        tuple((unquote(name), unquote(value)) for name, _, value in pairs),
    )


def _read(uri: WrittenUri) -> SipUri:
    host = uri.host.lower().removeprefix("[").removesuffix("]")
    params = tuple((name.lower(), value) for name, value in uri.params)
    return SipUri(uri.scheme, uri.user, host, uri.port, params)


def spelt_user(text: str) -> str:
    """The user of a URI as Asterisk spells it: `%41` is A, `#` is `%23` (recording `srv-uri-escapes-2`)."""
    return quote(unquote(text, "latin-1"), safe="!'()*&=+$,;?/%:~", encoding="latin-1")


def _spelt(text: str) -> str:
    return (
        text
        if text.startswith('"')
        else quote(unquote(text, "latin-1"), safe="!'()*&+$/:[]%~", encoding="latin-1")
    )


def _is_ttl(value: str) -> bool:
    digits = _TTL.match(value)
    number = digits[0] if digits else ""
    return not value or (0 < len(number) < 10 and int(number) <= LONGEST_TTL)


def is_route(value: str) -> bool:
    """Whether PJSIP takes the value for a Route: URIs of any scheme, divided by commas.

    What stands behind an `&` is not read.
    """
    return _routes(value) is not None


def first_route(value: str) -> SipUri | None:
    """The URI that requests are sent to; None where it is of another scheme than `sip:` and `sips:`, and
    nothing is ever sent (recordings `route-hostport`, `route-tel`).
    """
    routes = _routes(value)
    first = routes[0][1] if routes else None
    return _read(first) if first else None


def written_routes(value: str) -> list[str]:
    """What stands between the brackets of each Route that the value makes; empty where it is refused."""
    return [_text(uri) if uri else text for text, uri in _routes(value) or ()]


def _text(uri: WrittenUri) -> str:
    user, port = f"{uri.user}@" if uri.user else "", f":{uri.port}" if uri.port else ""
    params = "".join(f";{name}={value}" if value else f";{name}" for name, value in uri.params)
    return f"{uri.scheme}:{user}{uri.host}{port}{params}"


def _routes(value: str) -> list[tuple[str, WrittenUri | None]] | None:
    """Text and parts of each Route's URI, no parts where it is none of SIP; None where one cannot be read."""
    routes: list[tuple[str, WrittenUri | None]] = []
    at = 0
    while True:
        display = _DISPLAY.match(value, at)
        at = display.end() if display else at + len(value[at:]) - len(value[at:].lstrip())
        found = _SIP.match(value, at) or _NUMBER.match(value, at) or _OTHER.match(value, at)
        if found is None:
            return None
        uri = _written(found) if found.re is _SIP else None
        if found.re is _SIP and uri is None:
            return None
        routes.append((found[0], uri))
        rest = value[found.end() :].lstrip()
        if display:
            if not rest.startswith(">"):
                return None
            rest = rest[1:].lstrip()
        rest_params = _after_params(rest)
        if rest_params is None:
            return None
        if not rest_params or rest_params.startswith("&"):
            return routes
        if not rest_params.startswith(","):
            return None
        at = len(value) - len(rest_params) + 1


def _after_params(text: str) -> str | None:
    """What stands behind the parameters of a header, each with its `;`; None where one cannot be read."""
    while text.startswith(";"):
        found = _HEADER_PARAM.match(text, 1)
        if found is None or (found[1].lower() == "q" and not _QUALITY.fullmatch(found[2] or "")):
            return None
        text = text[found.end() :]
    return text


def is_contact_user(value: str) -> bool:
    """Whether the value can stand before the `@` of a Contact."""
    return not value or _CONTACT_USER.fullmatch(value) is not None


def is_header_params(value: str) -> bool:
    """Whether the value can stand behind the `;` of a Contact. What stands behind an `&` is not read."""
    rest = _after_params(f";{value}")
    return not value or (rest is not None and (not rest or rest.startswith("&")))


def written_header_params(value: str) -> str:
    """The parameters of a Contact as Asterisk writes them: without blanks, and without what is not read."""
    pairs = (found for found in _HEADER_PARAM.finditer(value.partition("&")[0]))
    return "".join(f";{name}={text}" if text else f";{name}" for name, text in (p.groups() for p in pairs))
