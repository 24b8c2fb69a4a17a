"""What a fix does to the files: the lines that are printed are the lines that change.

Rules of this file:
- a fix is printed only where it is sure; a rule that cannot be sure gives advice in words instead;
- nothing is deleted: a line that goes is turned into a comment, so that its owner can see what it was;
- where a changed line holds more than its option (the ends of a comment block, `+=`), there is no fix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pjresolve.config.sections import Entry, Section
from pjresolve.config.values import escaped
from pjresolve.errors import Location, printable

LONGEST = 400
"""Characters of a line that a fix writes at most."""
SECRETS = frozenset(("password", "md5_cred", "password_digest", "oauth_secret", "refresh_token", "secret"))
"""Options whose values are never shown."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One or more lines, `text`, that take the place of the line at `where` or, unless it `replaces` it,
    stand behind it. Line 0 is the end of the file. `shown` is the text to print where a secret stands in it.
    """

    where: Location
    text: str
    replaces: bool = False
    shown: str = ""


Fix = Sequence[Edit]
"""Edits that belong together: all of them, or none."""


def written(name: str, value: str, note: str = "") -> str:
    """A line `name=value`, the value spelt as the file has to spell it, with a note as its comment."""
    return f"{name}={escaped(value)}" + (f"   ; {note}" if note else "")


def set_option(section: Section, name: str, value: str, note: str = "") -> Edit:
    """The line of an option that counts with another value, or a new line in the section.

    An option that a template gives changes in the template, which is where a finding about it points.
    """
    entry = section.last(name)
    text = written(entry.name if entry else name, value, note)
    if entry is not None:
        return Edit(entry.where, text, True)
    return add_line(section, text)


def set_entry(entry: Entry, value: str, name: str = "") -> Edit:
    """The line of an entry with another value, and another name where one is given."""
    return Edit(entry.where, written(name or entry.name, value), True)


def add_line(section: Section, text: str) -> Edit:
    """New lines below those of a section: its last that stands in the same file, else its header."""
    own = [e.where for e in section.own if e.where.file == section.where.file]
    return Edit(max([w for w in own if w.line > section.where.line], default=section.where), text)


def comment_out(entry: Entry) -> Edit:
    """The line of an entry as a comment."""
    text = f";{written(entry.name, entry.value)}"
    secret = entry.name.lower() in SECRETS
    return Edit(entry.where, text, True, f";{printable(entry.name)}=…" if secret else "")


def unset(section: Section, name: str) -> Edit:
    """An option of a section without a value: its line as a comment, or an empty one where more than that
    line would count.
    """
    entries = section.all(name)
    if len(entries) == 1 and entries[0] in section.own:
        return comment_out(entries[0])
    return add_line(section, f"{name}=")


def append(file: str, lines: Iterable[str]) -> Edit:
    """A section at the end of a file."""
    return Edit(Location(file), "\n".join(lines))


def text_of(fix: Fix) -> str:
    """The lines of a fix as they are printed."""
    return "\n".join(edit.shown or edit.text for edit in fix)


def is_sure(fix: Fix, line: Callable[[Location], str]) -> bool:
    """Whether a fix can be written as it is printed. `line` gives a line of a file as it stands there."""
    for edit in fix:
        lines = edit.text.split("\n")
        if any(len(text) > LONGEST or printable(text, LONGEST) != text or ";--" in text for text in lines):
            return False
        old = line(edit.where) if edit.where.line and edit.replaces else ""
        if any(sign in old for sign in (";--", "--;", "+=")):
            return False
    return bool(fix)


def applied(fix: Fix, files: dict[str, str]) -> dict[str, str]:
    """The files, by name, with a fix applied. Raises KeyError for an edit of a file that is not there."""
    out = dict(files)
    # from the bottom up, so that line numbers hold; of one place, the first edit comes to stand first
    backwards = list(reversed(fix))
    backwards.sort(key=lambda e: (bool(e.where.line), -e.where.line, e.replaces))
    for edit in backwards:
        lines = out[edit.where.file].split("\n")
        at = edit.where.line or len(lines)
        if not edit.where.line and lines[-1] == "":
            at -= 1
        lines[at - 1 if edit.replaces else at : at] = edit.text.split("\n")
        out[edit.where.file] = "\n".join(lines)
    return out
