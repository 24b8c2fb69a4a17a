"""The ladder: a run's log as rows of who sent what to whom, ready to be drawn.

Rules of this file:
- rows are made from the log and from nothing else, and drawn elsewhere;
- what repeats is told once: retransmissions as a count, rounds that repeat exactly as a row that says so;
- silence is a row of its own, however long it lasts; a ladder has a bounded number of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pjresolve.model import Target
from pjresolve.prediction.prediction import Prediction
from pjresolve.render.label import safe
from pjresolve.render.ladder.log import Line, Teller
from pjresolve.sip.timers import seconds
from pjresolve.words import clock, plural, span

DNS = "DNS"
"""The peer of every query."""
CLIENT = "Asterisk"
MOST_ROWS = 240
"""Rows of a ladder at most, but for silence and lanes."""
SILENCE = 1_000_000
"""Microseconds without a row from which on the silence is told."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A host that was talked to: its address, and the names that led to it."""

    address: str
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.address + (f"  {', '.join(self.names)}" if self.names else "")


@dataclass(frozen=True, slots=True)
class Ladder:
    """The lines of a run, and its peers in the order of first contact."""

    title: str
    lines: tuple[Line, ...]
    peers: tuple[Peer, ...]


Kind: TypeAlias = Literal["line", "gap", "lane"]


@dataclass(frozen=True, slots=True)
class Row:
    """A line with the lane of its peer; a silence before the next line; or a lane given to a new peer."""

    kind: Kind
    line: Line | None = None
    lane: int | None = None
    text: str = ""
    peer: str = ""


def ladder(prediction: Prediction, most: int = MOST_ROWS) -> Ladder:
    """The ladder of a prediction: at most `most` lines; a last one tells how many are left out."""
    lines = tuple(_lines(prediction, most))
    return Ladder(title(prediction), lines, _peers(prediction, lines))


def title(prediction: Prediction) -> str:
    """What the ladder shows, in a line."""
    return f"{safe(prediction.registration, 60)} in {safe(prediction.scenario.name, 80)}"


def _lines(prediction: Prediction, most: int) -> Iterable[Line]:
    if not prediction.loaded:
        return [Line(0, "state", f"refused: {safe(prediction.refusal or '')}", tone="bad")]
    teller, log, done, left_out = Teller(), prediction.log, 0, 0
    for repeat in (*log.repeats, None):
        for event in log.events[done : repeat.end if repeat else None]:
            if len(teller.lines) < most:
                teller.tell(event)
            else:
                left_out += 1
        if repeat is None:
            break
        done = repeat.end
        last = log.events[repeat.end - 1].t
        times = "once more" if repeat.times == 1 else f"{repeat.times:,} more times"
        told = f"the same happens {times}, every {span(seconds(repeat.period))}"
        until = last + repeat.times * repeat.period
        if len(teller.lines) < most:
            teller.flush()
            teller.lines.append(Line(last, "again", f"{told}, until {clock(seconds(until))} s", last=until))
    teller.end(round(prediction.end * 1e6), prediction.status)
    if left_out:
        end = Line(round(prediction.end * 1e6), "again", f"{left_out:,} more events are left out here")
        return [*teller.lines[:most], end]
    return teller.lines


def _peers(prediction: Prediction, lines: Sequence[Line]) -> tuple[Peer, ...]:
    names: dict[str, dict[str, None]] = {}
    for target in prediction.targets:
        names.setdefault(target.address, {}).update(dict.fromkeys(target_names(target)))
    met = dict.fromkeys(line.peer for line in lines if line.peer and line.peer != DNS)
    return tuple(Peer(address, tuple(names.get(address, ()))) for address in met)


def target_names(target: Target) -> list[str]:
    """The owner of the address record that led to a target: the host's name."""
    return [safe(record.name, 80) for record in target.provenance[-1:]]


def rows(made: Ladder, most: int) -> tuple[list[str], list[Row]]:
    """The peers that stand at the head of `most` lanes, and the rows below them.

    With more peers than lanes a lane is given to another peer where it is needed, and a row says so.
    Lines of the DNS have no lane among them.
    """
    first = [peer.address for peer in made.peers[:most]]
    lanes: list[str] = list(first)
    used = dict.fromkeys(lanes, 0)
    out: list[Row] = []
    before: Line | None = None
    for place, line in enumerate(made.lines):
        if before is not None and line.t - before.until > SILENCE:
            out.append(Row("gap", text=_silence(before, line)))
        before = line
        if not line.peer or line.peer == DNS:
            out.append(Row("line", line))
            continue
        if line.peer not in lanes:
            lane = min(range(len(lanes)), key=lambda i: used[lanes[i]])
            lanes[lane] = line.peer
            out.append(Row("lane", lane=lane, peer=line.peer))
        used[line.peer] = place
        out.append(Row("line", line, lanes.index(line.peer)))
    return first, out


def _silence(before: Line, after: Line) -> str:
    length = span(seconds(after.t - before.until))
    if before.count > 1:
        return f"{length}, {plural(before.count - 1, 'retransmission')}"
    return length
