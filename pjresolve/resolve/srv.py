"""The order of SRV records: by priority, then by weighted choice, with exact probabilities.

Rules of this file:
- one weighted choice is described once (`candidates`); drawing, the most probable order and the
  enumeration of all orders are three readings of that description;
- records of weight 0 come after all others of their priority, in reverse of the answer's order
  (recordings `srv-zero-weights`, `srv-mixed-zero`, `srv-prio-zero`);
- randomness is an argument.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence

from pjresolve.model import Record, SrvData, Target

MOST_TARGETS = 32
"""Targets that a list holds at most (recording `many`)."""
MOST_ORDERS = 1000
"""Orders that are told at most; the most probable ones."""
MOST_STEPS = 60_000
"""Choices that the enumeration follows at most before it reports what it has."""

Uniform = Callable[[], float]
"""Draws from [0, 1)."""


def srv_data(record: Record) -> SrvData:
    """The data of a record that is an SRV."""
    assert isinstance(record.data, SrvData)
    return record.data


def arranged(records: Sequence[Record]) -> list[int]:
    """Indexes of the records in the order before any weighted choice: priority, then weighted, then zeros
    reversed.
    """

    def key(i: int) -> tuple[int, int, int]:
        data = srv_data(records[i])
        return (data.priority, 0, i) if data.weight else (data.priority, 1, -i)

    return sorted(range(len(records)), key=key)


def candidates(pool: Sequence[tuple[int, int]]) -> list[tuple[int, float]]:
    """Which of `pool` can come next, with its probability, as (place in the pool, probability).

    `pool` holds (priority, weight) of what is left, as `arranged`. RFC 2782 picks in proportion to
    weight among the records of the lowest priority; a record of weight 0 only follows the weighted ones.
    """
    priority = pool[0][0]
    same = [(i, w) for i, (p, w) in enumerate(pool) if p == priority and w]
    total = sum(w for _, w in same)
    return [(i, w / total) for i, w in same] if total else [(0, 1.0)]


def order(records: Sequence[Record], uniform: Uniform | None = None) -> list[Record]:
    """The records in the order of use: drawn with `uniform`, or the most probable order without it."""
    left = [(i, srv_data(records[i])) for i in arranged(records)]
    out: list[Record] = []
    while left:
        choices = candidates([(d.priority, d.weight) for _, d in left])
        if uniform is None:
            place = max(choices, key=lambda c: c[1])[0]
        else:
            place, draw = choices[-1][0], uniform()
            for index, probability in choices:
                if draw < probability:
                    place = index
                    break
                draw -= probability
        out.append(records[left.pop(place)[0]])
    return out


class Block:
    """An SRV record with the targets it contributes; the unit that orders permute."""

    __slots__ = ("priority", "targets", "weight")

    def __init__(self, priority: int, weight: int, targets: tuple[Target, ...]) -> None:
        self.priority, self.weight, self.targets = priority, weight, targets


Groups = Sequence[Sequence[Block]]
"""One sequence of blocks for each SRV answer, in query order; within it as `arranged`."""


def _best(pool: tuple[Block, ...]) -> float:
    """Probability of the most probable completion of one group: heaviest first."""
    probability, rest = 1.0, list(pool)
    while rest:
        place, p = max(candidates([(b.priority, b.weight) for b in rest]), key=lambda c: c[1])
        probability *= p
        rest.pop(place)
    return probability


def _walk(groups: tuple[tuple[Block, ...], ...]) -> Iterator[tuple[float, tuple[Target, ...]]]:
    """Every order, most probable first, as (probability, list). Best-first over partial orders; since the
    bound of a partial order is the probability of its best completion, a leaf is popped in its turn.
    """
    bests: dict[tuple[Block, ...], float] = {}

    def bound(pool: tuple[Block, ...]) -> float:
        if pool not in bests:
            bests[pool] = _best(pool)
        return bests[pool]

    serial = 0
    suffix = [1.0]
    for group in reversed(groups):
        suffix.insert(0, suffix[0] * bound(group))
    heap: list[tuple[float, int, int, float, tuple[Block, ...], int, tuple[Target, ...]]] = []
    heapq.heappush(heap, (-suffix[0], 0, serial, 1.0, groups[0] if groups else (), 0, ()))
    for _ in range(MOST_STEPS):
        if not heap:
            return
        _, depth, _, probability, pool, number, chosen = heapq.heappop(heap)
        while not pool and number + 1 < len(groups):
            number += 1
            pool = groups[number]
        if not pool or len(chosen) >= MOST_TARGETS:
            yield probability, chosen[:MOST_TARGETS]
            continue
        for place, p in candidates([(b.priority, b.weight) for b in pool]):
            rest = pool[:place] + pool[place + 1 :]
            serial += 1
            total = probability * p * bound(rest) * suffix[number + 1]
            heapq.heappush(
                heap, (-total, depth - 1, serial, probability * p, rest, number, chosen + pool[place].targets)
            )


def orders(groups: Groups) -> tuple[list[tuple[float, tuple[Target, ...]]], bool]:
    """Every list that the weighted choices can lead to, most probable first, and whether some are left out.

    Records that contribute no target are left out first: the weighted choice among the others keeps
    its proportions whatever else stood in the pool, so the probabilities stay exact. Equal lists are one.
    """
    useful = tuple(tuple(b for b in group if b.targets) for group in groups)
    found: dict[tuple[Target, ...], float] = {}
    truncated, total = False, 0.0
    for probability, targets in _walk(useful):
        if targets not in found and len(found) == MOST_ORDERS:
            truncated = True
            break
        found[targets] = found.get(targets, 0.0) + probability
        total += probability
    truncated = truncated or total < 1 - 1e-6
    ranked = sorted(found.items(), key=lambda item: -item[1])
    return [(p, targets) for targets, p in ranked], truncated
