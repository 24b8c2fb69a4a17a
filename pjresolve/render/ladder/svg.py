"""The ladder as SVG.

Rules of this file:
- time runs downward, but not to scale: a silence is a short dashed stretch that says how long it lasts;
- a text stands on paper of its own where it crosses a lane.
"""

from __future__ import annotations

from pjresolve.prediction.call import Called
from pjresolve.prediction.prediction import Prediction
from pjresolve.render.label import cells, cut, safe, sans_cut, sans_width, sans_wrap
from pjresolve.render.ladder.ladder import DNS, Ladder, Row, ladder, rows
from pjresolve.render.ladder.rung import Rung, RungKind
from pjresolve.render.svg import CELL, SANS, Svg
from pjresolve.render.tones import css
from pjresolve.story.lines import Tone

LANES = 4
"""Peers side by side."""
TIME = 92.0
"""Pixels of the column with the times."""
FIRST = 220.0
"""Pixels from the client's lane to the first peer's, and between peers."""
BETWEEN = 190.0
SHARED = 300.0
"""Pixels to the lane that all peers share."""
ROW, GAP_ROW, TOP = 26.0, 32.0, 58.0
NOTES, WIDEST = 560.0, 1080.0
"""Pixels that there are for a note at least, whatever the number of lanes, and of the picture at most."""
LINE, MOST_LINES = 17.0, 4
"""Pixels between the lines of a note, and how many lines it has at most."""
RADII = {
    RungKind.STATE: 5.0, RungKind.WORLD: 4.0, RungKind.ROUND: 4.0, RungKind.AGAIN: 3.0, RungKind.NOTE: 3.0,
    RungKind.DNS: 3.0,
}  # fmt: skip


def ladder_svg(shown: Prediction | Called, *, inline: bool = False) -> str:
    """The ladder as a picture: a file of its own, or (`inline`) for a page that holds the stylesheet."""
    whole = ladder(shown)
    svg = Svg(f"Ladder: {whole.title}", _desc(whole), ident="ladder")
    first, drawn = rows(whole, LANES)
    sheet = _Sheet(svg, first, drawn)
    width, height = sheet.draw(drawn, whole)
    return svg.inline(width, height) if inline else svg.document(width, height)


def _desc(whole: Ladder) -> str:
    peers = ", ".join(safe(str(peer), 90) for peer in whole.peers) or "nobody"
    told = "; ".join(f"{rung.t / 1e6:g} s {rung.text}" for rung in whole.rungs if rung.kind is RungKind.STATE)
    return f"{whole.client} talks to {peers}. {safe(told, 600) or 'The state does not change.'}"


def _note_text(rung: Rung) -> str:
    return f"{DNS}: {rung.text}" if rung.peer == DNS else rung.text


