"""The rule PJ502."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.reader import Entry, Section
from pjresolve.config.schema import option, schema
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import Edit, comment_out, set_entry
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.refusals import UNKNOWN_OPTION
from pjresolve.lint.rule import Rule
from pjresolve.lint.sections import may_go, misfits, objects
from pjresolve.lint.spelling import misspelt
from pjresolve.lint.versions import first_version
from pjresolve.migration.names import foreign
from pjresolve.words import listed


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
            name = printable(section.name)
            others = [t for t in schema() if option(t, entry.name)]
            yield self.finding(
                entry.where,
                f"type={kind} has no option {printable(entry.name)}",
                f"Asterisk refuses the {kind} {name}: {UNKNOWN_OPTION} '{name}' "
                f"named '{printable(entry.name)}'",
                _fix(context, kind, section, entry),
                advice=f"it is an option of type={listed(others, 3)}" if others else "",
                subject=section.name,
            )


def _fix(context: Context, kind: str, section: Section, entry: Entry) -> list[Edit]:
    """The option that was meant, where one alone can be; else no such line."""
    if any(other is not section and (k, other.name) == (kind, section.name) for k, other in objects(context)):
        return []  # with both of that name, Asterisk would refuse every object of the type
    near = context.guess(lambda: misspelt(entry.name.lower(), schema()[kind]))
    meant = option(kind, near) if near else None
    if meant is not None and not meant.refuses(entry.value) and section.last(meant.name) is None:
        return [set_entry(entry, entry.value, meant.name)]
    return [comment_out(entry)] if may_go(kind, entry.name) else []
