"""Addresses and networks as options write them: `192.0.2.0/24`, `192.0.2.0/255.255.255.0`,
`!2001:db8::/32`.
"""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from pjresolve.config.networks import read_network
from pjresolve.model import canonical_address

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@lru_cache(maxsize=4096)
def network(text: str) -> Network | None:
    """The network that a text says, host bits allowed; None where it is a name or nothing of the kind.

    A port, as `match` may have (`192.0.2.1:5070`), is passed over.
    """
    written = read_network(text.strip(), ports=True)
    return written.network if written else None


def without_port(text: str) -> str:
    """An address, a network or a name without the port behind it."""
    if text.startswith("["):
        return text.partition("]:")[0]
    host, colon, port = text.partition(":")
    return host if colon and port.isdigit() else text


def covers(text: str, address: str) -> bool:
    """Whether the network that `text` says holds the address; a negated one (`!…`) holds nothing."""
    net = network(text)
    if net is None or text.strip().startswith("!") or canonical_address(address) is None:
        return False
    return ipaddress.ip_address(address) in net


def site(address: str) -> str:
    """The /24 or /48 that an address belongs to."""
    prefix = 48 if ":" in address else 24
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))


def covers_all(texts: list[str], version: int) -> bool:
    """Whether one of the texts is the whole address space of that IP version."""
    return any(
        net is not None and net.version == version and net.prefixlen == 0 for net in map(network, texts)
    )
