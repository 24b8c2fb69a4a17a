"""The rule PJ513."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import Location, printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.words import listed, plural

SHOWN = 3
"""Places, and refused objects, that a finding names."""


class Placeholder(Rule):
    """Values that are still to be filled in.

    `${X}`, `{{ X }}`, `<X>`, `__X__`, `@X@`, `%X%`, `YOUR_X`, `X_HERE`, `CHANGEME`, `xxx.xxx.xxx.xxx`:
    Asterisk takes them as they are written, and refuses the object where the option cannot have such a value,
    as `from_user` and URIs cannot. It is said once for a file, and nothing else is said of such a value.
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
                f"Asterisk takes a value as it is written{_refused(context, found)}",
                advice="check the file that is made of this one",
            )


def _refused(context: Context, found: dict[Location, str]) -> str:
    """The objects of a file that Asterisk refuses for a value that is still to be filled in."""
    refused = [f"the {r.type} {r.name}" for r in context.config.refusals if r.where in found]
    return f", and refuses {listed(refused, SHOWN)}" if refused else ""
