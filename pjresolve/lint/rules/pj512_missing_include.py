"""The rule PJ512."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule


class MissingInclude(Rule):
    """An `#include` of a file that is not there.

    Asterisk refuses the whole file: no object of it loads. `#tryinclude` passes over a file that is
    missing. The rest of the file is checked all the same, without saying of anything that it does not
    exist, since it may stand in the missing file; a section whose parent may stand there is left out.

    Bad:

        #include providers.conf

    Good:

        #tryinclude providers.conf
    """

    code = "PJ512"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """Each such line of the file itself; in an included file it ends that file alone (PJ508)."""
        for notice in context.config.document.notices:
            if notice.code == "missing-include":
                yield self.finding(
                    notice.where,
                    notice.what,
                    "Asterisk refuses the whole file and loads no object of it",
                    advice=f"put the file there, or {notice.hint}",
                )
