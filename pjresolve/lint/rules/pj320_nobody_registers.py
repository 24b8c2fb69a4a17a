"""The rule PJ320."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import set_option
from pjresolve.lint.endpoints import ANONYMOUS, OUTBOUND
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule


class NobodyRegisters(Rule):
    """A telephone's AoR without `max_contacts`.

    `max_contacts` is 0 unless it is written, and then every REGISTER is answered 403, with the right password
    too (recording `wi-phone-no-contacts`). Without a `contact` either, the endpoint is never reached:
    `Dial(PJSIP/name)` finds nobody to call. A wizard of `pjsip_wizard.conf` is the same: with
    `accepts_registrations=yes` it makes an AoR with 0 unless `aor/max_contacts` is given. It is told of an
    endpoint with `auth`, which is one that has to log in.

    Bad:

        [desk]
        type=endpoint
        auth=desk
        aors=desk

        [desk]
        type=auth
        username=desk
        password=not-so-secret

        [desk]
        type=aor
        qualify_frequency=60

    Good:

        [desk]
        type=endpoint
        auth=desk
        aors=desk

        [desk]
        type=auth
        username=desk
        password=not-so-secret

        [desk]
        type=aor
        max_contacts=1
        qualify_frequency=60
    """

    code = "PJ320"

    def check(self, context: Context) -> Iterable[Finding]:
        """The AoRs of each endpoint with auth at none of which anybody registers or stands."""
        for endpoint in context.config.endpoints.values():
            aors = context.config.aors_of(endpoint)
            if not endpoint.auth or not aors or endpoint.name in (*ANONYMOUS, OUTBOUND):
                continue
            if any(aor.max_contacts or aor.contact for aor in aors) or context.trunks_of(endpoint):
                continue
            first = aors[0]
            yield self.finding(
                first.where("max_contacts"),
                f"aor {printable(first.name)} has no max_contacts: no telephone registers at it",
                f"REGISTER gets 403, and Dial(PJSIP/{printable(endpoint.name)}) finds nobody to call",
                set_option(first.section, "max_contacts", "1"),
                subject=endpoint.name,
            )
