"""The rule PJ417."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import UNTIL_DNS, result
from pjresolve.words import listed


class QueryFailed(Rule):
    """A query that failed when it was asked.

    Asterisk takes a failed query for no records and goes on: without NAPTR or SRV the registration
    lands somewhere else. One that gets no answer costs 10 s in every round. Recordings
    `dns-srv-servfail`, `dns-naptr-drop`, `dns-all-servfail`.

    Bad zone:

        sip.example.net. 300 IN A 203.0.113.1
        ;; asked NAPTR sip.example.net servfail
        ;; asked SRV _sips._tcp.sip.example.net nodata
        ;; asked SRV _sip._tcp.sip.example.net nodata
        ;; asked SRV _sip._udp.sip.example.net nodata
        ;; asked AAAA sip.example.net nodata
        ;; asked A sip.example.net noerror

    Good zone:

        sip.example.net. 300 IN A 203.0.113.1
        ;; asked NAPTR sip.example.net nodata
        ;; asked SRV _sips._tcp.sip.example.net nodata
        ;; asked SRV _sip._tcp.sip.example.net nodata
        ;; asked SRV _sip._udp.sip.example.net nodata
        ;; asked AAAA sip.example.net nodata
        ;; asked A sip.example.net noerror
    """

    code = "PJ417"
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """The failed queries of each registration's first resolution."""
        for trunk in context.predictable:
            answers = trunk.resolution.answers if trunk.resolution else ()
            failed = [a for a in answers if a.status.failed]
            if failed:
                yield self.finding(
                    trunk.registration.where("server_uri"),
                    f"no usable answer to {listed((f'{a.query} ({a.status})' for a in failed), 4)}",
                    f"it counts as no records: {result(trunk.baseline, UNTIL_DNS)}",
                    subject=trunk.name,
                )
