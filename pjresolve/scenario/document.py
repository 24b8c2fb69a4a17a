"""Values of a document that know their place in it, and refuse whatever is not expected there.

Rules of this file:
- each reading method raises BadInput with the line where the value is not what the method's name says;
- an error shows at most one short scalar of the document, never a structure.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from pjresolve.errors import BadInput, Location, Words, printable
from pjresolve.files import MAX_CHARACTERS

Option = TypeVar("Option", bound=str)
Keys: TypeAlias = tuple[str | int, ...]
"""The keys and indices that lead from a document's top to a value."""


@dataclass(slots=True)
class Document:
    """Where values came from: a file's name and the line of each value, or a place that has no lines."""

    where: str | Location
    lines: Callable[[], dict[Keys, int]] = dict
    blocks: set[Keys] = field(default_factory=set)

    def locate(self, path: Keys) -> str | Location:
        """The line of the value at `path`, or of the closest value around it."""
        if isinstance(self.where, str):
            return self.where
        lines = self.lines()
        while path and path not in lines:
            path = path[:-1]
        return Location(self.where.file, lines.get(path, self.where.line))

    def text_location(self, path: Keys) -> Location:
        """Where the first line of the text at `path` stands.

        A YAML block text (`|`) has lines of the file itself. Any other text is on one line of the file, so
        its own lines are counted behind that one: `file:3, zone:2`.
        """
        place = self.locate(path)
        if isinstance(place, str):
            return Location(place, 1)
        if path in self.blocks:
            return Location(place.file, place.line + 1)
        return Location(f"{place}, {path[-1]}", 1)


@dataclass(frozen=True, slots=True)
class Field:
    """A value of a document, with what is needed to say where it stands."""

    value: object
    path: Keys
    document: Document

    @property
    def called(self) -> str:
        names = [str(p) for p in self.path if isinstance(p, str)]
        return f"`{printable(names[-1], 60)}`" if names else "the document"

    def wrong(self, what: str, hint: Words = "") -> BadInput:
        """The error to raise: `what`, at this value's line."""
        return BadInput(what, where=self.document.locate(self.path), hint=hint)

    def expected(self, what: str) -> BadInput:
        return self.wrong(f"{self.called} is {what}, not {shown(self.value)}")

    def mapping(self, known: Collection[str] = ()) -> dict[str, Field]:
        """The entries by key. With `known`, any other key is an error that names the closest one."""
        if not isinstance(self.value, dict):
            raise self.expected("a mapping")
        out = {k: Field(v, (*self.path, k), self.document) for k, v in self.value.items()}
        for key, entry in out.items() if known else ():
            if key not in known:
                close = difflib.get_close_matches(key[:60], known, 1, 0.5)
                hint = f"did you mean `{close[0]}`?" if close else f"known are {', '.join(sorted(known))}"
                raise entry.wrong(f"unknown key `{printable(key, 60)}`", hint)
        return out

    def items(self) -> list[Field]:
        if not isinstance(self.value, list):
            raise self.expected("a list")
        return [Field(v, (*self.path, i), self.document) for i, v in enumerate(self.value)]

    def text(self, limit: int = MAX_CHARACTERS) -> str:
        if not isinstance(self.value, str):
            raise self.expected("text")
        if len(self.value) > limit:
            raise self.wrong(f"{self.called} is longer than {limit} characters")
        if any("\ud800" <= c <= "\udfff" for c in self.value):
            raise self.wrong(f"{self.called} holds half a surrogate pair")
        return self.value

    def line(self, limit: int = 200) -> str:
        """A text on one line, without control characters."""
        text = self.text(limit)
        if not text.isprintable():
            raise self.wrong(f"{self.called} must be one line of printable text")
        return text

    def number(self, low: float, high: float, unit: str = "") -> float:
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.expected("a number")
        # `not … <=` also refuses NaN
        if not low <= value <= high:
            raise self.expected(f"{low:,.10g} to {high:,.10g}{' ' if unit else ''}{unit}")
        return float(value)

    def integer(self, low: int, high: int, unit: str = "") -> int:
        if isinstance(self.value, float) and not self.value.is_integer():
            raise self.expected("a whole number")
        return int(self.number(low, high, unit))

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.expected("true or false")
        return self.value

    def choice(self, options: Collection[Option]) -> Option:
        for option in options:
            if self.value == option:
                return option
        raise self.expected(" or ".join(options) if len(options) < 3 else f"one of {', '.join(options)}")


def shown(value: object) -> str:
    """A value for an error line: short, and never an expanded structure."""
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    return printable(repr(value[:80]) if isinstance(value, str) else str(value), 60)
