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
Owned: TypeAlias = Callable[[Hashable], bool]
"""Whether entries with a tag are meant."""


def _any(_: Hashable) -> bool:
    return True


class Entry:
    """A scheduled action."""

    __slots__ = ("action", "at", "priority", "sequence", "tag")

    def __init__(self, at: int, priority: int, sequence: int, action: Action, tag: Hashable) -> None:
        self.at, self.priority, self.sequence = at, priority, sequence
        self.action: Action | None = action
        self.tag = tag

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
        self._calendar: list[Entry] = []
        self._running: Entry | None = None
        self._sequence = 0
        self._swept = 0
        self._stopped = False

    def at(
        self, when: int, action: Action, *, tag: Hashable = None, priority: int = 0, fixed: bool = False
    ) -> Entry:
        """Schedule `action` at `when`, which must not lie before now. `fixed` entries belong to the calendar:
        they do not move when time is skipped.
        """
        if when < self.now:
            raise ValueError(f"cannot schedule at {when}, it is {self.now} already")
        self._sequence += 1
        entry = Entry(when, priority, self._sequence, action, tag)
        heapq.heappush(self._calendar if fixed else self._heap, entry)
        return entry

    def after(self, delay: int, action: Action, *, tag: Hashable = None, priority: int = 0) -> Entry:
        """Schedule `action` `delay` microseconds from now."""
        return self.at(self.now + delay, action, tag=tag, priority=priority)

    def stop(self) -> None:
        """End the run after the current action."""
        self._stopped = True

    def run(self, until: int, most_steps: int) -> bool:
        """Run what is due up to and including `until`. False where `most_steps` were not enough."""
        while not self._stopped:
            heap = self._first()
            if not heap or heap[0].at > until:
                break
            entry = heapq.heappop(heap)
            action = entry.action
            if action is None:
                continue
            if self.steps >= most_steps:
                return False
            self.steps += 1
            self.now, self._running = entry.at, entry
            action()
        self._running = None
        if not self._stopped:
            self.now = max(self.now, until)
        return True

    def _first(self) -> list[Entry]:
        """The heap with the entry that comes first."""
        if not self._calendar:
            return self._heap
        return self._heap if self._heap and self._heap[0] < self._calendar[0] else self._calendar

    def pending(self, owned: Owned = _any) -> tuple[tuple[int, int, Hashable], ...]:
        """The movable future that is `owned`, as (time from now, priority, tag) in the order it will run."""
        if len(self._heap) > 2 * self._swept + 16:
            self._sweep()
        live = sorted(e for e in self._heap if e.action is not None and owned(e.tag))
        return tuple((e.at - self.now, e.priority, e.tag) for e in live)

    def next_fixed(self) -> int | None:
        """When the next calendar entry is due, or None."""
        while self._calendar and self._calendar[0].action is None:
            heapq.heappop(self._calendar)
        return self._calendar[0].at if self._calendar else None

    def skip(self, span: int, owned: Owned = _any) -> None:
        """Move the movable entries that are `owned` `span` microseconds on, and with them the one that runs
        now: it runs again then. Calendar entries keep their time.
        """
        self._sweep()
        for entry in self._heap:
            if owned(entry.tag):
                entry.at += span
        if self._running is not None:
            self._running.at += span
            self._heap.append(self._running)
        heapq.heapify(self._heap)

    def _sweep(self) -> None:
        """Drop what was cancelled: entries with far times would pile up otherwise."""
        self._heap[:] = [e for e in self._heap if e.action is not None]
        heapq.heapify(self._heap)
        self._swept = len(self._heap)
