"""PJ405 and PJ406: what the DNS offers against what is configured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pjresolve.dns.naptr import SERVICES
from pjresolve.dns.srv import SRV_PREFIXES, srv_name
from pjresolve.errors import printable
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.rule import Rule
from pjresolve.lint.rules.registration import OUTAGE
from pjresolve.lint.words import fate
from pjresolve.model import Family, Finding, NaptrData, Protocol, Severity, SrvData, TransportType, addresses
from pjresolve.words import listed


def srv_records(trunk: Trunk) -> Iterator[tuple[Protocol, str, SrvData]]:
    """Every SRV record of a registration's host, with its protocol and name; through NAPTR, too."""
    host = trunk.route.host if trunk.route else ""
    names = [(protocol, srv_name(protocol, host)) for protocol in SRV_PREFIXES]
    for record in trunk.ask(host, "NAPTR").records:
        if (
            isinstance(record.data, NaptrData)
            and record.data.service.upper() in SERVICES
            and record.data.flags.lower() == "s"
        ):
            names.append((SERVICES[record.data.service.upper()], record.data.replacement))
    for protocol, name in dict.fromkeys(names):
        for record in trunk.ask(name, "SRV").records:
            if isinstance(record.data, SrvData):
                yield protocol, name, record.data


def by_srv(context: Context) -> Iterator[Trunk]:
    """The predicted registrations whose host is a name, asked for without a port."""
    for trunk in context.predicted:
        if trunk.route is not None and not trunk.route.address and trunk.route.port is None:
            yield trunk


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

    def check(self, context: Context) -> Iterable[Finding]:
        """Each protocol and IP version that is published and not configured, where nothing forbids
        its use.
        """
        have = {t.type for t in context.config.transports.values() if t.type}
        for trunk in by_srv(context):
            if trunk.plan is None or trunk.plan.pinned or trunk.route is None:
                continue
            offered = list(dict.fromkeys(p for p, _, data in srv_records(trunk) if data.target != "."))
            for protocol in offered if trunk.route.protocol is None else ():
                if protocol not in {t.protocol for t in have}:
                    yield self.found(
                        trunk.registration.where("server_uri"),
                        f"{printable(trunk.route.host)} offers {protocol.upper()}, and no transport of it "
                        "is configured",
                        f"its SRV records are passed over; {fate(trunk.baseline, 'this is mended')}",
                        f"[transport-{protocol}]\ntype=transport\nprotocol={protocol}\nbind=0.0.0.0",
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
        name, bind = ("IPv6", "[::]") if other is Family.IPV6 else ("IPv4", "0.0.0.0")
        yield self.found(
            trunk.registration.where("server_uri"),
            f"{listed(published)} is published, and there is no {protocol.upper()} transport over {name}",
            f"outage of the others: {fate(trunk.predict(down=addresses(trunk.targets), duration=OUTAGE))}",
            f"[transport-{TransportType(protocol, other).name}]\ntype=transport\n"
            f"protocol={protocol}\nbind={bind}",
            subject=trunk.name,
            severity=Severity.WARNING,
        )


class ConfiguredOnly(Rule):
    r"""The registration asks for a transport that the DNS does not offer.

    With a pinned transport or `;transport=` only the SRV records of that protocol are asked for.
    Where there are none, the host's own addresses are used, on the default port: servers that were
    never meant for it, perhaps. Recordings `uri-tls-nosrv`, `uri-tcp-nosrv`, `seed-sip6-tls6`.

    Bad:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net\;transport=tcp

        [itsp]
        type=aor
        contact=sip:sip.example.net\;transport=tcp

    Good:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net\;transport=udp
    """

    code = "PJ406"
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration whose protocol has no SRV while others have."""
        for trunk in by_srv(context):
            if trunk.plan is None or trunk.plan.request is None or trunk.plan.request.protocol is None:
                continue
            wanted = trunk.plan.request.protocol
            offered = list(dict.fromkeys(p for p, _, data in srv_records(trunk) if data.target != "."))
            if not offered or wanted in offered or trunk.route is None:
                continue
            option = "transport" if trunk.plan.pinned else "server_uri"
            unpinned = f"\n;transport={printable(trunk.registration.transport)}" if trunk.plan.pinned else ""
            yield self.found(
                trunk.registration.where(option),
                f"{wanted.upper()} is asked for, and {printable(trunk.route.host)} offers "
                f"{listed(p.upper() for p in offered)}",
                "where the host's own addresses answer it nevertheless: "
                + fate(trunk.baseline, "this is mended"),
                f"server_uri={trunk.route.scheme}:{printable(trunk.route.hostport)}{unpinned}",
                subject=trunk.name,
            )


RULES = (OfferedOnly, ConfiguredOnly)
