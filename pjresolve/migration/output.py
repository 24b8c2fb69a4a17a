"""pjsip.conf in the making: sections whose every line says where it comes from.

Rules of this file:
- a line that Asterisk would refuse is never written: it is left over, with its reason;
- names are made such that Asterisk takes them, and unique within their type;
- what a file gave is escaped: a semicolon, a leading `>`, a line break in a comment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePath

from pjresolve.config.lines import BLANK
from pjresolve.config.loading import fault
from pjresolve.config.reader import SECTION_NAME_LIMIT, Document, Entry, Section
from pjresolve.config.schema import option
from pjresolve.config.values import escaped, unfit
from pjresolve.errors import Location, printable
from pjresolve.migration.source import Leftover, written

COMMENT_COLUMN = 42
LONGEST = 4000
"""Bytes of a value; Asterisk skips lines of 8191 and more."""
TYPES_IN_ORDER = ("global", "system", "transport", "endpoint", "auth", "aor", "identify", "registration")
SECRET_OPTIONS = ("password", "md5_cred")
WRITTEN = Location("pjsip.conf")
RESERVED = ("global", "system")
"""Section names that have a meaning of their own."""


@dataclass(frozen=True, slots=True)
class Line:
    """One option. `origin` says in a comment where it comes from."""

    option: str
    value: str
    origin: str


@dataclass(slots=True)
class OutSection:
    """A section to be written; `parent` is a template. `warning` stands above it, as `remark` does."""

    kind: str
    name: str
    template: bool = False
    parent: str = ""
    remark: str = ""
    warning: str = ""
    lines: list[Line] = field(default_factory=list)

    def read(self, parent: Section | None = None) -> Section:
        """The section as Asterisk reads it, with what it inherits from `parent`."""
        lines = [("type", self.kind), *((line.option, line.value) for line in self.lines)]
        own = tuple(Entry(name, value, WRITTEN) for name, value in lines)
        parents = (self.parent,) if parent is not None else ()
        inherited = parent.entries if parent is not None else ()
        return Section(self.name, WRITTEN, self.template, parents, inherited + own, own)


class Output:
    """All sections, and what has no equivalent."""

    def __init__(self) -> None:
        self.sections: list[OutSection] = []
        self.leftovers: list[Leftover] = []
        self._names: set[tuple[str, str]] = set()

    def section(self, kind: str, name: str, **more: str | bool) -> OutSection:
        """A new section of that type, named `name` or as near to it as is free."""
        section = OutSection(kind, self.name(kind, name), **more)  # type: ignore[arg-type]
        self.sections.append(section)
        return section

    def name(self, kind: str, wanted: str) -> str:
        """A name that Asterisk takes and no section of that type has, and that is taken from now on."""
        base = safe_name(wanted)
        name, number = base, 1
        while (kind, name) in self._names:
            number += 1
            name = f"{_cut(base, SECTION_NAME_LIMIT - 6)}-{number}"
        self._names.add((kind, name))
        return name

    def template_name(self, wanted: str) -> str:
        """A name for a template that no section at all has in any case: parents are looked up among all."""
        everybody = {name.lower() for _, name in self._names}
        base = safe_name(wanted)
        name, number = base, 1
        while name.lower() in everybody:
            number += 1
            name = f"{_cut(base, SECTION_NAME_LIMIT - 6)}-{number}"
        self._names.add(("template", name))
        return name

    def taken(self, kind: str, name: str) -> bool:
        """Whether a section of that type has the name."""
        return (kind, name) in self._names

    def add(self, section: OutSection, name: str, value: str, origin: Entry | str) -> bool:
        """Add an option unless Asterisk would refuse it, which is then left over. Whether it was added."""
        value = value.strip(BLANK)  # as it is read, whatever part of a value it comes from
        definition = option(section.kind, name)
        assert definition is not None, name  # a mistake here, not in the file
        if len(value) > LONGEST // 4 and len(value.encode("utf-8", "surrogateescape")) > LONGEST:
            why = f"the value is longer than {LONGEST} bytes"
        elif definition.refuses(value) or unfit(section.kind, name, value):
            shown = "its value" if name in SECRET_OPTIONS else f"{name}={printable(value, 60)}"
            why = f"Asterisk would refuse {shown}"
        else:
            section.lines.append(Line(name, value, origin if isinstance(origin, str) else source_of(origin)))
            return True
        if isinstance(origin, Entry):
            self.left(origin, why)
        else:
            self.leftovers.append(Leftover(Location(""), f"{name} of [{section.name}]", why))
        return False

    def fault(self, section: OutSection) -> str:
        """Why Asterisk would refuse the section as it is, or "". A value of the file is not repeated."""
        _, message = fault(section.kind, section.read())
        return "Asterisk would refuse what it becomes: a part of it is no SIP URI" if message else ""

    def left(self, entry: Entry, why: str, *, hidden: bool = False) -> None:
        """An option has no equivalent. `hidden` keeps its value back whatever its name."""
        self.leftovers.append(Leftover(entry.where, f"{entry.name}=…" if hidden else written(entry), why))

    def warn(self, where: Location, what: str, why: str) -> None:
        """Something that somebody has to look at before the result is used."""
        self.leftovers.append(Leftover(where, what, why, warning=True))

    def text(self, title: Sequence[str]) -> str:
        """The file. Sections of a type stand together, in the order of TYPES_IN_ORDER; templates first."""
        warnings = [f"WARNING: {x}" for x in self.leftovers if x.warning]
        parts = ["".join(f"; {printable(line, 500)}\n" for line in [*title, *warnings])]
        parts += [_section(s) for s in self._in_order()]
        left = [str(x) for x in self.leftovers if not x.warning]
        if left:
            parts.append("".join(f"; {line}\n" for line in ["No equivalent:", *left]))
        return "\n".join(parts)

    def document(self) -> Document:
        """What the text is once it is read, without its lines' numbers."""
        done: dict[str, Section] = {}
        sections = []
        for section in self._in_order():
            read = section.read(done[section.parent] if section.parent else None)
            if section.template:
                done[section.name] = read
            sections.append(read)
        return Document(tuple(sections), (), ())

    def _in_order(self) -> list[OutSection]:
        order = {kind: place for place, kind in enumerate(TYPES_IN_ORDER)}
        return sorted(self.sections, key=lambda s: (order[s.kind], not s.template))


