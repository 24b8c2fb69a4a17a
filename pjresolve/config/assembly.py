"""Sections while they are put together: inheritance, additions and `+=`.

Rules of this file:
- names of sections are compared without case, and of several the first counts;
- what a child inherits is what its parent holds at that line;
- growth is bounded before memory is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pjresolve.config.filters import AdditionFilter
from pjresolve.config.lines import BLANK
from pjresolve.config.sections import Entry, Section
from pjresolve.errors import BadInput, Location, printable

ENTRY_LIMIT = 300_000
"""Sections and entries that one document may hold, inherited ones counted each time."""
LOOKS_LIMIT = 4_000_000
"""Entries that `(+…)` and `+=` may look at, so that no file takes for ever."""
VALUE_LIMIT = 65_536
"""Characters that `+=` may gather in one value."""


class Refused(Exception):
    """A line that ends the reading of its file."""

    def __init__(self, what: str, where: Location, hint: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.hint = what, where, hint


@dataclass(slots=True)
class Draft:
    """A section that may still grow. It is `unknown` where what it inherits or adds to cannot be read."""

    name: str
    where: Location
    template: bool = False
    unknown: bool = False
    parents: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    own: list[Entry] = field(default_factory=list)

    def finished(self) -> Section:
        return Section(
            self.name, self.where, self.template, tuple(self.parents), tuple(self.entries), tuple(self.own)
        )


class Assembly:
    """The sections so far. `section` is the one that entries go to.

    `incomplete` says that a file is missing which may hold what is not found here.
    """

    def __init__(self) -> None:
        self.incomplete = False
        self.section: Draft | None = None
        self.drafts: list[Draft] = []
        self.by_name: dict[str, list[Draft]] = {}
        self.count = 0
        self.looks = 0

    def add(self, section: Draft, entry: Entry, gathers: bool) -> None:
        """Put an entry into `section`; `gathers` for `+=`, whose value keeps its leading space here."""
        self._grow(1, entry.where)
        section.own.append(entry)
        entries = section.entries
        if not gathers:
            entries.append(entry)
            return
        self._spend(len(entries), entry.where)
        before = next((e.value for e in reversed(entries) if e.name == entry.name), None)
        value = ((before or "") + entry.value).lstrip(BLANK)
        if len(value) > VALUE_LIMIT:
            raise BadInput(f"+= makes a value longer than {VALUE_LIMIT} characters", where=entry.where)
        merged = Entry(entry.name, value, entry.where)
        if before is None:
            entries.append(merged)
            return
        # Asterisk replaces not the entry that it extends but the first one like it
        wanted = entry.name.lower()
        alike = (e.name.lower() == wanted and before in ("", e.value) for e in entries)
        entries[next(i for i, same in enumerate(alike) if same)] = merged

    def _grow(self, by: int, where: Location) -> None:
        self.count += by
        if self.count > ENTRY_LIMIT:
            raise BadInput(
                f"more than {ENTRY_LIMIT} sections and entries, inherited ones counted", where=where
            )

    def _spend(self, looks: int, where: Location) -> None:
        self.looks += looks
        if self.looks > LOOKS_LIMIT:
            raise BadInput("its (+) and += take too long to follow", where=where)

    def open(self, name: str, options: list[str], where: Location) -> None:
        """Start a section, or go back to one; `options` is what stands in its brackets, split at commas."""
        additions = [o for o in options if o.startswith("+")]
        draft = self._addition(name, additions[-1][1:], where) if additions else Draft(name, where)
        for option in options:
            if option == "!":
                draft.template = True
            elif not option.startswith("+"):
                self._inherit(draft, option, where)
        if not additions:
            self._grow(1, where)
            self.drafts.append(draft)
            self.by_name.setdefault(name.lower(), []).append(draft)
        self.section = draft

    def _addition(self, name: str, criteria: str, where: Location) -> Draft:
        wanted = AdditionFilter.parse(criteria, where)
        for draft in self._named(name):
            self._spend(1 + len(draft.entries) * len(wanted.wanted or ()), where)
            if wanted.matches(draft.template, draft.entries):
                return draft
        if self.incomplete:
            return Draft(name, where, unknown=True)
        raise Refused(
            f"Category addition requested, but category '{printable(name)}' does not exist",
            where,
            "Asterisk refuses the file; (+) needs an earlier section of that name, templates not counted",
        )

    def _named(self, name: str) -> list[Draft]:
        """The sections of that name; an empty name means any, as in Asterisk."""
        return self.by_name.get(name.lower(), []) if name else self.drafts

    def _inherit(self, draft: Draft, parent: str, where: Location) -> None:
        parents = self._named(parent)
        if not parents and self.incomplete:
            draft.unknown = True
            return
        if not parents:
            raise Refused(
                f"Inheritance requested, but category '{printable(parent)}' does not exist",
                where,
                "Asterisk refuses the file; a parent stands before its children, names are taken with spaces",
            )
        if parents[0] is draft:
            what = f"section '{printable(draft.name)}' inherits from itself: Asterisk never ends reading it"
            raise BadInput(what, where=where)
        self._grow(len(parents[0].entries), where)
        draft.unknown = draft.unknown or parents[0].unknown
        draft.parents.append(parents[0].name)
        draft.entries.extend(parents[0].entries)
