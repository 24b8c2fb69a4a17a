"""The rule PJ414."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.words import listed, span


class ZeroTtl(Rule):
    """Records with a TTL of 0.

    Nothing may keep them: every round asks every name server on the way again, and each query that
    gets lost costs 10 s. Recordings `dns-naptr-drop`, `dns-a-drop`.

    Bad zone:

        _sip._udp.sip.example.net. 0 IN SRV 10 10 5060 a.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1

    Good zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
    """

    code = "PJ414"
    severity = Severity.INFO
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """The names whose records may not be kept, once a registration."""
        for trunk in context.predictable:
            answers = trunk.resolution.answers if trunk.resolution else ()
            names = [str(a.query) for a in answers if any(r.ttl == 0 for r in a.records)]
            if names:
                every = span(max(trunk.registration.expiration - 10, 0))
                yield self.finding(
                    trunk.registration.where("server_uri"),
                    f"TTL 0: {listed(names, 4)}",
                    f"asked anew in every round, every {every} or so",
                    subject=trunk.name,
                )
