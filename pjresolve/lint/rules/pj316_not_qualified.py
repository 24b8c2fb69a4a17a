"""The rule PJ316."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from pjresolve.config.objects import Aor
from pjresolve.errors import printable
from pjresolve.lint.calling import calls_of
from pjresolve.lint.context import Context, uri_or_none
from pjresolve.lint.edits import set_option
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.words import listed, span


class NotQualified(Rule):
    """A fixed contact that is not qualified.

    Without `qualify_frequency` Asterisk takes a fixed contact to be well, always. A call to a server that
    is silent ends after Timer B, 32 s by default (recording `qu-off-dead`); nobody sees in
    `pjsip show contacts` that it is down. With `qualify_frequency=15` the contact became Unreachable after
    17 s, and the same call failed at once, so that the dialplan could try another (recording
    `qu-on-dead`).

    Qualifying has its price where the host has several targets: OPTIONS begins at the first, and while that
    is silent the contact is Unreachable, however well the second is. A call that would have been answered by
    the second after 32 s (recording `qu-off-two`) fails at once (recording `qu-on-two`), of which PJ420
    tells. So the fix is printed only for a contact with an IP address.

    Bad:

        [itsp]
        type=aor
        contact=sip:203.0.113.1
        qualify_frequency=0

    Good:

        [itsp]
        type=aor
        contact=sip:203.0.113.1
        qualify_frequency=60
    """

    code = "PJ316"
    severity = Severity.INFO

    def check(self, context: Context) -> Iterable[Finding]:
        """The AoRs of endpoints that have a fixed contact and are not qualified, all in one."""
        endpoints = context.config.endpoints
        used = {name for endpoint in endpoints.values() for name in endpoint.aors}
        aors = [
            a
            for a in context.config.aors.values()
            if (a.name in used or not endpoints) and a.contact and not a.qualify_frequency
        ]
        if not aors:
            return
        first = aors[0]
        uris = [uri_or_none(contact) for contact in first.contact]
        single = len(aors) == 1 and len(uris) == 1 and uris[0] is not None and uris[0].address is not None
        alone = single or _alone(context, aors)
        names = listed(aor.name for aor in aors)
        waits = span(context.config.system.timer_b / 1000)
        yield self.finding(
            first.where("qualify_frequency" if first.written("qualify_frequency") else "contact"),
            f"the fixed contact of {names} is never asked whether it is there (no qualify_frequency)"
            if len(aors) > 1
            else f"the fixed contact of {printable(first.name)} is never asked whether it is there "
            "(no qualify_frequency)",
            f"while it is down each call waits {waits} before it fails"
            + (
                ""
                if alone
                else "; qualified, calls fail at once while the first of several targets is silent"
            ),
            set_option(first.section, "qualify_frequency", "60") if single else (),
            subject=first.name,
        )


def _alone(context: Context, aors: Collection[Aor]) -> bool:
    """Whether calls to these contacts have a single address each, as the answers at hand say."""
    names = {aor.name for aor in aors}
    endpoints = [e for e in context.config.endpoints.values() if names & set(e.aors)]
    return bool(endpoints) and all(len(calls_of(context, e).addresses) == 1 for e in endpoints)
