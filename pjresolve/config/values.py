"""Values of options whose text Asterisk takes apart: lists, addresses, networks, `bind` and SIP URIs.

Rules of this file:
- what is said to be unfit is what Asterisk was seen to refuse, without asking the DNS or the machine;
- nothing here raises; a text that cannot be read is None or False.
"""

from __future__ import annotations

import ipaddress
import re

from pjresolve.sip.uri import LONGEST_URI, split_hostport, split_uri

LONGEST_HOST = 245
"""Characters of a URI's host, where no port follows, that Asterisk takes at most."""

_ANY_URI = re.compile(r"[A-Za-z0-9.+-]+:\S+")
_NETWORKS = ("deny", "permit", "contact_deny", "contact_permit", "local_net")
_PART = re.compile(r"0[xX][0-9A-Fa-f]{1,8}|0[0-7]{0,11}|[1-9][0-9]{0,9}")
_CONTACT_USER = re.compile(r"[^\s<>@\[\]:]*(:[^\s<>@\[\]:]+)?")
_HEADER_PARAMS = re.compile(r"[A-Za-z0-9.!%*_+`'~;=\"-]*")


def split_list(value: str) -> tuple[str, ...]:
    """The parts of a comma-separated value, trimmed, empty ones left out."""
    return tuple(part for part in (p.strip() for p in value.split(",")) if part)


def escaped(value: str) -> str:
    """A value as the file has to spell it: a bare semicolon would start a comment, and a leading `>` go."""
    return ("> " if value.startswith(">") else "") + value.replace(";", "\\;")


def unfit(kind: str, name: str, value: str) -> bool:
    """Whether Asterisk refuses the value beyond what the option's kind says."""
    if name == "bind" and kind == "transport":
        return parse_bind(value) is None
    if name == "contact" and kind == "aor":
        return any(not is_sip(part) for part in split_list(value))
    if name == "match" and kind == "identify":
        return any("/" in part and not is_network(part.removeprefix("!")) for part in split_list(value))
    if name in _NETWORKS:
        return any(not is_network(part.removeprefix("!")) for part in split_list(value))
    if name == "md5_cred":
        return bool(value) and len(value) != 32
    return False


def parse_bind(value: str) -> tuple[str, int] | None:
    """Host and port of `bind`, the port 0 where none is given; None where Asterisk refuses the value.

    The host is an address without brackets, a host name, or empty for any IPv4 address.
    """
    try:
        host, port = split_hostport(value)
    except ValueError:
        return None
    if ":" in host:
        try:
            ipaddress.IPv6Address(host)
        except ValueError:
            return None
    elif not all(c.isalnum() or c in ".-_" for c in host):
        return None
    if port and not (port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= 65535):
        return None
    return host, int(port or 0)


def sip_host(value: str) -> str | None:
    """Host and port as they stand in a `sip:` or `sips:` URI, perhaps empty; None where it is no such URI."""
    parts = split_uri(value.removeprefix("<"), last_at=True)
    return None if parts is None or len(value) > LONGEST_URI else parts.hostport


def is_sip(value: str) -> bool:
    """Whether Asterisk takes the value for a SIP URI of a bearable length."""
    host = sip_host(value)
    return host is not None and (":" in host or len(host) <= LONGEST_HOST)


def is_route(value: str) -> bool:
    """Whether the value can be a Route: a URI of any scheme, and a SIP one with a host."""
    return sip_host(value) != "" and _ANY_URI.fullmatch(value.strip("<>")) is not None


def is_network(value: str) -> bool:
    """Whether the value is an address, alone or with a mask or prefix length, as inet_aton(3) has it."""
    address, slash, mask = value.partition("/")
    if ":" in address:
        try:
            ipaddress.IPv6Network((address.strip("[]").partition("%")[0], mask or 128), strict=False)
        except ValueError:
            return False
        return True
    length = mask.isascii() and mask.isdigit() and len(mask) <= 4 and int(mask) <= 32
    if slash and not (is_ipv4(mask) if "." in mask else length):
        return False
    return is_ipv4(address)


def is_ipv4(value: str) -> bool:
    """Whether inet_aton(3) reads the value: one to four numbers, decimal, octal or hexadecimal."""
    parts = value.split(".")
    if len(parts) > 4 or not all(_PART.fullmatch(p) for p in parts):
        return False
    numbers = [int(p, 16 if p[:2] in ("0x", "0X") else 8 if p.startswith("0") else 10) for p in parts]
    return all(n <= 255 for n in numbers[:-1]) and numbers[-1] < 256 ** (5 - len(parts))


def is_contact_user(value: str) -> bool:
    """Whether the value can stand before the `@` of a Contact."""
    return _CONTACT_USER.fullmatch(value) is not None


def is_header_params(value: str) -> bool:
    """Whether the value can stand behind the URI of a Contact."""
    return _HEADER_PARAMS.fullmatch(value) is not None
