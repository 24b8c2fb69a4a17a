"""The rule PJ404."""

from __future__ import annotations

from pjresolve.lint.context import Trunk
from pjresolve.lint.networks import site
from pjresolve.lint.redundancy import Redundancy, by_family
from pjresolve.words import listed


class OneNetwork(Redundancy):
    """A single point of failure: one network.

    All addresses lie in one /24 or /48, which one site, one router or one routing mistake takes away.

    Bad zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        _sip._udp.sip.example.net. 300 IN SRV 20 10 5060 b.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN AAAA 2001:db8:5::1
        b.example.net. 300 IN A 203.0.113.2
        b.example.net. 300 IN AAAA 2001:db8:5::2

    Good zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        _sip._udp.sip.example.net. 300 IN SRV 20 10 5060 b.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN AAAA 2001:db8:5::1
        b.example.net. 300 IN A 198.51.100.2
        b.example.net. 300 IN AAAA 2001:db8:6::2
    """

    code = "PJ404"

    def shared(self, trunk: Trunk, hosts: list[str], own: list[str]) -> str:
        """One network for each version, with more than one address in one of them."""
        families = by_family(own)
        networks = {family: {site(a) for a in same} for family, same in families.items()}
        several = any(len(same) > 1 for same in families.values())
        if not several or any(len(nets) > 1 for nets in networks.values()):
            return ""
        return f"one network: {listed(sorted(net for nets in networks.values() for net in nets))}"
