"""Asterisk's configuration syntax: from files to sections with inherited entries.

Rules of this file:
- what Asterisk 22 does with a text decides, line for line; docs/pjsip-conf.md says how each rule was seen;
- every entry keeps the file and line that wrote it, through templates and includes;
- what makes Asterisk refuse the file raises BadInput; what it passes over becomes a Notice;
- nothing is executed, and size, depth and growth are bounded before memory is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pjresolve.config.filters import AdditionFilter
from pjresolve.config.includes import INCLUDE_DEPTH, Files
from pjresolve.config.lines import BLANK, Comments, Notice, lines_of
from pjresolve.config.sections import Document, Entry, Section
from pjresolve.errors import BadInput, Location, printable

SECTION_NAME_LIMIT = 79
"""Bytes of a section's name; Asterisk drops the rest."""
ENTRY_LIMIT = 400_000
"""Entries that one document may hold, inherited ones counted each time."""
LOOKS_LIMIT = 5_000_000
"""Entries that `(+…)` and `+=` may look at, so that no file takes for ever."""
VALUE_LIMIT = 65_536
"""Characters that `+=` may gather in one value."""

__all__ = ["Document", "Entry", "Notice", "Section", "read", "read_text"]


def read(path: str | Path, *, config_dir: Path | None = None) -> Document:
    """The document in the file at `path`.

    `config_dir` is the directory that relative includes start from (Asterisk's `astetcdir`); by default
    that of the file. Raises BadInput where the file cannot be read, where Asterisk refuses it, and where
    it exceeds a bound.
    """
    path = Path(path)
    builder = _Builder(Files(config_dir if config_dir is not None else path.parent))
    text = builder.files.load(str(path), Location(str(path)))
    return builder.document(text, str(path))


def read_text(text: str, *, name: str = "pjsip.conf", config_dir: Path | None = None) -> Document:
    """The document that `text` is, called `name` in locations. See `read`.

    Without `config_dir`, relative includes start from the current directory.
    """
    builder = _Builder(Files(config_dir if config_dir is not None else Path()))
    return builder.document(builder.files.accept(text, Location(name)), name)


