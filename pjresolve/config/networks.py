"""Addresses and networks as `local_net`, `match`, `permit` and `deny` write them.

Rules of this file:
- a text is taken or refused as Asterisk 22 takes or refuses it (`values.json`): IPv4 as inet_aton(3) reads
  it, a prefix length as the number that a text begins with, whatever stands behind it;
- nothing here asks the DNS or raises; a text that is refused is None or False.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from pjresolve.sip.uri import split_hostport

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

LONGEST_NETWORK = 200
"""Characters of a network that are looked at; Asterisk's own room for them is smaller."""

_PART = re.compile(r"0[xX][0-9A-Fa-f]{1,8}|0[0-7]{0,11}|[1-9][0-9]{0,9}")
_LENGTH = re.compile(r"\s*\+?0*([0-9]{1,3})(?![0-9])")
_PORT = re.compile(r"\s*[0-9]*")
_NAME = re.compile(r"[A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class WrittenNetwork:
    """A network as written: its address with the host's bits, its length, and a port, 0 for any.

    `negated` is the `!` before it.
    """

    address: str
    length: int
    port: int = 0
    negated: bool = False

    @property
    def network(self) -> Network:
        """The network without the host's bits."""
        return ipaddress.ip_network((self.address, self.length), strict=False)


@lru_cache(maxsize=4096)
def read_network(text: str, *, ports: bool = False) -> WrittenNetwork | None:
    """The address or network that a text says; `ports` for `match`, where a port may follow the address.

    None for a host name, and for what Asterisk refuses.
    """
    if len(text) > LONGEST_NETWORK:
        return None
    host, slash, mask = text.removeprefix("!").partition("/")
    port = ""
    if host.startswith("[") or host.count(":") == 1:
        try:
            host, port = _without_port(host, ports)
        except ValueError:
            return None
    address = read_ipv6(host) if ":" in host else read_ipv4(host)
    if address is None:
        return None
    whole = 128 if ":" in address else 32
    length = _length(mask, whole) if slash else whole
    if length is None:
        return None
    # a port beyond 65535 is taken, and can never be one
    return WrittenNetwork(address, length, int(port.strip()[-9:] or 0), text.startswith("!"))


def _without_port(host: str, ports: bool) -> tuple[str, str]:
    """Host and port. Raises ValueError for a port that is none, or that may not be there."""
    bare, port = split_hostport(host)
    if port is not None and not (ports and _PORT.fullmatch(port)):
        raise ValueError("no port")
    return bare, port or ""


def _length(mask: str, whole: int) -> int | None:
    """The prefix length that a mask or the beginning of a text says, or None where it says none."""
    if "." in mask or ":" in mask:
        address = read_ipv6(mask) if ":" in mask else read_ipv4(mask)
        same = address is not None and (":" in address) == (whole == 128)
        return int(ipaddress.ip_address(address)).bit_count() if same and address else None
    found = _LENGTH.match(mask)
    return int(found[1]) if found and int(found[1]) <= whole else None


def can_match(text: str) -> bool:
    """Whether an address, a network, or a name that the DNS can hold, each with a port or without.

    Only a network can be negated.
    """
    network = "/" in text
    if (network or not text.startswith("!")) and read_network(text, ports=True) is not None:
        return True
    if network or text.startswith("!"):
        return False
    host, colon, port = text.partition(":")
    if text == f"*:{port}" and colon:
        return True  # Asterisk reads it as the loopback address
    if host.startswith("[") or ":" in port:
        return host.startswith("[")
    last = host.removesuffix(".").rpartition(".")[2]
    return bool(_NAME.fullmatch(host) and not last.isdigit() and _PORT.fullmatch(port))


def read_ipv4(text: str) -> str | None:
    """The address in the form of inet_aton(3): one to four numbers, decimal, octal or hexadecimal."""
    parts = text.split(".")
    if len(parts) > 4 or not all(_PART.fullmatch(p) for p in parts):
        return None
    numbers = [int(p, 16 if p[:2] in ("0x", "0X") else 8 if p.startswith("0") else 10) for p in parts]
    *head, last = numbers
    if any(n > 255 for n in head) or last >= 256 ** (5 - len(parts)):
        return None
    return str(ipaddress.IPv4Address(last + sum(n << (24 - 8 * i) for i, n in enumerate(head))))


def read_ipv6(text: str) -> str | None:
    """The canonical address. Only a link-local one may have a zone (`%eth0`), known to the machine."""
    bare, zone, name = text.partition("%")
    try:
        address = ipaddress.IPv6Address(bare)
    except ValueError:
        return None
    if zone and not (name and address.is_link_local):
        return None
    return str(address)
