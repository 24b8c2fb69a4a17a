"""The ladder in a terminal.

Rules of this file:
- no row is wider than asked for, and nothing in it can move the cursor or turn the text around;
- the client's lane stands on the left, its peers' to the right; words that do not fit are cut or wrapped.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable

from pjresolve.prediction.prediction import Prediction
from pjresolve.render.label import cells, cut, left_to_right
from pjresolve.render.ladder.ladder import CLIENT, DNS, Row, ladder, rows
from pjresolve.render.ladder.log import Line

LANES = 3
"""Peers side by side in 80 columns."""
MARGIN = 12
"""Columns of the time, and the client's lane."""
MARKS = {"state": "●", "world": "!", "round": "○", "again": "↻", "note": "·", "dns": "?"}
_COLOURS = {"accent": "36", "ok": "32", "warn": "33", "bad": "31", "quiet": "2"}

Paint = Callable[[str, str], str]


def ladder_text(prediction: Prediction, *, width: int = 80, colour: bool = False) -> str:
    """The ladder of a prediction as text, at most `width` columns wide (40 or more), with a final newline.

    `colour` adds ANSI colours.
    """
    made = ladder(prediction)
    first, drawn = rows(made, LANES)
    width = max(width, 40)
    count = max(1, len(first))
    step = min((width - MARGIN - 1) // count, 34)
    lanes = [MARGIN + step * (n + 1) for n in range(len(first))]
    sheet = _Sheet(lanes, width, _painter(colour))
    sheet.heads(first)
    for row in drawn:
        sheet.draw(row)
    legend = [_plain(f"{peer.address} is {', '.join(peer.names)}") for peer in made.peers if peer.names]
    wrapped = [line for text in legend for line in _wrap(text, width - 2)]
    return "\n".join([*sheet.out, "", *("  " + line for line in wrapped)]).rstrip() + "\n"


def _painter(colour: bool) -> Paint:
    def paint(text: str, tone: str) -> str:
        return f"\x1b[{_COLOURS[tone]}m{text}\x1b[0m" if colour and tone in _COLOURS else text

    return paint


def _plain(text: str) -> str:
    return left_to_right(text)


class _Sheet:
    """Rows of text under construction."""

    def __init__(self, lanes: list[int], width: int, paint: Paint) -> None:
        self.lanes, self.width, self.paint = lanes, width, paint
        self.out: list[str] = []
        self._time = ""

    def heads(self, addresses: list[str]) -> None:
        """The first rows: the client, and each lane's address, pushed left where two would meet."""
        placed: list[tuple[int, str]] = []
        end = self.width
        for address, column in zip(reversed(addresses), reversed(self.lanes), strict=True):
            shown = cut(address, self.lanes[0] - MARGIN - 3)
            placed.append((min(column - len(shown) // 2, end - len(shown)), shown))
            end = placed[-1][0] - 1
        line = f"time  {CLIENT}".rjust(MARGIN - 2 + len(CLIENT))
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
            self._words("", "┆", [f"{row.text}"], "quiet", mark="┆")
        elif row.kind == "lane" and row.lane is not None:
            column = self.lanes[row.lane]
            name = cut(_plain(row.peer), self.width - MARGIN - 4)
            start = max(MARGIN + 2, min(column - cells(name) // 2, self.width - cells(name)))
            self.out.append(self._behind(start, name, self._bars()))
        elif row.line is not None and row.lane is not None:
            self._arrow(row.line, self.lanes[row.lane])
        elif row.line is not None:
            self._line(row.line)

    def _line(self, line: Line) -> None:
        room = self.width - MARGIN - 2
        self._words(
            self._clock(line),
            MARKS[line.kind],
            _wrap(_plain(line.text if line.peer != DNS else f"DNS: {line.text}"), room),
            line.tone,
        )

    def _words(self, clock: str, first: str, texts: list[str], tone: str, mark: str = "│") -> None:
        for n, text in enumerate(texts):
            head = (clock if not n else "").ljust(MARGIN) + self.paint(first if not n else "│", tone) + " "
            start = MARGIN + 2
            behind = self._bars(mark)[start + cells(text) + 1 :]
            self.out.append((head + self.paint(text, tone) + " " + behind).rstrip())

    def _clock(self, line: Line) -> str:
        t = line.t / 1e6
        shown = f"{t:.3f} s" if t < 1e4 else f"{t:.1f} s" if t < 1e6 else f"{t:.0f} s"
        said, self._time = "" if shown == self._time else shown, shown
        return said.rjust(MARGIN - 2)

    def _behind(self, start: int, text: str, line: str) -> str:
        return (line[:start] + text + line[start + cells(text) :]).rstrip()

    def _arrow(self, line: Line, column: int) -> None:
        room = column - MARGIN - 6
        times = f" ×{line.count}" if line.count > 1 else ""
        text = line.text if cells(line.text + times) <= room else line.short or line.text
        text = cut(_plain(text), room - len(times)) + times
        shaft = list(self._bars()[MARGIN + 1 : column].replace(" ", "─").replace("│", "┼"))
        label = f" {text} "
        shaft[2 : 2 + cells(label)] = [label]
        if line.kind == "send":
            shaft[-1] = "✗" if line.lost else "▶"
        else:
            shaft[0] = "◀"
        head = self._clock(line).ljust(MARGIN)
        tone = "bad" if line.lost else line.tone
        after = self._bars()[column:]
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
