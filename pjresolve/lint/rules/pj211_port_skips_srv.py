"""The rule PJ211."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pjresolve.lint.comparison import no_worse
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.edits import Edit, set_option
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import UNTIL_FIXED, result
from pjresolve.model import Query, addresses
from pjresolve.words import listed


class PortSkipsSrv(Rule):
    """An explicit port switches NAPTR and SRV off.

    With a port in `server_uri` neither NAPTR nor SRV is asked: only the host's own AAAA and A, over
    UDP unless the URI or a pin says otherwise. The provider's failover servers are then unknown.
    Recordings `all-srv-port`, `port-udp`, `port-tcp6`.

    Bad:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net:5060

    Good:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net
    """

    code = "PJ211"
    also = (Severity.INFO,)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration with a host name and a port, unless the DNS is known to have neither record."""
        for trunk in context.trunks:
            route, plan = trunk.route, trunk.plan
            if route is None or plan is None or route.address or route.port is None:
                continue
            option = "outbound_proxy" if trunk.registration.outbound_proxy else "server_uri"
            text = getattr(trunk.registration, option)
            open_uri = re.sub(rf":{route.port}(?=[;>?]|$)", "", text, count=1)
            consequence = "only the host's own addresses are tried"
            severity = Severity.INFO
            if trunk.has_answers:
                free = trunk.with_options(**{option: open_uri})
                if not any(
                    q.rtype in ("NAPTR", "SRV") and trunk.source.lookup(q).records
                    for q in _first_queries(free)
                ):
                    continue
                consequence = _compared(trunk, free)
                severity = Severity.WARNING
            yield self.finding(
                trunk.registration.where(option),
                f"port {route.port} in {option} switches NAPTR and SRV off",
                consequence,
                _fix(trunk, option, open_uri),
                subject=trunk.name,
                severity=severity,
            )


def _fix(trunk: Trunk, option: str, open_uri: str) -> list[Edit]:
    """The URI without its port, where that is no port of the provider's own and the DNS leads to more."""
    route = trunk.route
    if route is None or route.port not in (5060, 5061) or not trunk.has_answers:
        return []
    free = trunk.with_options(**{option: open_uri})
    if not no_worse(trunk, free):
        return []
    return [set_option(trunk.registration.section, option, open_uri)]


def _first_queries(trunk: Trunk) -> tuple[Query, ...]:
    return trunk.resolution.asked[0][0] if trunk.resolution and trunk.resolution.asked else ()


def _compared(trunk: Trunk, free: Trunk) -> str:
    own, others = addresses(trunk.targets), addresses(free.targets)
    lost = [a for a in others if a not in own]
    if lost:
        outage = trunk.outage(own)
        rest = listed(own) if own else "the rest"
        return f"{listed(lost)} are never tried; outage of {rest}: {result(outage)}"
    return f"{result(trunk.baseline, UNTIL_FIXED)} instead of {result(free.baseline, UNTIL_FIXED)}"
