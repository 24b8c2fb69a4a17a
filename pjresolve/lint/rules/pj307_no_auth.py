"""The rule PJ307."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.endpoints import ANONYMOUS
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule


class NoAuth(Rule):
    """An endpoint that lets anybody in.

    A request belongs to the endpoint that its From names (`identify_by` holds `username` by
    default), or that an `identify` section or a registration's `line` leads to. An endpoint without
    `auth` that nothing but its name identifies takes calls from whoever knows the name.

    Bad:

        [desk]
        type=endpoint
        aors=desk

        [desk]
        type=aor
        max_contacts=1

    Good:

        [desk]
        type=endpoint
        aors=desk
        auth=desk

        [desk]
        type=aor
        max_contacts=1

        [desk]
        type=auth
        username=desk
        password=secret
    """

    code = "PJ307"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each endpoint with neither auth, identify nor line."""
        config = context.config
        identified = {i.endpoint for i in config.identifies.values()}
        identified |= {i.name for i in config.refusals if i.type == "identify"}
        identified |= {r.endpoint for r in config.registrations.values()}
        for endpoint in config.endpoints.values():
            open_by_name = {"username", "auth_username"} & set(endpoint.identify_by)
            if endpoint.auth or endpoint.name in identified or endpoint.name in ANONYMOUS or not open_by_name:
                continue
            near = endpoint.name if endpoint.name in config.auths else ""
            yield self.finding(
                endpoint.where("auth"),
                f"endpoint {printable(endpoint.name)} has no auth and no identify",
                "whoever names it in From is taken for it, without a password",
                f"auth={printable(near or endpoint.name)}",
                subject=endpoint.name,
            )
