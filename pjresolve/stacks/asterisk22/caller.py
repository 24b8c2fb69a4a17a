"""Who calls: caller IDs, as an endpoint has one and as a call brings one.

Rules of this file: it reads a text as Asterisk 22 reads it, character for character (`st-callerid2`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

_NUMBER = re.compile(r"[0-9*#+]+")
_REMOVED = "( )"


def caller_number(text: str) -> str:
    """The number of a `callerid`, "" where it has none.

    It stands behind the last `<`; a text without one is a number if it looks like one.
    """
    bare = text.strip()
    if len(bare) > 1 and bare[0] == bare[-1] == '"':
        bare = bare[1:-1]
    _, opened, rest = bare.rpartition("<")
    if opened:
        return _shrunk(rest.rpartition(">")[0] if ">" in rest else rest)
    number = _shrunk(bare)
    return number if is_phone(number) else ""


def is_phone(number: str) -> bool:
    """Whether a number is one that telephones have (`iv-numbers`)."""
    return _NUMBER.fullmatch(number) is not None


def _shrunk(text: str) -> str:
    """A number without blanks, parentheses, dashes and dots: but for a dot at its end, and for a dash
    between brackets.
    """
    kept: list[str] = []
    bracketed = 0
    for place, char in enumerate(text):
        bracketed += {"[": 1, "]": -1}.get(char, 0)
        dash, dot = char == "-" and not bracketed, char == "." and place < len(text) - 1
        if not dash and not dot and char not in _REMOVED:
            kept.append(char)
    return "".join(kept)


class Caller(NamedTuple):
    """Who calls, as the dialplan's caller ID has it, and whether its presentation is prohibited."""

    name: str = "<caller's name>"
    number: str = "<caller's number>"
    withheld: bool = False

    @property
    def is_anonymous(self) -> bool:
        """Whether From names nobody."""
        return self.withheld or not (self.name or self.number)

    @property
    def is_phone(self) -> bool:
        """Whether the number is one that telephones have; one that is not known is taken for such."""
        return is_phone(self.number) or self.number == SOMEBODY.number


SOMEBODY = Caller()
"""A caller that is not known yet, but has a name and a number."""


def read_caller(text: str) -> Caller:
    """A caller from `NAME <NUMBER>`, either of them, or nothing (`iv-caller`)."""
    name = text.rpartition("<")[0] if "<" in text else ("" if caller_number(text) else text)
    return Caller(name.strip().strip('"'), caller_number(text))
