"""The rule PJ508."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from pjresolve.config.lines import Notice
from pjresolve.lint.context import Context
from pjresolve.lint.elsewhere import OUTSIDE
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.words import listed, plural


class LineIgnored(Rule):
    """A line that Asterisk passes over.

    No `=`, an unknown directive, a comment block that swallows the rest of the file, a file that is
    not there: what the reader notices and Asterisk does not refuse. Unknown directives on neighbouring
    lines are one finding, since they are mostly a comment that begins with `#`; so are lines of which the
    same is to be said. What `#exec` would print is not known here, since nothing is run.

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
    also = (Severity.ERROR, Severity.INFO)
    not_told: ClassVar[tuple[str, ...]] = ("missing-include", "tryinclude", OUTSIDE)
    """Notices of a rule of its own (PJ512), and of a directive that does what it is for."""
    severities: ClassVar[dict[str, Severity]] = {
        "exec": Severity.INFO,
        "broken-file": Severity.ERROR,
    }

    def check(self, context: Context) -> Iterable[Finding]:
        """Everything that the reader noticed."""
        alike: dict[tuple[str, str, int], list[Notice]] = {}
        for run in _runs(n for n in context.config.document.notices if n.code not in self.not_told):
            alike.setdefault((run[0].where.file, run[0].what, len(run) - 1), []).append(run[0])
        for (_, what, more), found in alike.items():
            notice, lines = found[0], [str(again.where.line) for again in found[1:]]
            below = f", and the {plural(more, 'line')} below it" if more else ""
            also = f"; {'line' if len(lines) == 1 else 'lines'} {listed(lines)} too" if lines else ""
            yield self.finding(
                notice.where,
                what + below + also,
                "",
                advice=notice.hint,
                severity=self.severities.get(notice.code, self.severity),
            )


def _runs(notices: Iterable[Notice]) -> Iterator[list[Notice]]:
    """The notices, those of unknown directives on neighbouring lines together."""
    run: list[Notice] = []
    for notice in notices:
        if run and not _follows(run[-1], notice):
            yield run
            run = []
        run.append(notice)
    if run:
        yield run


def _follows(before: Notice, notice: Notice) -> bool:
    neighbours = (before.where.file, before.where.line + 1) == (notice.where.file, notice.where.line)
    return neighbours and before.code == notice.code == "directive"
