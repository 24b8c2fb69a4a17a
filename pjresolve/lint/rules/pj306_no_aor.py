"""The rule PJ306."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.objects import Endpoint
from pjresolve.errors import printable
from pjresolve.lint.access import identifies
from pjresolve.lint.context import Context
from pjresolve.lint.edits import Edit, set_option
from pjresolve.lint.endpoints import ANONYMOUS, OUTBOUND
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule


class NoAor(Rule):
    """An endpoint without `aors`.

    The AoR holds where the endpoint can be reached. Without one a phone cannot register, and
    `Dial(PJSIP/name)` fails. An endpoint of a provider needs none, where it is led to by an identify
    section or a registration, and called as `Dial(PJSIP/name/sip:…)`.

    Bad:

        [desk]
        type=endpoint
        auth=desk

        [desk]
        type=auth
        username=desk
        password=secret

    Good:

        [desk]
        type=endpoint
        auth=desk
        aors=desk

        [desk]
        type=aor
        max_contacts=1

        [desk]
        type=auth
        username=desk
        password=secret
    """

    code = "PJ306"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each such endpoint, but for those that only ever call or are called as nobody."""
        for endpoint in context.config.endpoints.values():
            led = identifies(context, endpoint) or context.trunks_of(endpoint) or endpoint.outbound_auth
            if led:
                continue  # a provider's: calls come in, and go out to Dial(PJSIP/NAME/sip:…)
            if not endpoint.aors and endpoint.name not in (*ANONYMOUS, OUTBOUND):
                yield self.finding(
                    endpoint.where("aors"),
                    f"endpoint {printable(endpoint.name)} has no aors",
                    "no telephone can register for it, and Dial(PJSIP/NAME) finds nobody to call",
                    _fix(context, endpoint),
                    advice="write a section of type=aor with max_contacts=1, and name it in aors",
                    subject=endpoint.name,
                )


def _fix(context: Context, endpoint: Endpoint) -> list[Edit]:
    """The AoR of the endpoint's name; none is made up, since whoever has the password could register."""
    name = endpoint.name
    return [set_option(endpoint.section, "aors", name)] if name in context.config.aors else []
