"""The rule PJ403."""

from __future__ import annotations

from pjresolve.lint.context import Trunk
from pjresolve.lint.redundancy import Redundancy, by_family
from pjresolve.model import Family


class OneFamily(Redundancy):
    """A single point of failure: one IP version.

    All addresses in the DNS are of one IP version. When this machine loses its IPv6 (or IPv4),
    nothing is left to fail over to. A registration that is pinned to one version is a case of its
    own, PJ201.

    Bad zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        _sip._udp.sip.example.net. 300 IN SRV 20 10 5060 b.example.net.
        sip.example.net. 300 IN AAAA 2001:db8:5::1
        a.example.net. 300 IN AAAA 2001:db8:5::1
        b.example.net. 300 IN AAAA 2001:db8:6::2

    Good zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        _sip._udp.sip.example.net. 300 IN SRV 20 10 5060 b.example.net.
        sip.example.net. 300 IN AAAA 2001:db8:5::1
        a.example.net. 300 IN AAAA 2001:db8:5::1
        b.example.net. 300 IN AAAA 2001:db8:6::2
        b.example.net. 300 IN A 198.51.100.2
    """

    code = "PJ403"

    def shared(self, trunk: Trunk, hosts: list[str], own: list[str]) -> str:
        """Addresses of one version, and none of the other published."""
        families = by_family(own)
        if len(families) != 1 or len(own) < 2 or trunk.pinned:
            return ""
        other = Family.IPV4 if Family.IPV6 in families else Family.IPV6
        if any(trunk.ask(host, other.address_rtype).records for host in hosts):
            return ""  # it is this side that lacks a transport (PJ405)
        return f"one IP version: there is no {other.address_rtype} record"
