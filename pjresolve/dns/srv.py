"""The order of SRV records: by priority, then by weighted choice, with exact probabilities.

Rules of this file:
- one weighted choice is described once (`candidates`); drawing, the most probable order and the
  enumeration of all orders are three readings of that description;
- where stacks differ from RFC 2782, and from each other, a SrvPolicy says how;
- randomness is an argument.
"""

from __future__ import annotations

import heapq
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, TypeAlias

from pjresolve.model import Protocol, Record, SrvData, Target

SRV_PREFIXES = {Protocol.TLS: "_sips._tcp", Protocol.TCP: "_sip._tcp", Protocol.UDP: "_sip._udp"}
"""What stands before a host's name where its SRV records are asked for (RFC 3263 section 4.1)."""
MOST_ORDERS = 1000
"""Orders that are told at most; the most probable ones."""
MOST_STEPS = 20_000
"""Orders, equal ones included, that the enumeration follows at most before it reports what it has."""

Uniform = Callable[[], float]
"""Draws from [0, 1)."""


class SrvPolicy(NamedTuple):
    """What a stack makes of SRV records where RFC 2782 leaves it the choice.

    Records of weight 0 come after all others of their priority: the very small chance that the RFC has them
    get is taken for none. `zero_weights_reversed`: among each other they stand in reverse of the answer.
    `most_targets`: how many targets a list holds at most, or None.
    """

    zero_weights_reversed: bool = False
    most_targets: int | None = None

    @property
    def room(self) -> int:
        """How many targets are looked at."""
        return sys.maxsize if self.most_targets is None else self.most_targets


RFC_2782 = SrvPolicy()


def srv_name(protocol: Protocol, host: str) -> str:
    """The name under which a host has its SRV records for a protocol."""
    return f"{SRV_PREFIXES[protocol]}.{host}"


def srv_data(record: Record) -> SrvData:
    """The data of a record that is an SRV."""
    assert isinstance(record.data, SrvData)
    return record.data


def arranged(records: Sequence[Record], policy: SrvPolicy = RFC_2782) -> list[int]:
    """Indexes of the records in the order before any weighted choice: priority, then weighted, then zeros."""
    sign = -1 if policy.zero_weights_reversed else 1

    def key(i: int) -> tuple[int, int, int]:
        data = srv_data(records[i])
        return (data.priority, 0, i) if data.weight else (data.priority, 1, sign * i)

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


def order(
    records: Sequence[Record], uniform: Uniform | None = None, policy: SrvPolicy = RFC_2782
) -> list[Record]:
    """The records in the order of use: drawn with `uniform`, or the most probable order without it."""
    left = [(i, srv_data(records[i])) for i in arranged(records, policy)]
    out: list[Record] = []
    while left:
        choices = candidates([(d.priority, d.weight) for _, d in left])
        if uniform is None or len(choices) == 1:  # where one alone can come, nothing is drawn
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


Cell: TypeAlias = tuple[Block, ...]
"""Blocks that compete for a place: those of one priority with weights, heaviest first, or one of weight 0."""


def _cells(groups: Groups) -> list[Cell]:
    """The choices behind each other: one cell is used up before the next begins."""
    cells: list[Cell] = []
    for group in groups:
        for _, same in groupby(group, key=lambda b: b.priority):
            blocks = list(same)
            weighted = sorted((b for b in blocks if b.weight), key=lambda b: -b.weight)
            cells += [tuple(weighted)] if weighted else []
            cells += [(b,) for b in blocks if not b.weight]
    return cells


def _best(pool: Cell, total: int, picks: int) -> float:
    """Probability of the most probable next `picks` from a pool of weight `total`: the heaviest each time."""
    probability = 1.0
    for block in pool[:picks]:
        if block.weight:
            probability *= block.weight / total
            total -= block.weight
    return probability


def _walk(groups: Groups, most: int) -> Iterator[tuple[float, tuple[Target, ...]]]:
    """Every order, most probable first, as (probability, list).

    The heaviest block is the most probable next one, and the more so the heavier. So a way down takes the
    heaviest each time, and leaves at each step one alternative behind: the block of the next rank.
    """
    cells = _cells(groups)
    heap: list[tuple[float, int, float, int, Cell, int, tuple[Target, ...]]] = []
    state: tuple[float, int, Cell, int, tuple[Target, ...]] = (1.0, 0, cells[0] if cells else (), 0, ())
    serial = 0
    for _ in range(MOST_STEPS):
        probability, number, pool, rank, chosen = state
        while pool and len(chosen) < most:
            total, room = sum(b.weight for b in pool), most - len(chosen)
            if rank + 1 < len(pool):
                other = pool[rank + 1]
                rest = pool[: rank + 1] + pool[rank + 2 :]
                likely = other.weight / total * _best(rest, total - other.weight, room)
                for cell in cells[number + 1 : number + 1 + room]:
                    likely *= _best(cell, sum(b.weight for b in cell), room)
                heapq.heappush(
                    heap, (-probability * likely, serial, probability, number, pool, rank + 1, chosen)
                )
                serial += 1
            block = pool[rank]
            probability *= block.weight / total if block.weight else 1.0
            chosen, pool, rank = chosen + block.targets, pool[:rank] + pool[rank + 1 :], 0
            if not pool and number + 1 < len(cells):
                number += 1
                pool = cells[number]
        yield probability, chosen[:most]
        if not heap:
            return
        state = heapq.heappop(heap)[2:]


def orders(
    groups: Groups, policy: SrvPolicy = RFC_2782
) -> tuple[list[tuple[float, tuple[Target, ...]]], bool]:
    """Every list that the weighted choices can lead to, most probable first, and whether some are left out.

    Records that contribute no target are left out first: the weighted choice among the others keeps
    its proportions whatever else stood in the pool, so the probabilities stay exact. Equal lists are one.
    """
    useful = [[b for b in group if b.targets] for group in groups]
    found: dict[tuple[Target, ...], float] = {}
    truncated, total = False, 0.0
    for probability, targets in _walk(useful, policy.room):
        if targets not in found and len(found) == MOST_ORDERS:
            truncated = True
            break
        found[targets] = found.get(targets, 0.0) + probability
        total += probability
    truncated = truncated or total < 1 - 1e-6
    ranked = sorted(found.items(), key=lambda item: -item[1])
    return [(p, targets) for targets, p in ranked], truncated
