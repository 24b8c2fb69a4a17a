"""Which section a `(+…)` header adds to.

Rules of this file:
- `(+)` takes the first section of that name that is no template;
- `(+name=pattern&…)` takes the first where every pattern is found in a value of that option, names and
  values compared exactly;
- `TEMPLATES=include` and `TEMPLATES=restrict` admit templates, or only them;
- patterns are searched without backtracking: text, `.`, `^`, `$` and `|`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pjresolve.config.lines import BLANK
from pjresolve.config.sections import Entry
from pjresolve.errors import BadInput, Location

_PLAIN = re.compile(r"[^\\*+?{}\[\]()]*")


@dataclass(frozen=True, slots=True)
class AdditionFilter:
    """What a section must be for an addition. `wanted` is None where no section can match."""

    templates: str
    wanted: tuple[tuple[str, re.Pattern[str]], ...] | None

    @classmethod
    def parse(cls, text: str, where: Location) -> AdditionFilter:
        """The filter in the text after `+`. Raises BadInput for a pattern that is more than plain text."""
        templates, wanted = "", []
        for part in text.split("&") if text else ():
            name, equals, pattern = (p.strip(BLANK) for p in part.partition("="))
            if not equals:
                return cls(templates, None)
            if name == "TEMPLATES":
                templates = pattern
            elif not _PLAIN.fullmatch(pattern):
                raise BadInput(
                    "(+…) compares with a regular expression that pjresolve does not follow",
                    where=where,
                    hint="use plain text, ., ^, $ and |",
                )
            else:
                wanted.append((name, re.compile(pattern)))
        return cls(templates, tuple(wanted))

    def matches(self, template: bool, entries: list[Entry]) -> bool:
        """Whether a section, a template or not, with these entries, is meant."""
        if self.wanted is None or (
            template != (self.templates == "restrict") and self.templates != "include"
        ):
            return False
        return all(any(e.name == name and p.search(e.value) for e in entries) for name, p in self.wanted)
