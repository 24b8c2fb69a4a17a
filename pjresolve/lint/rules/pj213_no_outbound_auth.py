"""The rule PJ213."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.objects import Endpoint
from pjresolve.errors import printable
from pjresolve.lint.access import is_public
from pjresolve.lint.context import DAY, Context, Trunk
from pjresolve.lint.edits import set_option
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.references import missing, without_credentials
from pjresolve.lint.rule import Rule
from pjresolve.lint.spelling import misspelt
from pjresolve.lint.words import UNTIL_FIXED, result
from pjresolve.scenario.behaviour import OK
from pjresolve.words import listed


class NoOutboundAuth(Rule):
    """A registration that cannot answer a challenge.

    Nearly every registrar answers the first REGISTER with a challenge (401). Without
    `outbound_auth`, or where it names no auth section, that is the end of it: the registration
    stops.

    Bad:

        [itsp]
        type=registration
        outbound_auth=itpsp

    Good:

        [itsp]
        type=registration
        outbound_auth=itsp
    """

    code = "PJ213"
    also = (Severity.ERROR, Severity.INFO)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration without credentials."""
        for trunk in without_credentials(context):
            names = trunk.registration.outbound_auth
            challenged = trunk.without_dns().predict(every=OK, duration=DAY)
            near = misspelt(names[0], context.config.auths) if names else _own(context, trunk)
            yield self.finding(
                trunk.registration.where("outbound_auth"),
                f"outbound_auth={printable(names[0])} names no auth section{_also(context, names[0])}"
                if names
                else "there is no outbound_auth",
                f"when the server asks for a password: {result(challenged, UNTIL_FIXED)}",
                set_option(trunk.registration.section, "outbound_auth", near) if near else (),
                advice="name the auth section with the provider's password",
                subject=trunk.name,
                severity=Severity.ERROR if names else Severity.WARNING if _asks(trunk) else Severity.INFO,
            )


def _also(context: Context, name: str) -> str:
    """The endpoints that name the same missing section, of which PJ311 says nothing."""
    same = [r.of for r in missing(context) if (r.kind, r.name) == ("auth", name)]
    endpoints = dict.fromkeys(of.name for of in same if isinstance(of, Endpoint))
    return f", here and in endpoint {listed(endpoints, 3)}" if endpoints else ""


def _own(context: Context, trunk: Trunk) -> str:
    """The auth section of the registration's name, unless it is the password of a telephone."""
    auths, endpoints = context.config.auths, context.config.endpoints.values()
    inbound = {name for endpoint in endpoints for name in endpoint.auth}
    return trunk.name if trunk.name in auths and trunk.name not in inbound else ""


def _asks(trunk: Trunk) -> bool:
    """Whether the server is likely to ask for a password: not where it is a gateway in a private network."""
    return trunk.server is None or not trunk.server.address or is_public(trunk.server.address)
