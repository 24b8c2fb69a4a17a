"""The rule PJ407."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.published import by_srv, hidden_by_naptr
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import result
from pjresolve.model import addresses
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
            hidden = hidden_by_naptr(trunk)
            if not hidden or trunk.route is None:
                continue
            own = addresses(trunk.targets)
            outage = result(trunk.outage(own))
            yield self.finding(
                trunk.registration.where("server_uri"),
                f"NAPTR of {printable(trunk.route.host)} hides {listed((str(t) for t in hidden), 4)}",
                f"outage of {listed(own) if own else 'the rest'}: {outage}",
                subject=trunk.name,
            )
