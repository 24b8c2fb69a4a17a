"""The rule PJ501."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.refusals import (
    DUPLICATE,
    ENDPOINT_WITHOUT_LINE,
    IN_USE,
    LINE_WITHOUT_ENDPOINT,
    NO_CONTACT,
    UNKNOWN_OPTION,
    follows,
)
from pjresolve.lint.rule import Rule


class RefusedObject(Rule):
    """Asterisk refuses the object.

    A value that the option cannot have, or a section that lacks what it needs: the object is not created, and
    everything that names it fails. The words are those of Asterisk's log.

    Bad:

        [itsp]
        type=auth
        username=

    Good:

        [itsp]
        type=auth
        username=account
    """

    code = "PJ501"
    severity = Severity.ERROR
    elsewhere = (UNKNOWN_OPTION, LINE_WITHOUT_ENDPOINT, ENDPOINT_WITHOUT_LINE)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each refused object, but for those that a rule of their own explains better."""
        for refusal in context.config.refusals:
            message = refusal.message
            if message.startswith(self.elsewhere) or message.endswith(IN_USE) or DUPLICATE in message:
                continue
            yield self.finding(
                refusal.where,
                f"Asterisk refuses the {refusal.type} {printable(refusal.name)}",
                f"it logs: {message}{follows(context, refusal)}",
                subject=refusal.name,
            )
        for trunk in context.trunks:
            if trunk.refusal is not None and trunk.refusal.evidence != NO_CONTACT:
                yield self.finding(
                    trunk.registration.section.where,
                    f"Asterisk refuses the registration {printable(trunk.name)}",
                    trunk.refusal.why,
                    subject=trunk.name,
                )
