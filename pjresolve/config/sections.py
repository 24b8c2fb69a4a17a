"""A configuration once it is read: entries, sections and the document.

Rules of this file:
- every value is immutable and keeps the file and line that wrote it;
- option names are compared without case, names and values of sections with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from pjresolve.config.lines import Notice
from pjresolve.errors import Location


@dataclass(frozen=True, slots=True)
class Entry:
    """One `name = value` line. The name is as written: Asterisk compares it without case."""

    name: str
    value: str
    where: Location


@dataclass(frozen=True, slots=True)
class Section:
    """One `[name]` section with what it inherits.

    `entries` is what Asterisk sees, in its order: those of each parent, then its own, with `+=` applied
    in place. `own` is what is written under this header and its `(+)` additions.
    """

    name: str
    where: Location
    template: bool
    parents: tuple[str, ...]
    entries: tuple[Entry, ...]
    own: tuple[Entry, ...]

    @property
    def type(self) -> str:
        """The value of the first `type`, inherited ones included: it is the one that counts. Or empty."""
        for entry in self.entries:
            if entry.name.lower() == "type":
                return entry.value
        return ""

    def last(self, name: str) -> Entry | None:
        """The last entry of that name in any case: it counts where an option takes one value."""
        name = name.lower()
        for entry in reversed(self.entries):
            if entry.name.lower() == name:
                return entry
        return None

    def all(self, name: str) -> tuple[Entry, ...]:
        """All entries of that name in any case, for options that take a list."""
        name = name.lower()
        return tuple(e for e in self.entries if e.name.lower() == name)


@dataclass(frozen=True, slots=True)
class Document:
    """A configuration as Asterisk would load it.

    `sections` stand in file order, templates included. `files` are those read, in order. `noqa` holds
    every comment with that word, and the line that it stands on. `text` is that of the first file.
    """

    sections: tuple[Section, ...]
    notices: tuple[Notice, ...]
    files: tuple[str, ...]
    noqa: tuple[tuple[Location, str], ...] = ()
    text: str = ""
