"""The rule PJ301."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.endpoints import first_transport, pairs
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.lint.ways import called_over, in_the_clear, pinned_apart, to_pin
from pjresolve.words import listed


class OtherTransport(Rule):
    """The endpoint's transport differs from the registration's.

    Calls to the provider take the endpoint's `transport=`, or what the DNS leads to where there is
    none. A provider that sees calls come from another transport than the registration may turn them
    away, and a firewall that keeps one open knows nothing of the other. Where the registration is encrypted
    and calls are not, PJ322 says so.

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
        for endpoint, trunk in pairs(context):
            mine, theirs = endpoint.transport, trunk.registration.transport
            if not pinned_apart(context, endpoint, trunk) or in_the_clear(context, endpoint, trunk):
                continue
            ways, own = called_over(context, endpoint, trunk), first_transport(trunk)
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
                to_pin(context, endpoint, theirs),
                subject=endpoint.name,
            )


def _said(transport: str) -> str:
    return f"transport={printable(transport)}" if transport else "no transport="
