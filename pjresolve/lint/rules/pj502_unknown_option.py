"""The rule PJ502."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from pjresolve.config.schema import (
    closest,
    option,
    schema,
)
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.refusals import UNKNOWN_OPTION
from pjresolve.lint.rule import Rule
from pjresolve.lint.sections import misfits
from pjresolve.lint.versions import first_version
from pjresolve.migration.names import foreign


class UnknownOption(Rule):
    """An option that the section's type does not have.

    Asterisk refuses the whole object for it: `Could not find option suitable for category 'NAME'
    named 'OPTION'`.

    Bad:

        [itsp]
        type=registration
        retry_intervall=20

    Good:

        [itsp]
        type=registration
        retry_interval=20
    """

    code = "PJ502"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """Each such option that sip.conf does not have either."""
        for kind, section, entry in misfits(context):
            if entry.name.lower() in foreign() or first_version(kind, entry.name):
                continue
            near, name, line = (
                context.guess(partial(closest, kind, entry.name)),
                printable(section.name),
                printable(entry.name),
            )
            other = [t for t in schema() if option(t, entry.name)]
            hint = (
                f"{near}={printable(entry.value)}"
                if near
                else f";{printable(entry.name)}={printable(entry.value)}"
            )
            if not near and other:
                hint = f"[{name}]\ntype={other[0]}\n{line}={printable(entry.value)}"
            yield self.finding(
                entry.where,
                f"type={kind} has no option {printable(entry.name)}",
                f"Asterisk refuses the {kind} {name}: {UNKNOWN_OPTION} '{name}' "
                f"named '{printable(entry.name)}'",
                hint,
                subject=section.name,
            )
