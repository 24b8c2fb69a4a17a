"""The rule PJ402."""

from __future__ import annotations

from pjresolve.lint.context import Trunk
from pjresolve.lint.redundancy import Redundancy, by_family, host_of
from pjresolve.words import listed


class OneAddress(Redundancy):
    """A single point of failure: one address.

    Several host names lead to the same address. They fail together, and each attempt costs its time again.

    Bad zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        _sip._udp.sip.example.net. 300 IN SRV 20 10 5060 b.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
        b.example.net. 300 IN A 203.0.113.1

    Good zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        _sip._udp.sip.example.net. 300 IN SRV 20 10 5060 b.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
        b.example.net. 300 IN A 198.51.100.2
        b.example.net. 300 IN AAAA 2001:db8:6::2
    """

    code = "PJ402"

    def shared(self, trunk: Trunk, hosts: list[str], own: list[str]) -> str:
        """Several names and one address of each version."""
        single = len(hosts) > 1 and all(len(same) == 1 for same in by_family(own).values())
        per_host = {(host_of(t, trunk), t.address) for t in trunk.targets}
        return f"one address, {listed(own)}" if single and len(per_host) > len(own) else ""
