"""The rule PJ504."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.reader import Entry
from pjresolve.config.schema import (
    schema,
)
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import comment_out
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.lint.sections import objects


class DuplicateKey(Rule):
    """An option that stands twice, where one wins.

    Of an option that takes one value, the last line counts and the others do nothing; of `type`,
    the first. Options that take a list keep every line. Recording `r7-051`.

    Bad:

        [itsp]
        type=registration
        expiration=600
        expiration=3600

    Good:

        [itsp]
        type=registration
        expiration=3600
    """

    code = "PJ504"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each line that another line of the same section, with another value, makes void."""
        for kind, section in objects(context):
            options = schema()[kind]
            held: dict[str, Entry] = {}
            for entry in section.own:
                name = entry.name.lower()
                option = options.get(name)
                if option is None or option.repeats:
                    continue
                before: Entry | None = held.get(name)
                held[name] = entry if before is None or name != "type" else before
                if before is None or "+=" in context.line(entry.where):
                    continue
                if before.value == entry.value:
                    continue
                void, counts = (entry, before) if name == "type" else (before, entry)
                yield self.finding(
                    void.where,
                    f"{printable(void.name)}={printable(void.value, 60)} does not count: "
                    f"line {counts.where.line} has "
                    f"{printable(counts.value, 60) or 'an empty value'}",
                    "Asterisk says nothing about it",
                    comment_out(void),
                    subject=section.name,
                )
