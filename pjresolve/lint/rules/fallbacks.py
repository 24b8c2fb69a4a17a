"""PJ407, PJ410 and PJ413: targets that are hidden, missing, or not there when SRV fails."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.rule import Rule
from pjresolve.lint.rules.offers import by_srv, srv_records
from pjresolve.lint.rules.registration import OUTAGE
from pjresolve.lint.words import fate
from pjresolve.model import Finding, Severity, addresses
from pjresolve.words import listed


class NaptrHides(Rule):
    """A NAPTR record hides targets that SRV publishes.

    A set that a NAPTR record led to starts the target list anew: what plain SRV records gave is
    thrown away, or never asked for. Recordings `base`, `naptr-d2u-only`, `naptr-other-domain`.

    Bad zone:

        sip.example.net. 300 IN NAPTR 10 10 "s" "SIP+D2U" "" _sip._udp.sip.example.net.
        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        _sip._tcp.sip.example.net. 300 IN SRV 10 10 5060 b.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
        b.example.net. 300 IN A 198.51.100.2

    Good zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        _sip._udp.sip.example.net. 300 IN SRV 20 10 5060 b.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
        b.example.net. 300 IN A 198.51.100.2
        b.example.net. 300 IN AAAA 2001:db8:6::2
    """

    code = "PJ407"
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration whose list would be longer without NAPTR."""
        for trunk in by_srv(context):
            if trunk.route is None or not trunk.ask(trunk.route.host, "NAPTR").records:
                continue
            hidden = [t for t in trunk.without("NAPTR").targets if t not in trunk.targets]
            if not hidden:
                continue
            own = addresses(trunk.targets)
            outage = fate(trunk.predict(down=own, duration=OUTAGE))
            yield self.found(
                trunk.registration.where("server_uri"),
                f"NAPTR of {printable(trunk.route.host)} hides {listed((str(t) for t in hidden), 4)}",
                f"outage of {listed(own) if own else 'the rest'}: {outage}",
                subject=trunk.name,
            )


class RegistersNowhere(Rule):
    """With these answers it never registers.

    Everything is healthy, and still the registration comes to nothing: no target is left, or none
    that the transports and their settings can use. Recordings `dns-nxdomain`, `v4pin-v6dns`,
    `srv-root`, `tls-noca`.

    Bad:

        [itsp]
        type=registration
        transport=transport-tls

        [transport-tls]
        type=transport
        method=tlsv1_1

    Good:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net
    """

    code = "PJ410"
    severity = Severity.ERROR
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that does not register within 100 s, without any outage."""
        for trunk in context.predicted:
            if trunk.plan is None or trunk.plan.dead_end or trunk.baseline.registered is not None:
                continue
            if not trunk.plan.credentials and trunk.targets:
                continue  # it stops at the first challenge (PJ213)
            why = trunk.why_not()
            yield self.found(
                trunk.registration.where("server_uri"),
                f"{printable(trunk.name)} does not register: {why}",
                fate(trunk.baseline, "this is mended"),
                subject=trunk.name,
            )


class NoFallback(Rule):
    """SRV records, and the host itself has neither A nor AAAA.

    While a name server fails to answer SRV queries, the host's own addresses are what remains. Recordings
    `dns-srv-servfail`, `nosrv`.

    Bad zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        _sip._udp.sip.example.net. 300 IN SRV 20 10 5060 b.example.net.
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

    code = "PJ413"
    severity = Severity.INFO
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each host with SRV and without addresses of its own."""
        for trunk in by_srv(context):
            host = trunk.route.host if trunk.route else ""
            answers = [trunk.ask(host, rtype) for rtype in ("AAAA", "A")]
            if any(a.records or a.status.failed for a in answers) or not list(srv_records(trunk)):
                continue
            alone = trunk.without("SRV", "NAPTR").predict(duration=OUTAGE)
            yield self.found(
                trunk.registration.where("server_uri"),
                f"{printable(host)} has SRV records and neither A nor AAAA",
                f"while SRV queries fail: {fate(alone, 'they do not')}",
                subject=trunk.name,
            )


RULES = (NaptrHides, RegistersNowhere, NoFallback)
