"""What repeats exactly: the present at the start of a round, taken relative to now, that was there before.

Rules of this file:
- where two presents are equal, so are their futures, until something comes that is due at a time of its own;
- it only compares: what is passed over, and how often, is decided where the run is driven.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

REMEMBERED = 64
"""Rounds whose present is kept to be compared."""


class Present(NamedTuple):
    """What has added up by the start of a round.

    `t` and `valid` (time with a valid registration) in µs; `events` in the log; `counted` retries and `fresh`
    registrations since the beginning.
    """

    t: int
    events: int
    round: int
    valid: int
    counted: int
    fresh: int


class Repetition(NamedTuple):
    """What one repetition adds: `period` and `valid` in µs, `rounds`, `retries`.

    Its events begin at `start` in the log.
    """

    start: int
    period: int
    rounds: int
    valid: int
    retries: int


class Memory:
    """The presents of the last rounds."""

    def __init__(self) -> None:
        self._past: dict[Hashable, Present] = {}

    def forget(self) -> None:
        """The world has changed: nothing from before comes again."""
        self._past.clear()

    def seen(self, key: Hashable, here: Present) -> Repetition | None:
        """What repeats, where the present `key` was there before; else it is remembered."""
        before = self._past.get(key)
        if before is None or before.t == here.t:
            if len(self._past) >= REMEMBERED:
                self._past.clear()
            self._past[key] = here
            return None
        return Repetition(
            start=before.events,
            period=here.t - before.t,
            rounds=here.round - before.round,
            valid=here.valid - before.valid,
            # a success sets the counter back
            retries=here.counted - before.counted if here.fresh == before.fresh else 0,
        )
