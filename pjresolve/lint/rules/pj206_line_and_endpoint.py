"""The rule PJ206."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.lint.context import Context
from pjresolve.lint.edits import Edit, set_option
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.refusals import ENDPOINT_WITHOUT_LINE, LINE_WITHOUT_ENDPOINT
from pjresolve.lint.rule import Rule
from pjresolve.lint.sections import objects


class LineAndEndpoint(Rule):
    """`endpoint` without `line`, or `line` without `endpoint`.

    Asterisk refuses the registration in both cases. Recordings `endpoint-noline`, `line-noendpoint`.

    Bad:

        [itsp]
        type=registration
        line=no
        endpoint=itsp

    Good:

        [itsp]
        type=registration
        line=yes
        endpoint=itsp
    """

    code = "PJ206"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that was refused for it."""
        for refusal in context.config.refusals:
            line = refusal.message.startswith(LINE_WITHOUT_ENDPOINT)
            if refusal.type == "registration" and (line or refusal.message.startswith(ENDPOINT_WITHOUT_LINE)):
                yield self.finding(
                    refusal.where,
                    "line=yes without endpoint=" if line else "endpoint= without line=yes",
                    f"Asterisk refuses the registration: {refusal.message}",
                    _fix(context, refusal.name, line),
                    advice="name the endpoint that incoming calls are for" if line else "",
                    subject=refusal.name,
                )


def _fix(context: Context, name: str, line: bool) -> list[Edit]:
    """What the registration lacks; the endpoint only where one alone shares its credentials."""
    section = next((s for kind, s in objects(context) if (kind, s.name) == ("registration", name)), None)
    if section is None:
        return []
    if not line:
        return [set_option(section, "line", "yes")]
    auth = section.last("outbound_auth")
    owners = [e for e in context.config.endpoints.values() if auth and auth.value in e.outbound_auth]
    return [set_option(section, "endpoint", owners[0].name)] if len(owners) == 1 else []