class _Sheet:
    """The picture under construction."""

    def __init__(self, svg: Svg, first: list[str], drawn: list[Row]) -> None:
        self.svg, self.first = svg, first
        self.client = TIME + 14.0
        self.shared = any(row.peer for row in drawn)
        self.span = SHARED if self.shared else FIRST
        self.lanes = [self.client + self.span + BETWEEN * n for n in range(len(first))]
        widest = max((cells(name) * CELL / 2 for name in first), default=0.0)
        self.width = max(self.client + NOTES + 16, (self.lanes or [0.0])[-1] + max(widest, 60) + 16)
        longest = max((sans_width(_note_text(row.rung), SANS) for row in drawn if row.rung), default=0.0)
        self.width = max(self.width, min(self.client + 14 + longest + 16, WIDEST))
        self.y = TOP
        self._time = ""

    def draw(self, drawn: list[Row], whole: Ladder) -> tuple[float, float]:
        """Draw all rows; returns width and height."""
        gaps: list[tuple[float, float]] = []
        y = self.y
        for row in drawn:  # first the lanes, so that all text lies above them
            size = self._size(row)
            if row.kind == "gap":
                gaps.append((y, y + size))
            y += size
        self._lanes(gaps, y)
        self._heads(whole)
        for row in drawn:
            self._row(row)
        return self.width, y + 14

    def _size(self, row: Row) -> float:
        """How high a row is."""
        if row.kind == "gap":
            return GAP_ROW
        if row.rung is None or row.lane is not None:
            return ROW
        return ROW + LINE * (len(self._wrapped(_note_text(row.rung))) - 1)

    def _wrapped(self, text: str) -> list[str]:
        return sans_wrap(text, SANS, self.width - self.client - 26, MOST_LINES)

    def _lanes(self, gaps: list[tuple[float, float]], bottom: float) -> None:
        for x in (self.client, *self.lanes):
            start = TOP - 12
            for top, end in gaps:
                self.svg.add("line", x1=x, y1=start, x2=x, y2=top, class_="lane")
                self.svg.add("line", x1=x, y1=top, x2=x, y2=end, class_="lane gap")
                start = end
            self.svg.add("line", x1=x, y1=start, x2=x, y2=bottom, class_="lane")

    def _heads(self, whole: Ladder) -> None:
        names = {peer.address: ", ".join(peer.names) for peer in whole.peers}
        self.svg.text(self.client, 24, whole.client, "head", anchor="middle")
        for address, x in zip(self.first, self.lanes, strict=True):
            self._head(x, 24, address)
            name = sans_cut(names.get(address, ""), SANS, BETWEEN - 16)
            if name:
                self.svg.text(x, 40, name, "small quiet", anchor="middle", more=names[address])

    def _head(self, x: float, y: float, address: str) -> None:
        shown = cut(safe(address), int((BETWEEN - 8) / CELL))
        width = cells(shown) * CELL
        self.svg.add("rect", x=x - width / 2 - 4, y=y - 14, width=width + 8, height=19.0, class_="under")
        self.svg.text(x, y, shown, "head", anchor="middle", more=address)

    def _row(self, row: Row) -> None:
        if row.kind == "gap":
            self._words(self.y + 20, row.text, "small quiet", self.client + 14)
            self.y += GAP_ROW
            return
        if row.rung is not None:
            more = f"{row.rung.t / 1e6:g} s"
            with self.svg.group(
                title=f"{more}: {row.rung.text}", class_="row", data_host=row.rung.peer or None
            ):
                self._clock(row.rung)
                if row.lane is not None:
                    self._arrow(row.rung, self.lanes[row.lane])
                    self._peer(row)
                else:
                    self._note(row.rung)
        self.y += self._size(row)

    def _clock(self, rung: Rung) -> None:
        t = rung.t / 1e6
        shown = f"{t:.3f} s" if t < 1e5 else f"{t:.0f} s"
        if shown != self._time:
            self.svg.text(TIME, self.y + 17, shown, "small quiet", anchor="end")
        self._time = shown

    def _note(self, rung: Rung) -> None:
        tone = rung.tone or Tone.QUIET
        self.svg.add("circle", cx=self.client, cy=self.y + 13, r=RADII[rung.kind], class_=css("tip", tone))
        for number, line in enumerate(self._wrapped(_note_text(rung))):
            self._words(self.y + 17 + LINE * number, line, css("small", rung.tone), self.client + 14)

    def _words(self, y: float, text: str, kind: str, x: float) -> None:
        self.svg.add("rect", x=x - 3, y=y - 13, width=sans_width(text, SANS) + 6, height=18.0, class_="under")
        self.svg.text(x, y, text, kind)

    def _peer(self, row: Row) -> None:
        """Name the host that a shared lane comes to."""
        if row.peer and row.lane is not None:
            x = self.lanes[row.lane] + 10
            shown = cut(safe(row.peer), int((self.width - x - 8) / CELL))
            self.svg.text(x, self.y + 23, shown, "mono", more=row.peer)

    def _arrow(self, rung: Rung, x: float) -> None:
        tone = Tone.BAD if rung.lost else rung.tone
        y, start = self.y + 19, self.client
        there = rung.kind is RungKind.SEND
        kind = css("wire", tone)
        if there:
            end = x - 14 if rung.lost else x - 6
            self.svg.add("line", x1=start, y1=y, x2=end, y2=y, class_=kind)
        else:
            self.svg.add("line", x1=start + 6, y1=y, x2=x, y2=y, class_=kind)
        if there and rung.lost:
            cross = f"M{x - 13:.1f} {y - 4:.1f}l8 8m0 -8l-8 8"
            self.svg.add("path", d=cross, class_=kind)
        else:
            tip, back = (x, x - 8) if there else (start, start + 8)
            points = f"{tip:.1f},{y:.1f} {back:.1f},{y - 4:.1f} {back:.1f},{y + 4:.1f}"
            self.svg.add("polygon", points=points, class_=css("tip", tone))
        times = f" ×{rung.count}" if rung.count > 1 else ""
        room = x - start - 24
        text = rung.text + times
        if sans_width(text, SANS) > room:
            text = sans_cut((rung.short or rung.text) + times, SANS, room)
        middle = (start + x) / 2 if x == self.lanes[0] else start + self.span / 2
        middle = max(middle, start + 12 + sans_width(text, SANS) / 2)
        self._label(middle, y - 5, text, css("small", tone))

    def _label(self, x: float, y: float, text: str, kind: str) -> None:
        width = sans_width(text, SANS)
        over = [lane for lane in self.lanes if abs(lane - x) < width / 2]
        for lane in over:
            self.svg.add("rect", x=lane - 3, y=y - 12, width=6.0, height=14.0, class_="under")
        self.svg.text(x, y, text, kind, anchor="middle")
