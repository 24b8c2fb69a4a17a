"""The rule PJ509."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.reader import Section
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.refusals import DUPLICATE
from pjresolve.lint.rule import Rule
from pjresolve.lint.sections import objects


class DuplicateObject(Rule):
    """Two objects of one type with the same name.

    Asterisk then refuses every object of that type: `configuration contains a duplicate object`. To
    add to a section, write `[name](+)`.

    Bad:

        [itsp]
        type=auth
        username=account
        password=secret

        [other]
        type=auth
        username=account
        password=secret

        [other]
        type=auth
        username=account
        password=secret

    Good:

        [itsp]
        type=auth
        username=account
        password=secret
    """

    code = "PJ509"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """The second section of each name, with what it costs."""
        if not any(DUPLICATE in r.message for r in context.config.refusals):
            return
        seen: dict[tuple[str, str], Section] = {}
        for kind, section in objects(context):
            first = seen.setdefault((kind, section.name), section)
            if first is not section:
                lost = [r for r in context.config.refusals if r.type == kind]
                yield self.finding(
                    section.where,
                    f"a second {kind} {printable(section.name)}; the first is at line {first.where.line}",
                    f"Asterisk refuses every {kind}, {len(lost)} in all",
                    f"[{printable(section.name)}](+)   ; to add to the first",
                    subject=section.name,
                )
