"""The rule PJ317."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.access import contacts, identifies, is_provider
from pjresolve.lint.context import Context
from pjresolve.lint.edits import set_option, unset
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule


class ChallengedProvider(Rule):
    """`auth` on a provider's endpoint: its calls are challenged.

    `auth` is what the other end must know, `outbound_auth` what this Asterisk answers with. A provider has
    no password for its customers' machines: the INVITE gets 401 and the call ends, whether its address or the
    `line` leads to the endpoint (recordings `wi-trunk-auth` and `wi-trunk-auth-line`). What closes the
    endpoint for strangers is `identify_by=ip` (PJ307).

    Bad:

        [itsp]
        type=endpoint
        auth=itsp

    Good:

        [itsp]
        type=endpoint
        outbound_auth=itsp
    """

    code = "PJ317"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each provider's endpoint with a fixed contact or a registration that asks for a password."""
        for endpoint in context.config.endpoints.values():
            trunks = context.trunks_of(endpoint)
            sends = trunks or any(contacts(context, endpoint))
            if not endpoint.auth or not sends or not is_provider(context, endpoint):
                continue
            if context.config.auths.keys().isdisjoint(endpoint.auth):
                continue  # PJ311 or PJ501: nothing is challenged for
            auth = printable(endpoint.auth[0])
            led = identifies(context, endpoint) or any(t.registration.line for t in trunks)
            sure = led and set(endpoint.auth) <= set(endpoint.outbound_auth)
            yield self.finding(
                endpoint.where("auth"),
                f"auth={auth} on {printable(endpoint.name)}, which calls a provider",
                "its calls are answered 401, and end there unless it has been given that password",
                [set_option(endpoint.section, "identify_by", "ip"), unset(endpoint.section, "auth")]
                if sure
                else (),
                subject=endpoint.name,
            )
