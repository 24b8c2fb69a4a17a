"""The rule PJ508."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule


class LineIgnored(Rule):
    """A line that Asterisk passes over.

    No `=`, an unknown directive, a comment block that swallows the rest of the file, a file that is
    not there: what the reader notices and Asterisk does not refuse. What `#exec` would print is not
    known here, since nothing is run.

    Bad:

        [itsp]
        type=aor
        remove_existing

    Good:

        [itsp]
        type=aor
        remove_existing=yes
    """

    code = "PJ508"
    not_told: ClassVar[tuple[str, ...]] = ("missing-include", "tryinclude")
    """Notices of a rule of its own (PJ512), and of a directive that does what it is for."""
    severities: ClassVar[dict[str, Severity]] = {
        "exec": Severity.INFO,
        "broken-file": Severity.ERROR,
    }

    def check(self, context: Context) -> Iterable[Finding]:
        """Everything that the reader noticed."""
        for notice in context.config.document.notices:
            if notice.code in self.not_told:
                continue
            yield self.finding(
                notice.where,
                notice.what,
                "",
                advice=notice.hint,
                severity=self.severities.get(notice.code, self.severity),
            )
