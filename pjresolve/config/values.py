"""Values of options whose text Asterisk takes apart: lists, addresses, networks, `bind` and SIP URIs.

Rules of this file:
- what is said to be unfit is what Asterisk was seen to refuse, without asking the DNS or the machine;
- nothing here raises; a text that cannot be read is None or False.
"""

from __future__ import annotations

import re

from pjresolve.config.codecs import is_tos, names_formats
from pjresolve.config.networks import read_ipv4, read_ipv6, read_network
from pjresolve.config.uris import read_uri
from pjresolve.sip.uri import LONGEST_URI, split_uri

LONGEST_HOST = 245
"""Characters of a URI's host, where no port follows, that Asterisk takes at most."""

_NETWORKS = ("deny", "permit", "contact_deny", "contact_permit", "local_net")
_FROM_USER = re.compile(r"[A-Za-z0-9\-_.!~*'()&=+$,;:%]*")


def split_list(value: str) -> tuple[str, ...]:
    """The parts of a comma-separated value, trimmed, empty ones left out."""
    return tuple(part for part in (p.strip() for p in value.split(",")) if part)


def escaped(value: str) -> str:
    """A value as the file has to spell it: a bare semicolon would start a comment, and a leading `>` go."""
    return ("> " if value.startswith(">") else "") + value.replace(";", "\\;")


def unfit(kind: str, name: str, value: str) -> bool:
    """Whether Asterisk refuses the value beyond what the option's kind says."""
    if kind == "endpoint" and _endpoint_refuses(name, value):
        return True
    if name == "bind" and kind == "transport":
        return parse_bind(value) is None
    if name == "contact" and kind == "aor":
        return any(not is_sip(part) for part in split_list(value))
    if name == "match" and kind == "identify":
        parts = (part for part in split_list(value) if "/" in part)
        return any(read_network(part, ports=True) is None for part in parts)
    if name in _NETWORKS:
        return any(read_network(part) is None for part in split_list(value))
    if name in ("tos", "tos_audio", "tos_video"):
        return not is_tos(value)
    return kind == "auth" and name == "md5_cred" and bool(value) and len(value) != 32


def _endpoint_refuses(name: str, value: str) -> bool:
    """Whether an endpoint is refused for a value that other types do not have."""
    if name == "allow" or (name == "disallow" and value):
        return not names_formats(value)
    if name == "set_var":
        return bool(value) and "=" not in value
    return name == "from_user" and _FROM_USER.fullmatch(value) is None


def parse_bind(value: str) -> tuple[str, int] | None:
    """Host and port of `bind`, the port 0 where none is given; None where Asterisk refuses the value.

    The host is an address without brackets, a host name, or empty for any IPv4 address. Text behind the
    brackets, or behind an IPv4 address and a blank, counts for nothing.
    """
    if value.startswith("["):
        inside, closed, rest = value[1:].partition("]")
        host = read_ipv6(inside) if closed else None
        port = rest[1:] if rest.startswith(":") else ""
    elif value.count(":") > 1:
        before, _, after = value.rpartition(":")
        host, port = read_ipv6(value), ""
        if host is None:
            host, port = read_ipv6(before), after
    else:
        text, _, port = value.partition(":")
        host = read_ipv4((text.split() or [""])[0]) or (text if _is_host(text) else None)
    digits = port.lstrip("0")
    if host is None or (port and not (port.isascii() and port.isdigit() and len(digits) <= 5)):
        return None
    number = int(digits or 0)
    return (host, number) if number <= 65535 else None


def _is_host(text: str) -> bool:
    """Whether nothing at all, or a name that can exist: a number is no top level."""
    if not text:
        return True
    fits = text.isascii() and all(c.isalnum() or c in ".-_" for c in text)
    return fits and not text.removesuffix(".").rpartition(".")[2].isdigit()


def is_sip(value: str) -> bool:
    """Whether Asterisk takes the value for a SIP URI of a bearable length, before it reads the URI."""
    if value.startswith("<"):
        value, closed, _ = value[1:].partition(">")
        if not closed:
            return False
    parts = split_uri(value, last_at=True)
    if parts and "[" in parts.hostport and read_uri(value):
        return True  # between brackets anything may stand
    if parts is None or len(value) > LONGEST_URI or (parts.hostport[:1] == "[" and "]" not in parts.hostport):
        return False
    return ":" in parts.hostport or len(parts.hostport) <= LONGEST_HOST
