"""The rule PJ405."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pjresolve.errors import printable
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.published import by_srv, srv_records
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import UNTIL_FIXED, result
from pjresolve.model import Family, TransportType, addresses
from pjresolve.words import listed


class OfferedOnly(Rule):
    """The DNS offers a transport that nobody configured.

    Only transports with a section of their own are used: SRV records of other protocols change
    nothing, and AAAA or A records of an IP version without a transport are not even asked for.
    Recordings `srv-tls-notransport`, `srv-udp-only-client`.

    Bad zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        _sips._tcp.sip.example.net. 300 IN SRV 10 10 5061 a.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1

    Bad:

        [transport-tls]
        type=transport
        protocol=ws

        [transport-tls6]
        type=transport
        protocol=ws

    Good:

        [transport-tls]
        type=transport
        method=sslv23
    """

    code = "PJ405"
    severity = Severity.INFO
    needs_dns = True
    absent = ("transport",)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each protocol and IP version that is published and not configured, where nothing forbids
        its use.
        """
        have = {t.type for t in context.config.bound.values() if t.type}
        for trunk in by_srv(context):
            if trunk.pinned or trunk.route is None:
                continue
            offered = list(dict.fromkeys(p for p, _, data in srv_records(trunk) if data.target != "."))
            for protocol in offered if trunk.route.protocol is None else ():
                if protocol not in {t.protocol for t in have}:
                    yield self.finding(
                        trunk.registration.where("server_uri"),
                        f"{printable(trunk.route.host)} offers {protocol.upper()}, and no transport of it "
                        "is configured",
                        f"its SRV records are passed over; {result(trunk.baseline, UNTIL_FIXED)}",
                        subject=trunk.name,
                    )
            yield from self._families(trunk, have)

    def _families(self, trunk: Trunk, have: set[TransportType]) -> Iterator[Finding]:
        used = {t.transport for t in trunk.targets}
        if len({t.family for t in used}) != 1:
            return
        family = next(iter(used)).family
        other = Family.IPV4 if family is Family.IPV6 else Family.IPV6
        hosts = dict.fromkeys(
            [data.target for _, _, data in srv_records(trunk)] or [trunk.route.host if trunk.route else ""]
        )
        protocols = {t.protocol for t in used}
        published = [str(r.data) for host in hosts for r in trunk.ask(host, other.address_rtype).records]
        if not published or any(TransportType(p, other) in have for p in protocols):
            return
        protocol = sorted(protocols)[0]
        verb = "is" if len(published) == 1 else "are"
        name = "IPv6" if other is Family.IPV6 else "IPv4"
        yield self.finding(
            trunk.registration.where("server_uri"),
            f"{listed(published)} {verb} published, and there is no {protocol.upper()} transport over {name}",
            f"outage of the others: {result(trunk.outage(addresses(trunk.targets)))}",
            subject=trunk.name,
        )
