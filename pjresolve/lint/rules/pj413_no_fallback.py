"""The rule PJ413."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import OUTAGE, Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.published import by_srv, srv_records
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import result


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
            alone = trunk.without_records("SRV", "NAPTR").predict(duration=OUTAGE)
            yield self.finding(
                trunk.registration.where("server_uri"),
                f"{printable(host)} has SRV records and neither A nor AAAA",
                f"while SRV queries fail: {result(alone, 'they do not')}",
                subject=trunk.name,
            )
