"""The rule PJ406."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.edits import Edit
from pjresolve.lint.finding import Finding
from pjresolve.lint.moving import moved, without_transport
from pjresolve.lint.published import by_srv, not_offered, offered
from pjresolve.lint.rule import Rule
from pjresolve.lint.tls import tls_transports
from pjresolve.lint.words import UNTIL_FIXED, result
from pjresolve.model import Protocol
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
            wanted = not_offered(trunk)
            if wanted is None or trunk.plan is None or trunk.route is None:
                continue
            option = "transport" if trunk.plan.pinned else "server_uri"
            yield self.finding(
                trunk.registration.where(option),
                f"{wanted.upper()} is asked for, and {printable(trunk.route.host)} offers "
                f"{listed(p.upper() for p in offered(trunk))}",
                "the host's own addresses are asked instead: " + result(trunk.baseline, UNTIL_FIXED),
                _fix(context, trunk),
                subject=trunk.name,
            )


def _fix(context: Context, trunk: Trunk) -> list[Edit]:
    """`server_uri` without a protocol, and no pin, where nothing is lost by it: no TLS, and no address."""
    server, registration = trunk.server, trunk.registration
    if server is None or server.secure or registration.outbound_proxy:
        return []
    if Protocol.TLS in offered(trunk) and not all(t.verify_server for t in tls_transports(context)):
        return []  # it would talk to whoever answers
    return moved(context, trunk, without_transport(registration.server_uri))
