"""Every error a user can meet, each with what, where and how to mend it.

Rules of this file:
- an error is one line of text, built from structured fields, never a traceback;
- text that came from a file, the DNS or the command line is escaped before it is shown;
- each class carries the exit code that the command line documents.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

SHOWN = 120
"""Characters of foreign text that an error line shows at most."""


def printable(text: str, limit: int = SHOWN) -> str:
    """`text` on one line with control, bidirectional and surrogate characters escaped, cut at `limit`."""
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


class PjresolveError(Exception):
    """What went wrong, where, and how to mend it. `str()` of it is one printable line."""

    exit_code: ClassVar[int] = 2

    def __init__(self, what: str, *, where: Location | str | None = None, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        where = f"{printable(str(self.where))}: " if self.where else ""
        hint = f" ({self.hint})" if self.hint else ""
        return printable(f"{where}{self.what}{hint}", 1000)


class BadInput(PjresolveError):
    """An option, a URI, a file or a scenario that cannot be used. Exit code 2."""


class DnsUnavailable(PjresolveError):
    """No name server could be asked. Exit code 3."""

    exit_code: ClassVar[int] = 3
