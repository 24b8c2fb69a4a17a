"""The event heap: (time, priority, sequence). Knows no SIP and no DNS.

Rules of this file:
- time is a whole number of microseconds and never goes back;
- ties are broken by priority, then by the order of scheduling, so that a run repeats to the byte;
- each entry carries a hashable tag, so that the pending future can be compared with an earlier one.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable
from typing import TypeAlias

Action: TypeAlias = Callable[[], None]


class Entry:
    """A scheduled action. `fixed` entries belong to the calendar: they do not move when time is skipped."""

    __slots__ = ("action", "at", "fixed", "priority", "sequence", "tag")

    def __init__(
        self, at: int, priority: int, sequence: int, action: Action, tag: Hashable, fixed: bool
    ) -> None:
        self.at, self.priority, self.sequence = at, priority, sequence
        self.action: Action | None = action
        self.tag, self.fixed = tag, fixed

    def __lt__(self, other: Entry) -> bool:
        if self.at != other.at:
            return self.at < other.at
        return (self.priority, self.sequence) < (other.priority, other.sequence)

    def cancel(self) -> None:
        """Forget the action; the entry stays in the heap until its time."""
        self.action = None


class Engine:
    """A discrete-event loop. `steps` counts the actions run."""

    def __init__(self) -> None:
        self.now = 0
        self.steps = 0
        self._heap: list[Entry] = []
        self._sequence = 0
        self._swept = 0
        self._stopped = False

    def at(
        self, when: int, action: Action, *, tag: Hashable = None, priority: int = 0, fixed: bool = False
    ) -> Entry:
        """Schedule `action` at `when`, which must not lie before now."""
        if when < self.now:
            raise ValueError(f"cannot schedule at {when}, it is {self.now} already")
        self._sequence += 1
        entry = Entry(when, priority, self._sequence, action, tag, fixed)
        heapq.heappush(self._heap, entry)
        return entry

    def after(self, delay: int, action: Action, *, tag: Hashable = None, priority: int = 0) -> Entry:
        """Schedule `action` `delay` microseconds from now."""
        return self.at(self.now + delay, action, tag=tag, priority=priority)

    def stop(self) -> None:
        """End the run after the current action."""
        self._stopped = True

    def run(self, until: int, most_steps: int) -> bool:
        """Run what is due up to and including `until`. False where `most_steps` were not enough."""
        heap = self._heap
        while heap and not self._stopped:
            if heap[0].at > until:
                break
            entry = heapq.heappop(heap)
            action = entry.action
            if action is None:
                continue
            if self.steps >= most_steps:
                return False
            self.steps += 1
            self.now = entry.at
            action()
        if not self._stopped:
            self.now = max(self.now, until)
        return True

    def pending(self) -> tuple[tuple[int, int, Hashable], ...]:
        """The movable future, as (time from now, priority, tag) in the order it will run."""
        if len(self._heap) > 2 * self._swept + 16:
            self._sweep()
        live = sorted(e for e in self._heap if e.action is not None and not e.fixed)
        return tuple((e.at - self.now, e.priority, e.tag) for e in live)

    def next_fixed(self) -> int | None:
        """When the next calendar entry is due, or None."""
        return min((e.at for e in self._heap if e.action is not None and e.fixed), default=None)

    def skip(self, span: int) -> None:
        """Move now and every movable entry `span` microseconds on; calendar entries keep their time."""
        self.now += span
        self._sweep()
        for entry in self._heap:
            if not entry.fixed:
                entry.at += span
        heapq.heapify(self._heap)

    def _sweep(self) -> None:
        """Drop what was cancelled: entries with far times would pile up otherwise."""
        self._heap[:] = [e for e in self._heap if e.action is not None]
        heapq.heapify(self._heap)
        self._swept = len(self._heap)
