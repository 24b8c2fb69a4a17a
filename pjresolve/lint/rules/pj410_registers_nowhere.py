"""The rule PJ410."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import UNTIL_FIXED, result


class RegistersNowhere(Rule):
    """With these answers it never registers.

    Everything is healthy, and still the registration comes to nothing: no target is left, or none
    that the transports and their settings can use. Recordings `dns-nxdomain`, `v4pin-v6dns`,
    `srv-root`, `tls-noca`.

    Bad:

        [itsp]
        type=registration
        transport=transport-tls

        [transport-tls]
        type=transport
        method=tlsv1_1

    Good:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net
    """

    code = "PJ410"
    severity = Severity.ERROR
    needs_dns = True
    absent = ("transport", "auth")

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that does not register within an hour, without any outage."""
        for trunk in context.loaded:
            if not trunk.has_answers or trunk.baseline.registered is not None:
                continue
            if trunk.plan and not trunk.plan.credentials and trunk.targets:
                continue  # it stops at the first challenge (PJ213)
            why = trunk.why_not()
            yield self.finding(
                trunk.registration.where("server_uri"),
                f"{printable(trunk.name)} does not register: {why}",
                result(trunk.baseline, UNTIL_FIXED),
                subject=trunk.name,
            )
