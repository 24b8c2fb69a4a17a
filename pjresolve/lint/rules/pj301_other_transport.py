"""The rule PJ301."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.objects import Endpoint
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import Edit, set_option, unset
from pjresolve.lint.endpoints import calls, first_transport, pairs
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.model import Family
from pjresolve.words import listed


class OtherTransport(Rule):
    """The endpoint's transport differs from the registration's.

    Calls to the provider take the endpoint's `transport=`, or what the DNS leads to where there is
    none. A provider that sees calls come from another transport than the registration may turn them
    away, and a firewall that keeps one open knows nothing of the other.

    Bad:

        [itsp]
        type=endpoint
        transport=transport-tcp

    Good:

        [itsp]
        type=endpoint
        from_domain=example.net
    """

    code = "PJ301"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each endpoint that is pinned to another transport than its registration, or where only
        one is pinned.
        """
        transports = context.config.transports
        for endpoint, trunk in pairs(context):
            mine, theirs = endpoint.transport, trunk.registration.transport
            if mine == theirs or (mine and mine not in transports) or (theirs and theirs not in transports):
                continue
            ways = {first_transport(call) for _, _, call in calls(context, endpoint, trunk)} - {""}
            own = first_transport(trunk)
            if own and ways and ways <= {own}:
                continue
            then = (
                f"calls go over {listed(ways)}, the registration over {own}"
                if own and ways
                else ("calls and registration may take different ways")
            )
            yield self.finding(
                endpoint.where("transport"),
                f"endpoint {printable(endpoint.name)} has {_said(mine)}, its registration "
                f"{printable(trunk.name)} {_said(theirs)}",
                then,
                _fix(context, endpoint, theirs),
                subject=endpoint.name,
            )


def _said(transport: str) -> str:
    return f"transport={printable(transport)}" if transport else "no transport="


def _fix(context: Context, endpoint: Endpoint, pin: str) -> list[Edit]:
    """The registration's pin, with media of its IP version; or none."""
    if not pin:
        return [unset(endpoint.section, "transport")]
    edits, kind = [set_option(endpoint.section, "transport", pin)], context.config.transports[pin].type
    if kind is not None and kind.family is Family.IPV6 and not endpoint.rtp_ipv6:
        edits.append(set_option(endpoint.section, "rtp_ipv6", "yes"))
    return edits
