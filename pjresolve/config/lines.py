"""The lowest layer of Asterisk's configuration syntax: from bytes to lines without comments.

Rules of this file:
- a file is bytes cut at line feeds; whatever is at or below the space character is trimmed at both ends;
- `;` starts a comment unless a backslash stands right before it, and then only the backslash goes;
- `;--` not followed by a third dash opens a block, `--;` closes it, blocks nest and span lines;
- a line of `LINE_LIMIT` bytes or more is skipped, as Asterisk does, with a Notice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pjresolve.errors import BadInput, Location

LINE_LIMIT = 8191
"""Bytes of a line, its line feed not counted, from which Asterisk skips it."""
BLOCK_DEPTH_LIMIT = 127
"""Comment blocks inside each other beyond which a file is rejected."""
BLANK = "".join(map(chr, range(33)))
"""What Asterisk trims: the space and every character before it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something in a file that Asterisk passes over, logs, or cuts short without refusing the file.

    `code` is stable: `exec`, `tryinclude`, `tryinclude-outside` (of an absolute path), `missing-include`,
    `directive`, `no-equals`, `no-name`, `long-line`, `open-comment`, `stray-comment-end`, `broken-file`,
    `section-text`, `section-name`.
    """

    where: Location
    what: str
    hint: str
    code: str


@dataclass(slots=True)
class Comments:
    """The block comment that is open, across the lines of one file. `depth` below 0 is a stray `--;`."""

    file: str
    depth: int = 0
    opened: int = 0

    def strip(self, line: str, number: int) -> str:
        """`line` without its comments and without the backslashes that protect a semicolon."""
        if self.depth == 0 and ";" not in line:
            return line
        kept: list[str] = []
        # where the text that counts begins; in a comment, the end of the line
        start = 0 if self.depth == 0 else len(line)
        floor = 0  # two dashes before here belong to the opening of a block
        at = line.find(";")
        while at >= 0:
            if at and line[at - 1] == "\\":
                if start < at:
                    kept.append(line[start : at - 1])
                    start = at
            elif line.startswith("--", at + 1) and not line.startswith("-", at + 3):
                kept.append(line[start:at])
                start = len(line)
                self._enter(number)
                floor = at + 2
            elif at >= floor + 2 and line[at - 2 : at] == "--":
                self.depth -= 1
                if self.depth == 0:
                    start = at + 1
                elif self.depth == -1:
                    self.opened = number
            elif self.depth == 0:
                kept.append(line[start:at])
                break
            at = line.find(";", at + 1)
        else:
            kept.append(line[start:])
        return "".join(kept)

    def _enter(self, number: int) -> None:
        if self.depth == 0:
            self.opened = number
        self.depth += 1
        if self.depth > BLOCK_DEPTH_LIMIT:
            what = f"more than {BLOCK_DEPTH_LIMIT} comment blocks inside each other"
            raise BadInput(what, where=Location(self.file, number))


def lines_of(text: str, name: str, notices: list[Notice]) -> Iterator[tuple[int, str]]:
    """Each line of `text` with its number from 1, without those that are too long."""
    number, start = 0, 0
    while start <= len(text):
        number += 1
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line, start = text[start:end], end + 1
        if len(line) >= LINE_LIMIT // 4 and len(line.encode("utf-8", "surrogateescape")) >= LINE_LIMIT:
            hint = f"keep lines under {LINE_LIMIT} bytes"
            notices.append(
                Notice(Location(name, number), f"Line {number} too long: ignored", hint, "long-line")
            )
        else:
            yield number, line
