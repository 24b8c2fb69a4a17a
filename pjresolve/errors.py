"""Every error a user can meet, each with what, where and how to mend it.

Rules of this file:
- an error is one line of text, built from structured fields, never a traceback;
- text that came from a file, the DNS or the command line is escaped before it is shown;
- a parameter of a question is called by its name, a Parameter; who shows the error spells it as its users do;
- each class carries the exit code that the command line documents.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

SHOWN = 120
"""Characters of foreign text that an error line shows at most."""


def printable(text: str, limit: int = SHOWN) -> str:
    """`text` on one line with control, bidirectional and surrogate characters escaped, cut at `limit`."""
    if len(text) <= limit and text.isprintable():
        return text
    out = "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text[: limit + 1]
    )
    return out if len(out) <= limit else out[: limit - 1] + "…"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A line of a file. `line` counts from 1; 0 means the file as a whole."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        name = printable(self.file)
        return f"{name}:{self.line}" if self.line else name


class Parameter(str):
    """The name of something that can be asked for, as the Python API spells it: `dns_faults`.

    The command line spells it as its option, `--dns-fault`. In a longer text it stands as a piece of its own.
    """

    __slots__ = ()


Words: TypeAlias = str | tuple[str, ...]
"""A text, or its pieces, some of which are Parameters."""


class PjresolveError(Exception):
    """What went wrong, where, and how to mend it. `str()` of it is one printable line."""

    exit_code: ClassVar[int] = 2

    def __init__(self, what: Words, *, where: Location | str | None = None, hint: Words = "") -> None:
        super().__init__("".join(what))
        self.where = where
        self._what, self._hint = what, hint

    @property
    def what(self) -> str:
        return "".join(self._what)

    @property
    def hint(self) -> str:
        return "".join(self._hint)

    def line(self, spell: Callable[[Parameter], str] = str) -> str:
        """The error on one printable line, its parameters as `spell` spells them."""

        def spelt(words: Words | Location | None) -> str:
            if isinstance(words, Location) and isinstance(words.file, Parameter):
                words = Location(spell(words.file), words.line)
            pieces = words if isinstance(words, tuple) else (words or "",)
            return "".join(spell(p) if isinstance(p, Parameter) else str(p) for p in pieces)

        where = f"{printable(spelt(self.where))}: " if self.where else ""
        hint = f" ({spelt(self._hint)})" if self._hint else ""
        return printable(f"{where}{spelt(self._what)}{hint}", 1000)

    def __str__(self) -> str:
        return self.line()


class BadInput(PjresolveError):
    """An option, a URI, a file or a scenario that cannot be used. Exit code 2."""


class DnsUnavailable(PjresolveError):
    """No name server could be asked. Exit code 3."""

    exit_code: ClassVar[int] = 3
