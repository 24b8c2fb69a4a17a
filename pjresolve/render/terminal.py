"""Lines for a terminal: as wide as it is told, one tone a line, everything foreign escaped.

Rules of this file:
- a line is wrapped before it is coloured, so that no escape sequence is ever counted or cut;
- no control character passes, whoever wrote it.
"""

from __future__ import annotations

import textwrap

from pjresolve.errors import printable
from pjresolve.render.tones import coloured
from pjresolve.story.lines import Tone

WIDTH = 80
"""Columns, where nobody says how many."""


class Page:
    """Text that grows a line at a time, `width` columns wide at most where words allow it."""

    def __init__(self, colour: bool = False, width: int = WIDTH) -> None:
        self.colour, self.width = colour, width
        self._lines: list[str] = []

    def put(self, text: str, tone: Tone = Tone.PLAIN, *, indent: int = 0, hang: int = 2) -> None:
        """Add `text`, wrapped: `indent` blanks before it, `hang` more before its further lines."""
        text = printable(text, 20_000)
        lead = len(text) - len(text.lstrip(" "))
        wrapped = (
            textwrap.wrap(
                text.lstrip(" "),
                self.width,
                initial_indent=" " * (indent + lead),
                subsequent_indent=" " * (indent + hang),
                break_on_hyphens=False,
                drop_whitespace=True,
            )
            if len(text) + indent > self.width
            else [" " * indent + text]
        )
        self._lines += [coloured(line, tone) if self.colour else line for line in wrapped]

    def raw(self, text: str) -> None:
        """Add lines that are laid out, escaped and coloured already."""
        self._lines += text.splitlines()

    def paste(self, text: str, tone: Tone = Tone.PLAIN, *, indent: int = 0) -> None:
        """Add `text` as one line however long it is, so that it can be copied."""
        line = " " * indent + printable(text, 20_000)
        self._lines.append(coloured(line, tone) if self.colour else line)

    def gap(self) -> None:
        """Add an empty line, unless there is one."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def text(self) -> str:
        """The lines so far, each with its end."""
        return "".join(f"{line.rstrip()}\n" for line in self._lines)


def cut(text: str, width: int) -> str:
    """`text`, escaped, in at most `width` columns."""
    return printable(text, max(width, 1))
