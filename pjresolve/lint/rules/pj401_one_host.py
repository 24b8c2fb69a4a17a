"""The rule PJ401."""

from __future__ import annotations

from pjresolve.errors import printable
from pjresolve.lint.context import Trunk
from pjresolve.lint.redundancy import Redundancy, by_family


class OneHost(Redundancy):
    """A single point of failure: one host.

    The DNS names several addresses and they are those of one host over IPv4 and IPv6. That is no
    redundancy: what stops the host stops all of them. A domain with one address promises none, and
    is left to the verdict.

    Bad zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN AAAA 2001:db8:5::1

    Good zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        _sip._udp.sip.example.net. 300 IN SRV 20 10 5060 b.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN AAAA 2001:db8:5::1
        b.example.net. 300 IN A 198.51.100.2
        b.example.net. 300 IN AAAA 2001:db8:6::2
    """

    code = "PJ401"

    def shared(self, trunk: Trunk, hosts: list[str], own: list[str]) -> str:
        """One name with one address of each version."""
        single = len(hosts) == 1 and all(len(same) == 1 for same in by_family(own).values())
        return f"one host, {printable(hosts[0])}" if single and len(own) > 1 else ""
