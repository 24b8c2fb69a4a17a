"""The log of a simulated life: events in order, with exact repetitions kept as such.

Rules of this file:
- a repetition is stored once; reading the log unrolls it, so that readers see every event with its own time;
- unrolling is lazy: a year of refreshes takes no more memory than one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pjresolve.trace import LifeEvent


class Repeat(NamedTuple):
    """The events from `start` to before `end` come `times` more, each `period` µs and `rounds` later."""

    start: int
    end: int
    period: int
    rounds: int
    times: int


class Log:
    """Append-only events and repeats."""

    def __init__(self) -> None:
        self.events: list[LifeEvent] = []
        self.repeats: list[Repeat] = []

    def repeat(self, start: int, period: int, rounds: int, times: int) -> None:
        """The events since `start` happen `times` more times."""
        self.repeats.append(Repeat(start, len(self.events), period, rounds, times))

    def __iter__(self) -> Iterator[LifeEvent]:
        done = 0
        for r in self.repeats:
            yield from self.events[done : r.end]
            block = self.events[r.start : r.end]
            for number in range(1, r.times + 1):
                for event in block:
                    yield moved(event, number * r.period, number * r.rounds)
            done = r.end
        yield from self.events[done:]

    def __len__(self) -> int:
        return len(self.events) + sum((r.end - r.start) * r.times for r in self.repeats)


def moved(event: LifeEvent, span: int, rounds: int) -> LifeEvent:
    """The same event `span` µs and `rounds` rounds later."""
    later = {"t": event.t + span}
    if "round" in event._fields:
        later["round"] = event[1] + rounds  # type: ignore[operator]  # `round` is always the second field
    return event._replace(**later)  # type: ignore[arg-type]  # only int fields are replaced
