"""PJ401 to PJ404 and PJ416: what fails with one thing."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.values import escaped
from pjresolve.errors import printable
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.networks import site
from pjresolve.lint.rule import Rule
from pjresolve.lint.rules.registration import OUTAGE
from pjresolve.lint.words import fate
from pjresolve.model import Family, Finding, Protocol, Severity, SrvData, Target, addresses
from pjresolve.words import listed, span


def host_of(target: Target, trunk: Trunk) -> str:
    """The host that a target's address belongs to: that of the SRV record, else the domain's own."""
    names = [r.data.target for r in target.provenance if isinstance(r.data, SrvData)]
    return names[-1] if names else trunk.route.host if trunk.route else ""


def by_family(found: Iterable[str]) -> dict[Family, list[str]]:
    """Addresses by IP version."""
    out: dict[Family, list[str]] = {}
    for address in found:
        out.setdefault(Family.of(address), []).append(address)
    return out


class Redundancy(Rule):
    """What the four rules on redundancy share."""

    severity = Severity.INFO
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration whose several targets have one thing in common."""
        for trunk in context.predicted:
            own = addresses(trunk.targets)
            hosts = list(dict.fromkeys(host_of(t, trunk) for t in trunk.targets))
            if trunk.route is None or trunk.route.address or len(own) + len(hosts) < 3:
                continue
            shared = self.shared(trunk, hosts, own)
            if shared:
                yield self.found(
                    trunk.registration.where("server_uri"),
                    f"all targets of {printable(trunk.route.host)} share {shared}",
                    f"outage of it: {fate(trunk.predict(down=own, duration=OUTAGE))}",
                    subject=trunk.name,
                )

    def shared(self, trunk: Trunk, hosts: list[str], own: list[str]) -> str:
        """What all targets share, in words; empty where nothing."""
        raise NotImplementedError


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
        single = len(hosts) == 1 and all(len(found) == 1 for found in by_family(own).values())
        return f"one host, {printable(hosts[0])}" if single and len(own) > 1 else ""


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
        single = len(hosts) > 1 and all(len(found) == 1 for found in by_family(own).values())
        per_host = {(host_of(t, trunk), t.address) for t in trunk.targets}
        return f"one address, {listed(own)}" if single and len(per_host) > len(own) else ""


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
        if len(families) != 1 or len(own) < 2 or (trunk.plan is not None and trunk.plan.pinned):
            return ""
        other = Family.IPV4 if Family.IPV6 in families else Family.IPV6
        if any(trunk.ask(host, other.address_rtype).records for host in hosts):
            return ""  # it is this side that lacks a transport (PJ405)
        return f"one IP version: there is no {other.address_rtype} record"


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
        networks = {family: {site(a) for a in found} for family, found in families.items()}
        if any(len(nets) > 1 for nets in networks.values()) or all(
            len(found) < 2 for found in families.values()
        ):
            return ""
        return f"one network: {listed(sorted(net for nets in networks.values() for net in nets))}"


class BlockingFirst(Rule):
    """A TCP or TLS target first, which blocks failover when it does not answer.

    A connect that gets no answer keeps its request queued on the connecting socket: the attempt
    times out after 32 s, and every later target of the round waits behind it with nothing on the
    wire, until the kernel gives the connect up after more than two minutes. UDP targets have no
    such trouble. Recordings `tcp-drop1`, `tls-drop1`, `base`.

    Bad zone:

        _sip._tcp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        _sip._tcp.sip.example.net. 300 IN SRV 20 10 5060 b.example.net.
        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
        b.example.net. 300 IN A 198.51.100.2
        b.example.net. 300 IN AAAA 2001:db8:6::2

    Good zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        _sip._udp.sip.example.net. 300 IN SRV 20 10 5060 b.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
        b.example.net. 300 IN A 198.51.100.2
        b.example.net. 300 IN AAAA 2001:db8:6::2
    """

    code = "PJ416"
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that cannot move on to another address within a minute."""
        for trunk in context.predicted:
            own = addresses(trunk.targets)
            first = trunk.targets[0] if trunk.targets else None
            if first is None or first.transport.protocol is Protocol.UDP or len(own) < 2:
                continue
            outage = trunk.predict(down=own[:1], duration=OUTAGE)
            if outage.registered is not None and outage.registered.t < 60:
                continue
            hint = ""
            over_udp = trunk.but(transport="", server_uri=f"{trunk.registration.server_uri};transport=udp")
            if trunk.server is not None and trunk.server.protocol is None and over_udp.targets:
                moved = over_udp.predict(down=[over_udp.targets[0].address], duration=OUTAGE)
                if moved.registered is not None:
                    after = span(moved.registered.t)
                    uri = escaped(printable(over_udp.registration.server_uri, 300))
                    hint = f"server_uri={uri}   ; moves on after {after}"
            yield self.found(
                trunk.registration.where("server_uri"),
                f"the first target is {first}, and a connect that gets no answer blocks the others",
                f"while {first.address} does not answer: {fate(outage)}",
                hint,
                subject=trunk.name,
            )


RULES = (OneHost, OneAddress, OneFamily, OneNetwork, BlockingFirst)
