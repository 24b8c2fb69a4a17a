"""The log of a simulated life: events in order, with exact repetitions kept as such.

Rules of this file:
- a repetition is stored once; reading the log unrolls it, so that readers see every event with its own time;
- unrolling is lazy: a year of refreshes takes no more memory than one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pjresolve.trace import (
    ConnectionClosed,
    ConnectionFailed,
    ConnectionOpened,
    ContactChanged,
    LifeEvent,
    StateChanged,
    StepTaken,
    WorldChanged,
)

_OUTSIDE_ROUNDS = (
    WorldChanged,
    StateChanged,
    ContactChanged,
    ConnectionOpened,
    ConnectionFailed,
    ConnectionClosed,
)


class Repeat(NamedTuple):
    """The events from `start` to before `end` happen `times` more times.

    Each time they are `period` µs and `rounds` later, and the retries they count `retries` higher.
    """

    start: int
    end: int
    period: int
    rounds: int
    retries: int
    times: int


class Log:
    """Append-only events and repeats."""

    def __init__(self) -> None:
        self.events: list[LifeEvent] = []
        self.repeats: list[Repeat] = []

    def repeat(self, start: int, period: int, rounds: int, retries: int, times: int) -> None:
        """The events since `start` happen `times` more times."""
        self.repeats.append(Repeat(start, len(self.events), period, rounds, retries, times))

    def __iter__(self) -> Iterator[LifeEvent]:
        return self.of(object)

    def of(self, *kinds: type) -> Iterator[LifeEvent]:
        """The events of these kinds; sooner than to look at all of them, as the others are not unrolled."""
        done = 0
        for r in self.repeats:
            yield from (e for e in self.events[done : r.end] if isinstance(e, kinds))
            block = [e for e in self.events[r.start : r.end] if isinstance(e, kinds)]
            for number in range(1, r.times + 1):
                span, rounds, retries = number * r.period, number * r.rounds, number * r.retries
                for event in block:
                    yield moved(event, span, rounds, retries)
            done = r.end
        yield from (e for e in self.events[done:] if isinstance(e, kinds))

    def count(self, kind: type) -> int:
        """How many events are of this kind."""
        of_kind = [isinstance(event, kind) for event in self.events]
        return sum(of_kind) + sum(sum(of_kind[r.start : r.end]) * r.times for r in self.repeats)

    def __len__(self) -> int:
        return len(self.events) + sum((r.end - r.start) * r.times for r in self.repeats)


def moved(event: LifeEvent, span: int, rounds: int, retries: int = 0) -> LifeEvent:
    """The same event `span` µs and `rounds` rounds later, its number of retries `retries` higher."""
    if isinstance(event, StepTaken | StateChanged) and event.retry:
        event = event._replace(retry=event.retry + retries)
    if isinstance(event, _OUTSIDE_ROUNDS):
        return event._replace(t=event.t + span)
    return event._replace(t=event.t + span, round=event.round + rounds)
