"""Access lists: networks, and lines of `deny` and `permit` that are applied in their order.

Rules of this file:
- a network is what `networks.read_network` reads, in every spelling;
- of the lines that hold an address the last one decides, and an address that none holds is let in (recordings
  `in-acl-endpoint`, `in-acl-order`).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import NamedTuple

from pjresolve.config.networks import Network, read_network
from pjresolve.config.sections import Section
from pjresolve.config.values import split_list


class AclRule(NamedTuple):
    """One network of a `deny` or `permit` line."""

    permits: bool
    network: Network


def acl_rules(section: Section, deny: str = "deny", permit: str = "permit") -> tuple[AclRule, ...]:
    """The rules of a section's lines, in their order; `!` in front of a network turns its sense around."""
    rules = []
    for entry in section.entries:
        name = entry.name.lower()
        if name not in (deny, permit):
            continue
        for part in split_list(entry.value):
            written = read_network(part)
            if written is not None:
                rules.append(AclRule((name == permit) != written.negated, written.network))
    return tuple(rules)


def lets_in(rules: Sequence[AclRule], address: str) -> bool:
    """Whether an address passes: the last rule that holds it decides."""
    found = ipaddress.ip_address(address)
    last = next(
        (r for r in reversed(rules) if r.network.version == found.version and found in r.network), None
    )
    return last is None or last.permits
