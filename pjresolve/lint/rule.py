"""What a rule is.

Rules of this file:
- a rule is a class with a code that never changes, a severity, and a docstring that is its manual;
- the families are in FAMILIES, by the beginning of the code.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from pjresolve.errors import Location
from pjresolve.lint.edits import Edit, Fix
from pjresolve.lint.finding import Finding, Severity

if TYPE_CHECKING:
    from pjresolve.lint.context import Context

FAMILIES = {
    "PJ1": "Transports",
    "PJ2": "Registration",
    "PJ3": "Endpoint, AoR and identify",
    "PJ4": "DNS",
    "PJ5": "Syntax",
}
"""Titles of the families by the beginning of their codes."""


class Rule:
    """One thing that can be wrong with a configuration. Its findings have its `severity`, or one of `also`
    where the case at hand is better or worse.

    The first line of a rule's docstring is its title. Blocks that are indented below `Bad:` and `Good:` are
    examples; `Bad zone:` and `Good zone:` hold DNS records.
    """

    code: ClassVar[str] = ""
    severity: ClassVar[Severity] = Severity.WARNING
    also: ClassVar[tuple[Severity, ...]] = ()
    needs_dns: ClassVar[bool] = False
    absent: ClassVar[tuple[str, ...]] = ()
    """Types of objects whose absence the rule tells of: it is silent where some may stand elsewhere."""

    def check(self, context: Context) -> Iterable[Finding]:
        """Everything of this kind that is wrong."""
        raise NotImplementedError

    def finding(
        self,
        where: Location,
        statement: str,
        consequence: str = "",
        fix: Edit | Fix = (),
        *,
        advice: str = "",
        subject: str = "",
        severity: Severity | None = None,
    ) -> Finding:
        """A finding of this rule. `fix` is what mends it for certain (`pjresolve.lint.edits`), `advice` what
        to do where that is not known.
        """
        edits = (fix,) if isinstance(fix, Edit) else tuple(fix)
        return Finding(
            self.code, severity or self.severity, where, statement, consequence, edits, advice, subject
        )
