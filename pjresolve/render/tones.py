"""How a tone looks: the one table for terminals, and the one for pictures and pages.

Rules of this file: no other module of this package chooses a colour for what a line means.
"""

from __future__ import annotations

from pjresolve.story.lines import Tone

SGR = {
    Tone.PLAIN: "",
    Tone.HEAD: "1",
    Tone.QUIET: "2",
    Tone.ACCENT: "36",
    Tone.GOOD: "32",
    Tone.WARN: "33",
    Tone.BAD: "31",
}
"""The parameters (ECMA-48, Select Graphic Rendition) that show a tone on a terminal."""
CSS = {
    Tone.PLAIN: "",
    Tone.HEAD: "head",
    Tone.QUIET: "quiet",
    Tone.ACCENT: "accent",
    Tone.GOOD: "ok",
    Tone.WARN: "warn",
    Tone.BAD: "bad",
}
"""The classes of `picture.css` and `report.css` that show it."""


def coloured(text: str, tone: Tone) -> str:
    """`text` between the escape sequences that show its tone."""
    return f"\x1b[{SGR[tone]}m{text}\x1b[0m" if SGR[tone] else text


def css(kind: str, tone: Tone) -> str:
    """A class with that of a tone, as an element's attribute has them."""
    return f"{kind} {CSS[tone]}".strip()
