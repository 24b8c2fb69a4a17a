"""The rule PJ510."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.reader import Entry
from pjresolve.config.schema import (
    FALSE_WORDS,
    TRUE_WORDS,
    schema,
)
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.lint.sections import objects


class NotABoolean(Rule):
    """A word for yes or no that is neither.

    Yes is `yes`, `true`, `on`, `y`, `t` or `1`. Whatever else stands there means no, and nothing is logged.

    Bad:

        [itsp]
        type=registration
        support_path=enabled

    Good:

        [itsp]
        type=registration
        support_path=yes
    """

    code = "PJ510"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each such value; one that a template gives, once."""
        seen: set[Entry] = set()
        for kind, section in objects(context):
            options = schema()[kind]
            for entry in section.entries:
                option = options.get(entry.name.lower())
                if option is None or option.kind != "bool" or entry in seen:
                    continue
                seen.add(entry)
                if entry.value and entry.value.lower() not in TRUE_WORDS | FALSE_WORDS:
                    yield self.finding(
                        entry.where,
                        f"{option.name}={printable(entry.value, 60)} means no",
                        "Asterisk says nothing about it",
                        advice="write yes or no",
                        subject=section.name,
                    )
