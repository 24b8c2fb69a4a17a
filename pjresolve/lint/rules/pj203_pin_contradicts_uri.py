"""The rule PJ203."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.lint.comparison import no_worse
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.edits import Edit, unset
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import UNTIL_FIXED, result


class PinContradictsUri(Rule):
    r"""The pinned `transport=` contradicts the URI.

    Where the URI names a protocol (`;transport=`, or TLS by `sips:`) and the pinned transport is of
    another, every attempt fails before any DNS, as a 503 that is retried after `retry_interval`.
    Recording `uri-udp-pinned-tcp`. (Asterisk 16 lets the pin win.)

    Bad:

        [itsp]
        type=registration
        transport=transport-tcp
        server_uri=sip:sip.example.net\;transport=udp

    Good:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net\;transport=udp
    """

    code = "PJ203"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that can never send."""
        for trunk in context.trunks:
            if trunk.plan is not None and trunk.plan.dead_end:
                attempt = trunk.without_dns().outage([])
                yield self.finding(
                    trunk.registration.where("transport"),
                    trunk.plan.dead_end,
                    result(attempt, UNTIL_FIXED),
                    _fix(trunk),
                    advice="name one protocol in both, or in one of them alone",
                    subject=trunk.name,
                )


def _fix(trunk: Trunk) -> list[Edit]:
    """The pin taken off, where the URI's protocol then has a transport and no TLS is given up."""
    free = trunk.with_options(transport="")
    return [unset(trunk.registration.section, "transport")] if no_worse(trunk, free) else []