class _Refused(Exception):
    """A line that ends the reading of its file."""

    def __init__(self, what: str, where: Location, mend: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.mend = what, where, mend


@dataclass(slots=True)
class _Draft:
    name: str
    where: Location
    template: bool = False
    parents: list[str] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    own: list[Entry] = field(default_factory=list)

    def finished(self) -> Section:
        return Section(
            self.name, self.where, self.template, tuple(self.parents), tuple(self.entries), tuple(self.own)
        )


class _Builder:
    """One reading. `section` is the one that entries go to; an included file gives it back."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.drafts: list[_Draft] = []
        self.by_name: dict[str, list[_Draft]] = {}
        self.section: _Draft | None = None
        self.notices: list[Notice] = []
        self.noqa: list[tuple[Location, str]] = []
        self.count = 0
        self.looks = 0

    def document(self, text: str, name: str) -> Document:
        try:
            self.file(text, name, 0)
        except _Refused as refused:
            raise BadInput(refused.what, where=refused.where, mend=refused.mend) from None
        sections = tuple(draft.finished() for draft in self.drafts)
        return Document(sections, tuple(self.notices), tuple(self.files.names), tuple(self.noqa))

    def notice(self, where: Location, what: str, mend: str, code: str) -> None:
        self.notices.append(Notice(where, what, mend, code))

    # ------------------------------------------------------------------ lines

    def file(self, text: str, name: str, depth: int) -> None:
        comments = Comments(name)
        for number, raw in lines_of(text, name, self.notices):
            if "noqa" in raw and ";" in raw:
                self.noqa.append((Location(name, number), raw[raw.index(";") :]))
            line = comments.strip(raw, number).strip(BLANK)
            if line:
                self.line(line, Location(name, number), depth)
        if comments.depth > 0:
            self.notice(
                Location(name, comments.opened),
                "this comment block is never closed: the rest of the file is not read",
                "close it with --;",
                "open-comment",
            )
        elif comments.depth < 0:
            self.notice(
                Location(name, comments.opened),
                "--; closes no comment block: what follows in the file is not read",
                "write \\; for a semicolon in a value",
                "stray-comment-end",
            )

    def line(self, line: str, where: Location, depth: int) -> None:
        if line[0] == "[":
            self.header(line, where)
        elif line[0] == "#":
            self.directive(line, where, depth)
        elif line[0] != "\\":
            self.entry(line, where)
        elif len(line) > 1 and line[1] not in BLANK:
            self.entry(line[1:], where, 1)
        else:
            raise _Refused("Invalid escape", where, "Asterisk refuses the file; remove the backslash")

    def entry(self, line: str, where: Location, skip: int = 0) -> None:
        """A `name = value` line; an equals sign among the first `skip` characters is part of the name."""
        if self.section is None:
            raise _Refused(
                "parse error: No category context: an entry stands before the first [section]",
                where,
                "Asterisk refuses the file; put a [section] line before it",
            )
        name, equals, value = line[skip:].partition("=")
        name = line[:skip] + name
        if not equals:
            self.notice(where, f"no '=' in {printable(line, 60)!r}: ignored", "write name=value", "no-equals")
            return
        gathers = name.endswith("+")
        name = name.removesuffix("+").rstrip(BLANK)
        if not gathers:
            value = value.removeprefix(">").lstrip(BLANK)
        if not name:
            self.notice(where, "no option name before '=': ignored", "write name=value", "no-name")
            return
        self.add(self.section, Entry(name, value, where), gathers)

    def add(self, section: _Draft, entry: Entry, gathers: bool) -> None:
        section.own.append(entry)
        entries, value = section.entries, entry.value.lstrip(BLANK) if gathers else entry.value
        if gathers:
            self.spend(len(entries), entry.where)
        before = next((e for e in reversed(entries) if e.name == entry.name), None) if gathers else None
        if before is None:
            self.grow(1, entry.where)
            entries.append(Entry(entry.name, value, entry.where))
            return
        value = (before.value + entry.value).lstrip(BLANK)
        if len(value) > VALUE_LIMIT:
            raise BadInput(f"+= makes a value longer than {VALUE_LIMIT} characters", where=entry.where)
        # Asterisk replaces not the entry that it extends but the first one like it
        wanted = entry.name.lower()
        alike = (e.name.lower() == wanted and before.value in ("", e.value) for e in entries)
        at = next(i for i, same in enumerate(alike) if same)
        entries[at] = Entry(entry.name, value, entry.where)

    def grow(self, by: int, where: Location) -> None:
        self.count += by
        if self.count > ENTRY_LIMIT:
            raise BadInput(f"more than {ENTRY_LIMIT} entries, inherited ones counted", where=where)

    def spend(self, looks: int, where: Location) -> None:
        self.looks += looks
        if self.looks > LOOKS_LIMIT:
            raise BadInput("its (+) and += take too long to follow", where=where)

    # ------------------------------------------------------------------ sections

    def header(self, line: str, where: Location) -> None:
        end = line.find("]")
        if end < 0:
            raise _Refused("parse error: no closing ']'", where, "Asterisk refuses the file; write [name]")
        name, rest = self.name(line[1:end], where), line[end + 1 :]
        options: list[str] = []
        if rest.startswith("("):
            close = rest.find(")")
            if close < 0:
                raise _Refused("parse error: no closing ')'", where, "Asterisk refuses the file; write (…)")
            options, rest = rest[1:close].split(","), rest[close + 1 :]
        if rest.strip(BLANK):
            self.notice(
                where,
                f"{printable(rest.strip(BLANK), 40)!r} after the section's name is ignored",
                "options stand in brackets right behind the ]",
                "section-text",
            )
        self.open(name, options, where)

    def name(self, name: str, where: Location) -> str:
        if len(name.encode("utf-8", "surrogateescape")) <= SECTION_NAME_LIMIT:
            return name
        cut = name.encode("utf-8", "surrogateescape")[:SECTION_NAME_LIMIT].decode("utf-8", "surrogateescape")
        self.notice(
            where,
            f"the section's name is cut after {SECTION_NAME_LIMIT} bytes",
            "shorten the name",
            "section-name",
        )
        return cut

    def open(self, name: str, options: list[str], where: Location) -> None:
        additions = [o for o in options if o.startswith("+")]
        draft = self.addition(name, additions[-1][1:], where) if additions else _Draft(name, where)
        for option in options:
            if option == "!":
                draft.template = True
            elif not option.startswith("+"):
                self.inherit(draft, option, where)
        if not additions:
            self.drafts.append(draft)
            self.by_name.setdefault(name.lower(), []).append(draft)
        self.section = draft

    def addition(self, name: str, criteria: str, where: Location) -> _Draft:
        wanted = AdditionFilter.parse(criteria, where)
        for draft in self.named(name):
            self.spend(1 + len(draft.entries) * len(wanted.wanted or ()), where)
            if wanted.matches(draft.template, draft.entries):
                return draft
        raise _Refused(
            f"Category addition requested, but category '{printable(name)}' does not exist",
            where,
            "Asterisk refuses the file; (+) needs an earlier section of that name, templates not counted",
        )

    def named(self, name: str) -> list[_Draft]:
        """The sections of that name; an empty name means any, as in Asterisk."""
        return self.by_name.get(name.lower(), []) if name else self.drafts

    def inherit(self, draft: _Draft, parent: str, where: Location) -> None:
        found = self.named(parent)
        if not found:
            raise _Refused(
                f"Inheritance requested, but category '{printable(parent)}' does not exist",
                where,
                "Asterisk refuses the file; a parent stands before its children, names are taken with spaces",
            )
        if found[0] is draft:
            what = f"section '{printable(draft.name)}' inherits from itself: Asterisk never ends reading it"
            raise BadInput(what, where=where)
        self.grow(len(found[0].entries), where)
        draft.parents.append(found[0].name)
        draft.entries.extend(found[0].entries)

    # ------------------------------------------------------------------ directives

    def directive(self, line: str, where: Location, depth: int) -> None:
        word, _, rest = line.replace("\t", " ").partition(" ")
        argument = rest.strip(BLANK)
        kind = word[1:].lower()
        if kind == "exec":
            self.notice(
                where,
                f"#exec {printable(argument, 60)} is not run",
                "put what it prints into a file and #include that",
                "exec",
            )
        elif kind in ("include", "tryinclude"):
            self.include(kind, argument, where, depth)
        else:
            self.notice(
                where,
                f"Unknown directive '{printable(word, 40)}': ignored",
                "use #include, #tryinclude or #exec; a comment starts with ;",
                "directive",
            )

    def include(self, kind: str, argument: str, where: Location, depth: int) -> None:
        paths = self.files.find(argument, kind, where)
        if not paths and kind == "include":
            raise _Refused(
                f"The file '{printable(argument)}' was listed as a #include but it does not exist",
                where,
                "Asterisk refuses the file; use #tryinclude where it may be missing",
            )
        if not paths:
            self.notice(where, f"#tryinclude {printable(argument, 60)} matches no file", "", "tryinclude")
        for path in paths:
            if not self.nested(path, where, depth + 1):
                return

    def nested(self, path: str, where: Location, depth: int) -> bool:
        """Read an included file; False where it broke off, and with it the rest of the include's matches."""
        if depth > INCLUDE_DEPTH:
            raise BadInput(
                f"includes are nested deeper than Asterisk's {INCLUDE_DEPTH} levels",
                where=where,
                mend="include fewer levels",
            )
        section, whole = self.section, True
        try:
            with self.files.opened(path, where):
                self.file(self.files.load(path, where), path, depth)
        except _Refused as refused:
            whole = False
            self.notice(
                refused.where,
                f"{refused.what}: the rest of this file is not read",
                refused.mend.removeprefix("Asterisk refuses the file; "),
                "broken-file",
            )
        self.section = section
        return whole
