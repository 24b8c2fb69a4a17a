"""The rule PJ305."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import set_option
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.regexes import never_matches
from pjresolve.lint.rule import Rule
from pjresolve.sip.posix import is_refused


class HeaderNeverMatches(Rule):
    """`match_header` or `match_request_uri` that cannot match.

    The value is `Header: text`, compared as a whole, or `Header: /regex/`, an extended regular
    expression. One that does not compile makes Asterisk refuse the section; an anchor in the
    middle, or the signs of a regular expression without the slashes, never fit anything.

    Bad:

        [itsp]
        type=identify
        endpoint=itsp
        match_header=To: /account$@example/

    Good:

        [itsp]
        type=identify
        endpoint=itsp
        match_header=To: /account@example/
    """

    code = "PJ305"
    severity = Severity.ERROR
    _signs = re.compile(r"\.\*|\.\+|\[[^\]]*\]|^\^|\$$|\\[.dw]|\([^)]*\|[^)]*\)")

    def check(self, context: Context) -> Iterable[Finding]:
        """Each pattern that nothing can fit."""
        for identify in context.config.identifies.values():
            for option in ("match_header", "match_request_uri"):
                text: str = getattr(identify, option)
                value = text.partition(":")[2].strip() if option == "match_header" else text.strip()
                if not value:
                    continue
                slashes = len(value) > 1 and value[0] == value[-1] == "/"
                why = never_matches(value[1:-1]) if slashes else self._bare(value)
                if why:
                    header = text.partition(":")[0] + ": " if option == "match_header" else ""
                    bare = not slashes and not is_refused(value) and not never_matches(value)
                    yield self.finding(
                        identify.where(option),
                        f"{option} {printable(value, 60)} can never match: {why}",
                        "calls are not recognised by it",
                        set_option(identify.section, option, f"{header}/{value}/") if bare else (),
                        subject=identify.name,
                    )

    def _bare(self, value: str) -> str:
        return "a regular expression stands between slashes" if self._signs.search(value[:1000]) else ""
