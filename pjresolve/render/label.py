"""Foreign text made fit to be shown: escaped, cut to a width, and kept from reordering what stands around it.

Rules of this file:
- whatever came from the DNS, a file or the command line passes through `safe` before it is drawn;
- widths are known beforehand, in cells of a terminal or in pixels, so that nothing has to be measured;
- a long name is cut in its middle: both ends of a domain name matter.
"""

from __future__ import annotations

import unicodedata
from html import escape

from pjresolve.errors import printable

LONGEST = 300
"""Characters of one foreign text that are kept at most."""
FSI, PDI = "\u2068", "\u2069"
"""First strong isolate and its end (Unicode UAX #9): the text between them reorders nothing outside."""
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_SANS = {**dict.fromkeys("fijlrtI.,:;'|!()[]{}/\\ -·", 0.42), **dict.fromkeys("mwMW@%—→←", 1.0)}
"""Advances in em that no common sans-serif face exceeds (DejaVu Sans is the widest of them)."""


def safe(text: str, limit: int = LONGEST) -> str:
    """`text` on one line, control, bidirectional and stacked combining characters escaped, cut at `limit`."""
    out: list[str] = []
    marks = 0
    for char in printable(text, 4 * limit):
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        out.append(char if marks < 2 else char.encode("unicode_escape").decode("ascii"))
    return cut("".join(out), limit)


def left_to_right(text: str) -> str:
    """`text` with right-to-left letters escaped, for a terminal, where nobody knows what they would do."""
    return "".join(
        c.encode("unicode_escape").decode("ascii") if unicodedata.bidirectional(c) in _RIGHT_TO_LEFT else c
        for c in text
    )


def isolated(text: str) -> str:
    """`text` between isolates where it holds right-to-left letters, else as it is."""
    if any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in text):
        return f"{FSI}{text}{PDI}"
    return text


def char_cells(char: str) -> int:
    """Cells of a terminal that a character takes: 0, 1 or 2."""
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def cells(text: str) -> int:
    """Cells of a terminal that `text` takes."""
    return len(text) if text.isascii() else sum(map(char_cells, text))


def cut(text: str, most: int) -> str:
    """`text` in at most `most` cells, with … in its middle where it is longer."""
    if cells(text) <= most:
        return text
    if most < 2:
        return "…"[:most]
    head, tail = (most - 1 + 1) // 2, (most - 1) // 2
    return _start(text, head) + "…" + _start(text[::-1], tail)[::-1]


def _start(text: str, most: int) -> str:
    used = 0
    for place, char in enumerate(text):
        used += char_cells(char)
        if used > most:
            return text[:place]
    return text


def sans_width(text: str, size: float) -> float:
    """Pixels that `text` takes at most in a sans-serif face of `size` pixels."""
    return size * sum(_SANS.get(c, 0.66 if c.isascii() else 0.8 * max(char_cells(c), 1)) for c in text)


def sans_cut(text: str, size: float, most: float) -> str:
    """`text` in at most `most` pixels of a sans-serif face, with … at its end where it is longer."""
    if sans_width(text, size) <= most:
        return text
    while text and sans_width(text + "…", size) > most:
        text = text[:-1]
    return text.rstrip() + "…"


def sans_wrap(text: str, size: float, most: float, lines: int) -> list[str]:
    """`text` in at most `lines` lines of at most `most` pixels, broken between words, the last one cut."""
    out: list[str] = []
    words = text.split(" ")
    while words and len(out) < lines - 1:
        line = words.pop(0)
        while words and sans_width(f"{line} {words[0]}", size) <= most:
            line += " " + words.pop(0)
        out.append(sans_cut(line, size, most))
    if words:
        out.append(sans_cut(" ".join(words), size, most))
    return out


def xml(text: str) -> str:
    """`text` for an element or attribute of HTML or XML."""
    return escape(text, quote=True)
