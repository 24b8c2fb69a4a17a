"""Access lists: networks, and lines of `deny` and `permit` that are applied in their order.

Rules of this file:
- a value that `values.is_network` takes for a network is one here, in the same spellings;
- of the lines that hold an address the last one decides, and an address that none holds is let in (recordings
  `in-acl-endpoint`, `in-acl-order`).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from pjresolve.config.sections import Section
from pjresolve.config.values import is_network, split_list

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


class AclRule(NamedTuple):
    """One network of a `deny` or `permit` line."""

    permits: bool
    network: Network


def read_network(text: str) -> Network | None:
    """An address, alone or with a mask or prefix length, as a network; None where it is none."""
    address, slash, mask = text.strip().partition("/")
    address = address.strip("[]").partition("%")[0]
    if not is_network(text):
        return None
    if ":" in address:
        return ipaddress.IPv6Network((address, mask or 128), strict=False)
    host = ipaddress.IPv4Address(_number(address))
    if not slash:
        return ipaddress.IPv4Network(host)
    bits = int(ipaddress.IPv4Address(_number(mask))).bit_count() if "." in mask else int(mask)
    return ipaddress.IPv4Network((host, bits), strict=False)


def _number(text: str) -> int:
    """What inet_aton(3) makes of one to four numbers: the last fills what is left."""
    *head, last = (_part(part) for part in text.split("."))
    return last + sum(n << (24 - 8 * i) for i, n in enumerate(head))


def _part(text: str) -> int:
    return int(text, 16 if text[:2] in ("0x", "0X") else 8 if text.startswith("0") else 10)


def acl_rules(section: Section, deny: str = "deny", permit: str = "permit") -> tuple[AclRule, ...]:
    """The rules of a section's lines, in their order; `!` in front of a network turns its sense around."""
    rules = []
    for entry in section.entries:
        name = entry.name.lower()
        if name not in (deny, permit):
            continue
        for part in split_list(entry.value):
            network = read_network(part.removeprefix("!"))
            if network is not None:
                rules.append(AclRule((name == permit) != part.startswith("!"), network))
    return tuple(rules)


def lets_in(rules: Sequence[AclRule], address: str) -> bool:
    """Whether an address passes: the last rule that holds it decides."""
    found = ipaddress.ip_address(address)
    last = next(
        (r for r in reversed(rules) if r.network.version == found.version and found in r.network), None
    )
    return last is None or last.permits
