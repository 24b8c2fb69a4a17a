"""The ladder in a terminal.

Rules of this file:
- no row is wider than asked for, and nothing in it can move the cursor or turn the text around;
- the client's lane stands on the left, its peers' to the right; words that do not fit are cut or wrapped.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import TypeAlias

from pjresolve.prediction.call import Called
from pjresolve.prediction.prediction import Prediction
from pjresolve.render.label import cells, cut, left_to_right
from pjresolve.render.ladder.ladder import DNS, Row, ladder, rows
from pjresolve.render.ladder.rung import Rung, RungKind
from pjresolve.render.tones import coloured
from pjresolve.story.lines import Tone

LANES = 3
"""Peers side by side in 80 columns."""
MARGIN = 12
"""Columns of the time, and the client's lane."""
MARKS = {
    RungKind.STATE: "●", RungKind.WORLD: "!", RungKind.ROUND: "○", RungKind.AGAIN: "↻", RungKind.NOTE: "·",
    RungKind.DNS: "?",
}  # fmt: skip

Paint: TypeAlias = Callable[[str, Tone], str]


def ladder_text(shown: Prediction | Called, *, width: int = 80, colour: bool = False) -> str:
    """The ladder of a registration or a call as text, `width` columns wide at most (40 or more), with a final
    newline.

    `colour` adds ANSI colours.
    """
    whole = ladder(shown)
    first, drawn = rows(whole, LANES)
    width = max(width, 40)
    count = max(1, len(first))
    step = min((width - MARGIN - 1) // count, 34)
    lanes = [MARGIN + step * (n + 1) for n in range(len(first))]
    sheet = _Sheet(lanes, width, coloured if colour else lambda text, _: text)
    sheet.heads(whole.client, first)
    for row in drawn:
        sheet.draw(row)
    legend = [_plain(f"{peer.address} is {', '.join(peer.names)}") for peer in whole.peers if peer.names]
    wrapped = [line for text in legend for line in _wrap(text, width - 2)]
    return "\n".join([*sheet.out, "", *("  " + line for line in wrapped)]).rstrip() + "\n"


def _plain(text: str) -> str:
    return left_to_right(text)


class _Sheet:
    """Rows of text under construction."""

    def __init__(self, lanes: list[int], width: int, paint: Paint) -> None:
        self.lanes, self.width, self.paint = lanes, width, paint
        self.out: list[str] = []
        self._time = ""

    def heads(self, client: str, addresses: list[str]) -> None:
        """The first rows: the client, and each lane's address, pushed left where two would meet."""
        placed: list[tuple[int, str]] = []
        end = self.width
        for address, column in zip(reversed(addresses), reversed(self.lanes), strict=True):
            shown = cut(address, self.lanes[0] - MARGIN - 3)
            placed.append((min(column - len(shown) // 2, end - len(shown)), shown))
            end = placed[-1][0] - 1
        line = f"time  {client}".rjust(MARGIN - 2 + len(client))
        for start, shown in reversed(placed):
            line = line.ljust(start) + shown
        self.out += [line, self._bars()]

    def _bars(self, mark: str = "│") -> str:
        line = " " * MARGIN + mark
        for lane in self.lanes:
            line = line.ljust(lane) + mark
        return line

    def draw(self, row: Row) -> None:
        """Add a row."""
        if row.kind == "gap":
            self._words("", "┆", [f"{row.text}"], Tone.QUIET, mark="┆")
        elif row.rung is not None and row.lane is not None:
            self._arrow(row.rung, self.lanes[row.lane], row.peer)
        elif row.rung is not None:
            self._rung(row.rung)

    def _rung(self, rung: Rung) -> None:
        room = self.width - MARGIN - 2
        self._words(
            self._clock(rung),
            MARKS[rung.kind],
            _wrap(_plain(rung.text if rung.peer != DNS else f"DNS: {rung.text}"), room),
            rung.tone,
        )

    def _words(self, clock: str, first: str, texts: list[str], tone: Tone, mark: str = "│") -> None:
        for n, text in enumerate(texts):
            head = (clock if not n else "").ljust(MARGIN) + self.paint(first if not n else "│", tone) + " "
            start = MARGIN + 2
            behind = self._bars(mark)[start + cells(text) + 1 :]
            self.out.append((head + self.paint(text, tone) + " " + behind).rstrip())

    def _clock(self, rung: Rung) -> str:
        t = rung.t / 1e6
        shown = f"{t:.3f} s" if t < 1e4 else f"{t:.1f} s" if t < 1e6 else f"{t:.0f} s"
        said, self._time = "" if shown == self._time else shown, shown
        return said.rjust(MARGIN - 2)

    def _arrow(self, rung: Rung, column: int, peer: str) -> None:
        room = column - MARGIN - 6
        times = f" ×{rung.count}" if rung.count > 1 else ""
        text = rung.text if cells(rung.text + times) <= room else rung.short or rung.text
        text = cut(_plain(text), room - len(times)) + times
        shaft = list(self._bars()[MARGIN + 1 : column].replace(" ", "─").replace("│", "┼"))
        label = f" {text} "
        shaft[2 : 2 + cells(label)] = [label]
        if rung.kind is RungKind.SEND:
            shaft[-1] = "✗" if rung.lost else "▶"
        else:
            shaft[0] = "◀"
        head = self._clock(rung).ljust(MARGIN)
        tone = Tone.BAD if rung.lost else rung.tone
        after = self._bars()[column:]
        if peer:
            after += " " + cut(_plain(peer), self.width - column - 2)
        self.out.append(f"{head}│{self.paint(''.join(shaft), tone)}{after}".rstrip())


def _wrap(text: str, room: int) -> list[str]:
    """`text` in lines of at most `room` cells."""
    lines = textwrap.wrap(text, room, break_on_hyphens=False) or [""]
    out: list[str] = []
    for line in lines:
        while cells(line) > room:  # wide letters: textwrap counts characters
            short = line
            while cells(short) > room:
                short = short[:-1]
            out.append(short)
            line = line[len(short) :]
        out.append(line)
    return out
