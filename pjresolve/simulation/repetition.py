"""What repeats exactly: the present when somebody wakes, taken relative to now, that was there before.

Rules of this file:
- where two presents are equal, so are their futures, until something comes that is due at a time of its own;
- it only compares: what is passed over, and how often, is decided where the run is driven.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

REMEMBERED = 1024
"""Wakings whose present is kept to be compared: where several repeat, each at its own pace, all come together
again only after many."""


class Added(NamedTuple):
    """What one repetition adds: `rounds`, `valid` in µs, `retries`."""

    rounds: int
    valid: int
    retries: int


class Counts(NamedTuple):
    """What has added up in one life.

    `events` in its log, `round` its number, `valid` (time with a valid registration) in µs, `counted` retries
    and `fresh` registrations since the beginning.
    """

    events: int
    round: int
    valid: int
    counted: int
    fresh: int

    def since(self, before: Counts) -> Added:
        """What has come since then; a success sets the counter of retries back."""
        retries = self.counted - before.counted if self.fresh == before.fresh else 0
        return Added(self.round - before.round, self.valid - before.valid, retries)


class Rounds(NamedTuple):
    """What has added up of a qualified contact: `events` in its log, and rounds of OPTIONS."""

    events: int
    rounds: int


class Present(NamedTuple):
    """The moment in µs, and what has added up by then in each life, and for each contact."""

    t: int
    lives: tuple[Counts, ...]
    contacts: tuple[Rounds, ...] = ()


class Memory:
    """The presents at the last wakings."""

    def __init__(self) -> None:
        self._past: dict[Hashable, Present] = {}

    def forget(self) -> None:
        """The world has changed: nothing from before comes again."""
        self._past.clear()

    def seen(self, key: Hashable, here: Present) -> Present | None:
        """When the present `key` was there before, if it was; else it is remembered."""
        before = self._past.get(key)
        if before is not None and before.t != here.t:
            return before
        if len(self._past) >= REMEMBERED:
            self._past.clear()
        self._past[key] = here
        return None
