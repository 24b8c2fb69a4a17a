"""The rule PJ201."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.finding import Finding
from pjresolve.lint.moving import moved
from pjresolve.lint.retries import lapse
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import result
from pjresolve.model import Family, addresses


class PinBarsFamily(Rule):
    r"""A pinned `transport=` bars failover to the other IP version.

    A transport section has one IP version, so `transport=` in a registration fixes protocol *and*
    version: targets of the other version are skipped silently, and a pinned IPv6 transport does not
    even ask for A records. `;transport=` in the URI fixes the protocol only. The semicolon is
    written `\;`, since a bare one starts a comment. Recordings `all-srv-pinned-udp6`,
    `all-srv-pinned-udp`, `v4pin-v6dns`.

    Bad:

        [itsp]
        type=registration
        transport=transport-udp6
        server_uri=sip:sip.example.net

    Good:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net\;transport=udp
    """

    code = "PJ201"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that could reach the other version without its pin."""
        for trunk in context.loaded:
            pinned, route = trunk.pinned, trunk.route
            if pinned is None or route is None or route.address:
                continue
            free = spelled_in_uri(trunk)
            others = {t.type for t in context.config.transports.values()} - {pinned}
            if free.plan is None or not any(t and t.protocol is pinned.protocol for t in others):
                continue  # there is no transport that the pin would bar
            version = "IPv6" if pinned.family is Family.IPV6 else "IPv4"
            consequence = f"targets of the other IP version are skipped, also in an {version} outage"
            if trunk.has_answers:
                lost = [t for t in free.targets if t.transport.family is not pinned.family]
                own = addresses(trunk.targets)
                if not lost or not own:
                    continue  # there is nothing to fail over to, or nothing to begin with (PJ410)
                same = [a for a in addresses(free.targets) if Family.of(a) is pinned.family]
                consequence = (
                    f"{version} outage: {result(trunk.outage(own))}; "
                    f"without the pin: {result(free.outage(same))}"
                )
            yield self.finding(
                trunk.registration.where("transport"),
                f"transport={printable(trunk.registration.transport)} bars failover to the other IP version",
                consequence,
                # more addresses take longer to pass over than a short expiration allows (PJ207)
                []
                if lapses(free) and not lapses(trunk)
                else moved(context, trunk, free.registration.server_uri),
                subject=trunk.name,
            )


def lapses(trunk: Trunk) -> bool:
    """Whether a registration runs out while its first address is dead, as far as answers are at hand."""
    own = addresses(trunk.targets) if trunk.has_answers else []
    return len(own) > 1 and bool(lapse(trunk, own[0])[1])


def spelled_in_uri(trunk: Trunk) -> Trunk:
    """The registration with its pin's protocol in `server_uri` instead."""
    pinned = trunk.pinned
    server = trunk.registration.server_uri
    if pinned is not None and trunk.server is not None and trunk.server.protocol is None:
        server = f"{server};transport={pinned.protocol}"
    return trunk.with_options(transport="", server_uri=server)