def source_of(entry: Entry) -> str:
    """Where an option comes from, for a comment: file, line and its name, never its value."""
    return f"{place(entry.where)} {printable(entry.name, 60)}"


def place(where: Location) -> str:
    """The line without the folder of its file, which the head of the text tells once."""
    return f"{_file(where.file)}:{where.line}" if where.line else _file(where.file)


@cache
def _file(path: str) -> str:
    return str(Location(PurePath(path).name))


def safe_name(wanted: str) -> str:
    """A section name that Asterisk takes for nothing else: no commas, which separate names in a list."""
    name = "".join(c if c.isprintable() and c not in ",[]()" else "_" for c in wanted).strip()
    if name.lower() in RESERVED or not name:
        name = f"sip-{name}"
    return _cut(name, SECTION_NAME_LIMIT)


def _cut(name: str, limit: int) -> str:
    return name.encode("utf-8", "surrogateescape")[:limit].decode("utf-8", "ignore").rstrip()


def _section(section: OutSection) -> str:
    header = f"[{section.name.replace(';', chr(92) + ';')}]"
    parent = section.parent.replace(";", chr(92) + ";")
    if section.template:
        header += f"(!,{parent})" if parent else "(!)"
    elif parent:
        header += f"({parent})"
    lines = [f"; {printable(section.remark, 300)}"] if section.remark else []
    lines += [f"; WARNING: {printable(section.warning, 300)}"] if section.warning else []
    lines.append(header)
    for line in [Line("type", section.kind, ""), *section.lines]:
        text = f"{line.option}={escaped(line.value)}"
        comment = f"  ; {printable(line.origin, 200)}" if line.origin else ""
        lines.append(f"{text:<{COMMENT_COLUMN if comment else 0}}{comment}")
    return "".join(f"{line}\n" for line in lines)
