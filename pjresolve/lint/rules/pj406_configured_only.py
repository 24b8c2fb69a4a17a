"""The rule PJ406."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.published import by_srv, srv_records
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import UNTIL_FIXED, result
from pjresolve.words import listed


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
            yield self.finding(
                trunk.registration.where(option),
                f"{wanted.upper()} is asked for, and {printable(trunk.route.host)} offers "
                f"{listed(p.upper() for p in offered)}",
                "where the host's own addresses answer it nevertheless: "
                + result(trunk.baseline, UNTIL_FIXED),
                f"server_uri={trunk.route.scheme}:{printable(trunk.route.hostport)}{unpinned}",
                subject=trunk.name,
            )
