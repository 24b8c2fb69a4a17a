"""Asterisk's configuration syntax: from files to sections with inherited entries.

Rules of this file:
- what Asterisk 22 does with a text decides, line for line; docs/pjsip-conf.md says how each rule was seen;
- every entry keeps the file and line that wrote it, through templates and includes;
- what makes Asterisk refuse the file raises BadInput; what it passes over becomes a Notice;
- nothing is executed, and size, depth and growth are bounded before memory is.
"""

from __future__ import annotations

from pathlib import Path

from pjresolve.config.assembly import Assembly, Refused
from pjresolve.config.includes import INCLUDE_DEPTH, Files
from pjresolve.config.lines import BLANK, Comments, Notice, lines_of
from pjresolve.config.sections import Document, Entry, Section
from pjresolve.errors import BadInput, Location, printable

SECTION_NAME_LIMIT = 79
"""Bytes of a section's name; Asterisk drops the rest."""
NOQA_LIMIT = 100_000
"""Comments with "noqa" that are kept."""
NOTICE_LIMIT = 1_000
"""Notices that one document may give cause for."""

__all__ = ["Document", "Entry", "Notice", "Section", "read", "read_text"]


def read(path: str | Path, *, config_dir: Path | None = None, goes_on: bool = False) -> Document:
    """The document in the file at `path`.

    `config_dir` is the directory that relative includes start from (Asterisk's `astetcdir`); by default
    that of the file. Raises BadInput where the file cannot be read, where Asterisk refuses it, and where
    it exceeds a bound. With `goes_on` an `#include` of nothing in the file itself is a Notice, and the
    sections that may have their parents there are left out.
    """
    path = Path(path)
    reader = _Reader(Files(config_dir if config_dir is not None else path.parent), goes_on)
    text = reader.files.start(path)
    return reader.document(text, str(path))


def read_text(
    text: str,
    *,
    name: str = "pjsip.conf",
    config_dir: Path | None = None,
    roots: tuple[Path, ...] | None = None,
) -> Document:
    """The document that `text` is, called `name` in locations. See `read`.

    Without `config_dir`, relative includes start from the current directory. Where `roots` are given, only
    files in those folders and below can be included: the text is somebody else's.
    """
    reader = _Reader(Files(config_dir if config_dir is not None else Path(), roots))
    return reader.document(reader.files.accept(text, Location(name)), name)


class _Reader:
    """One reading. An included file gives the section that entries go to back to its includer."""

    def __init__(self, files: Files, goes_on: bool = False) -> None:
        self.files, self.goes_on = files, goes_on
        self.assembly = Assembly()
        self.notices: list[Notice] = []
        self.noqa: list[tuple[Location, str]] = []

    def document(self, text: str, name: str) -> Document:
        try:
            self.file(text, name, 0)
        except Refused as refused:
            raise BadInput(refused.what, where=refused.where, hint=refused.hint) from None
        sections = tuple(draft.finished() for draft in self.assembly.drafts if not draft.unknown)
        return Document(sections, tuple(self.notices), tuple(self.files.names), tuple(self.noqa), text)

    def notice(self, where: Location, what: str, hint: str, code: str) -> None:
        self.notices.append(Notice(where, what, hint, code))
        if len(self.notices) > NOTICE_LIMIT:
            raise BadInput(f"more than {NOTICE_LIMIT} lines that mean nothing: no configuration", where=where)

    # ------------------------------------------------------------------ lines

    def file(self, text: str, name: str, depth: int) -> None:
        comments = Comments(name)
        for number, raw in lines_of(text, name, self.notices):
            if "noqa" in raw and ";" in raw and len(self.noqa) < NOQA_LIMIT:
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
            raise Refused("Invalid escape", where, "Asterisk refuses the file; remove the backslash")

    def entry(self, line: str, where: Location, skip: int = 0) -> None:
        """A `name = value` line; an equals sign among the first `skip` characters is part of the name."""
        if self.assembly.section is None:
            raise Refused(
                f"parse error: No category context for line {where.line}",
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
        self.assembly.add(self.assembly.section, Entry(name, value, where), gathers)

    # ------------------------------------------------------------------ sections

    def header(self, line: str, where: Location) -> None:
        end = line.find("]")
        if end < 0:
            raise Refused("parse error: no closing ']'", where, "Asterisk refuses the file; write [name]")
        name, rest = self.name(line[1:end], where), line[end + 1 :]
        options: list[str] = []
        if rest.startswith("("):
            close = rest.find(")")
            if close < 0:
                raise Refused("parse error: no closing ')'", where, "Asterisk refuses the file; write (…)")
            options, rest = rest[1:close].split(","), rest[close + 1 :]
        if rest.strip(BLANK):
            self.notice(
                where,
                f"{printable(rest.strip(BLANK), 40)!r} after the section's name is ignored",
                "options stand in brackets right behind the ]",
                "section-text",
            )
        self.assembly.open(name, options, where)

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
            what = f"The file '{printable(argument)}' was listed as a #include but it does not exist"
            if not self.goes_on or depth > 0:
                hint = "Asterisk refuses the file; use #tryinclude where it may be missing"
                raise Refused(what, where, hint)
            self.assembly.incomplete = True
            self.notice(where, what, "use #tryinclude where it may be missing", "missing-include")
        elif not paths:
            code = "tryinclude-outside" if argument.lstrip('"<').startswith("/") else "tryinclude"
            self.notice(where, f"#tryinclude {printable(argument, 60)} matches no file", "", code)
        for path in paths:
            if not self.nested(path, where, depth + 1):
                return

    def nested(self, path: str, where: Location, depth: int) -> bool:
        """Read an included file; False where it broke off, and with it the rest of the include's matches."""
        if depth > INCLUDE_DEPTH:
            raise BadInput(
                f"includes are nested deeper than Asterisk's {INCLUDE_DEPTH} levels",
                where=where,
                hint="include fewer levels",
            )
        section, whole = self.assembly.section, True
        try:
            with self.files.opened(path, where):
                self.file(self.files.load(path, where), path, depth)
        except Refused as refused:
            whole = False
            self.notice(
                refused.where,
                f"{refused.what}: the rest of this file is not read",
                refused.hint.removeprefix("Asterisk refuses the file; "),
                "broken-file",
            )
        self.assembly.section = section
        return whole
