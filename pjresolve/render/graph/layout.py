"""What a laid-out graph is made of: boxes, lines and texts, each in its place.

Rules of this file:
- only geometry: whatever is placed here is drawn as it is, and no two boxes or texts overlap;
- a box is as wide as its text, which is cut where it would be too wide; nothing needs measuring.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pjresolve.render.label import cells, cut, safe, sans_cut, sans_width, sans_wrap
from pjresolve.render.svg import CELL, SANS
from pjresolve.story.lines import Tone

PAD = 10.0
"""Pixels between a box's edge and its text."""
LINE = 18.0
"""Pixels from one baseline to the next."""
EDGE = 16.0
"""Pixels around the whole picture."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text. `kind` is head, mono or small; `x`, `y` of its start and baseline; `width` at most."""

    x: float
    y: float
    content: str
    kind: str
    tone: Tone
    width: float


@dataclass(slots=True)
class Box:
    """A node in its place. `more` is the tooltip, with everything that was cut."""

    node: str
    x: float
    y: float
    width: float
    height: float
    tone: Tone
    texts: list[tuple[str, str, Tone]]
    """(content, kind, tone) from top to bottom."""
    more: str = ""

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    def placed(self) -> list[Text]:
        """The box's texts, in its middle."""
        top = self.y + (self.height - LINE * len(self.texts)) / 2 + 13.5
        return [
            Text(self.x + PAD, top + LINE * n, content, kind, tone, text_width(content, kind))
            for n, (content, kind, tone) in enumerate(self.texts)
        ]


@dataclass(frozen=True, slots=True)
class Wire:
    """A line through points, with an arrow at its end."""

    points: tuple[tuple[float, float], ...]
    tone: Tone


@dataclass(slots=True)
class Picture:
    """A graph laid out."""

    title: str
    desc: str
    boxes: list[Box] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    labels: list[Text] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0


def text_width(content: str, kind: str) -> float:
    """Pixels that a text takes at most."""
    return sans_width(content, SANS) if kind == "small" else cells(content) * CELL


def fitted(content: str, kind: str, most: float) -> str:
    """Foreign text made safe and cut to `most` pixels."""
    content = safe(content)
    return sans_cut(content, SANS, most) if kind == "small" else cut(content, int(most / CELL))


def wrapped(content: str, kind: str, most: float) -> list[str]:
    """Foreign text made safe, in lines of at most `most` pixels: three of words, two of names."""
    content = safe(content)
    if kind == "small":
        return sans_wrap(content, SANS, most, 3)
    head, _, tail = content.rpartition(" ") if text_width(content, kind) > most else ("", "", content)
    return [cut(part, int(most / CELL)) for part in (head, tail) if part]


def box(node: str, tone: Tone, texts: list[tuple[str, str, Tone]], most: float, more: str = "") -> Box:
    """A box around texts of at most `most` pixels; it has no place yet."""
    short = [
        (line, kind, own) for content, kind, own in texts if content for line in wrapped(content, kind, most)
    ]
    width = max(text_width(content, kind) for content, kind, _ in short) + 2 * PAD
    return Box(node, 0, 0, width, LINE * len(short) + 12, tone, short, safe(more, 600))
