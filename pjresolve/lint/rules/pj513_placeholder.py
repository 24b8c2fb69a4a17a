"""The rule PJ513."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import Location, printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.words import plural

SHOWN = 3
"""Places that a finding names."""


class Placeholder(Rule):
    """Values that are still to be filled in.

    `${X}`, `{{ X }}`, `<X>`, `__X__`, `@X@`, `%X%`, `YOUR_X`, `CHANGEME`, `xxx.xxx.xxx.xxx`: Asterisk takes
    them as they are written. It is said once for a file, and nothing else is said of such a value.
    What predicts reads the file that is deployed: fill it in first.

    Bad:

        [itsp]
        type=registration
        server_uri=sip:${PROVIDER}

    Good:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net
    """

    code = "PJ513"

    def check(self, context: Context) -> Iterable[Finding]:
        """One for each file, at its first placeholder."""
        files: dict[str, dict[Location, str]] = {}
        for where, text in context.placeholders.items():
            files.setdefault(where.file, {})[where] = text
        for found in files.values():
            lines = sorted(found)
            shown = ", ".join(f"{printable(found[at], 40)} (line {at.line})" for at in lines[:SHOWN])
            more = f" and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
            yield self.finding(
                lines[0],
                f"{plural(len(lines), 'value')} to be filled in: {shown}{more}",
                "Asterisk takes them as they are written",
                advice="check the file that is made of this one",
            )
