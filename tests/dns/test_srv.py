"""The order of SRV records: probabilities against an enumeration by hand, draws against probabilities."""

from __future__ import annotations

import math
import random
from collections import Counter
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pjresolve.dns.srv import (
    MOST_ORDERS,
    RFC_2782,
    Block,
    SrvPolicy,
    _walk,
    arranged,
    candidates,
    order,
    orders,
    srv_data,
)
from pjresolve.model import UDP4, Record, SrvData, Target

POLICY = SrvPolicy(zero_weights_reversed=True, most_targets=32)
"""What Asterisk does; where only it matters, the other is tried as well."""
Pair = tuple[int, int]
"""Priority and weight."""


def record(name: str, priority: int, weight: int) -> Record:
    return Record("_sip._udp.h", 300, "SRV", SrvData(priority, weight, 5060, name))


def records(pairs: list[Pair]) -> list[Record]:
    """Records named a, b, c, … in this order."""
    return [record(chr(ord("a") + i), p, w) for i, (p, w) in enumerate(pairs)]


def names(found: list[Record]) -> str:
    return "".join(srv_data(r).target for r in found)


def target(name: str) -> Target:
    return Target(UDP4, name, 5060)


def blocks(pairs: list[Pair], targets: dict[str, int] | None = None) -> list[Block]:
    """One block a record, as `arranged`, with one target of its name, or as many as `targets` says."""
    made = records(pairs)
    out = []
    for i in arranged(made, POLICY):
        data = srv_data(made[i])
        many = (targets or {}).get(data.target, 1)
        own = tuple(target(data.target + str(n) if n else data.target) for n in range(many))
        out.append(Block(data.priority, data.weight, own))
    return out


def by_hand(pairs: list[Pair]) -> dict[str, float]:
    """Every order with its probability: priorities apart, weights without replacement."""
    named = [(chr(ord("a") + i), p, w) for i, (p, w) in enumerate(pairs)]
    parts: list[dict[str, float]] = []
    for priority in sorted({p for _, p, _ in named}):
        weighted = [(n, w) for n, p, w in named if p == priority and w]
        zeros = "".join(n for n, p, w in reversed(named) if p == priority and not w)
        part: dict[str, float] = {}
        for way in permutations(weighted):
            left, chance = sum(w for _, w in way), 1.0
            for _, weight in way:
                chance *= weight / left
                left -= weight
            part["".join(n for n, _ in way) + zeros] = chance
        parts.append(part)
    return {
        "".join(n for n, _ in choice): math.prod(p for _, p in choice)
        for choice in product(*(part.items() for part in parts))
    }


def told(pairs: list[Pair], targets: dict[str, int] | None = None) -> dict[str, float]:
    """What `orders` says of one answer."""
    found, truncated = orders([blocks(pairs, targets)], POLICY)
    assert not truncated
    return {"".join(t.address for t in way): p for p, way in found}


PAIRS = st.lists(
    st.tuples(st.sampled_from([1, 2]), st.sampled_from([0, 0, 1, 3, 10, 65535])), min_size=1, max_size=5
)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(10, 5)], {"a": 1}),
        ([(20, 5), (10, 5)], {"ba": 1}),
        ([(10, 1), (10, 3)], {"ba": 0.75, "ab": 0.25}),
        ([(10, 1), (10, 1), (10, 2)], None),
        ([(10, 0), (10, 0), (10, 0)], {"cba": 1}),
        ([(10, 0), (10, 1), (10, 0)], {"bca": 1}),
        ([(10, 0), (20, 7), (10, 3)], {"cab": 1}),
    ],
    ids=[
        "one", "priority rules", "one to three", "three records", "zero weights in reverse",
        "zero weights after the others, in reverse", "zero weights before the next priority",
    ],
)  # fmt: skip
def test_orders_and_their_probabilities(pairs: list[Pair], expected: dict[str, float] | None) -> None:
    assert told(pairs) == pytest.approx(expected or by_hand(pairs))


@given(PAIRS)
def test_orders_are_those_of_the_definition(pairs: list[Pair]) -> None:
    assert told(pairs) == pytest.approx(by_hand(pairs), rel=1e-12)


@given(PAIRS, st.data())
def test_a_record_that_adds_nothing_leaves_the_others_their_proportions(
    pairs: list[Pair], data: st.DataObject
) -> None:
    gone = data.draw(st.sets(st.sampled_from([chr(ord("a") + i) for i in range(len(pairs))])))
    expected: Counter[str] = Counter()
    for way, chance in by_hand(pairs).items():
        expected["".join(n for n in way if n not in gone)] += chance  # type: ignore[assignment]
    assert told(pairs, dict.fromkeys(gone, 0)) == pytest.approx(dict(expected), rel=1e-12)


@given(PAIRS, PAIRS)
def test_two_answers_are_chosen_from_independently_and_follow_each_other(
    first: list[Pair], second: list[Pair]
) -> None:
    left, right = by_hand(first), by_hand(second)
    renamed = [
        Block(b.priority, b.weight, tuple(target(t.address.upper()) for t in b.targets))
        for b in blocks(second)
    ]
    found, truncated = orders([blocks(first), renamed], POLICY)
    expected = {a + b.upper(): p * q for (a, p), (b, q) in product(left.items(), right.items())}
    if not truncated:
        assert {"".join(t.address for t in way): p for p, way in found} == pytest.approx(expected, rel=1e-9)
    else:
        assert len(expected) > MOST_ORDERS


def test_orders_that_end_in_the_same_list_are_one() -> None:
    same = [Block(10, w, (target("x"),)) for w in (1, 2)]
    [(chance, way)], truncated = orders([same], POLICY)
    assert (round(chance, 12), way, truncated) == (1, (target("x"), target("x")), False)


def test_of_more_than_a_thousand_orders_the_most_probable_are_told() -> None:
    pairs = [(10, w) for w in (1, 2, 3, 4, 5, 6, 7)]
    found, truncated = orders([blocks(pairs)], POLICY)
    assert truncated
    assert len(found) == MOST_ORDERS
    chances = [p for p, _ in found]
    expected = sorted(by_hand(pairs).values(), reverse=True)[:MOST_ORDERS]
    assert chances == pytest.approx(expected, rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("size", [30, 500])
def test_no_number_of_records_is_too_many(size: int) -> None:
    found, truncated = orders([blocks([(10, 1 + i % 3) for i in range(size)])], POLICY)
    assert truncated
    assert 0 < len(found) <= MOST_ORDERS
    assert all(len(way) <= POLICY.room for _, way in found)


@given(
    st.lists(st.lists(st.tuples(st.just(1), st.integers(0, 9)), max_size=4), min_size=1, max_size=3),
    st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3)),
)
def test_the_enumeration_itself_finds_the_most_probable_first(
    answers: list[list[Pair]], targets: dict[str, int]
) -> None:
    groups = [[b for b in blocks(pairs, targets) if b.targets] for pairs in answers]
    walked = [p for p, _ in _walk(groups, POLICY.room)]
    assert walked == pytest.approx(sorted(walked, reverse=True))
    assert sum(walked) == pytest.approx(1)


@given(PAIRS)
def test_the_most_probable_order_comes_first_and_is_the_one_taken_without_a_draw(pairs: list[Pair]) -> None:
    found, _ = orders([blocks(pairs)], POLICY)
    chances = [p for p, _ in found]
    assert chances == sorted(chances, reverse=True)
    assert chances[0] == pytest.approx(max(by_hand(pairs).values()))
    taken = tuple(target(n) for n in names(order(records(pairs), None, POLICY)))
    assert found[0][1] == taken


def test_a_list_holds_32_targets_and_what_lies_behind_makes_no_difference() -> None:
    found, truncated = orders([blocks([(10, 1), (10, 2), (20, 1)], {"a": 20, "b": 20, "c": 9})], POLICY)
    assert not truncated
    assert [(round(p, 6), len(way)) for p, way in found] == [(0.666667, 32), (0.333333, 32)]
    ways = orders([blocks([(10, 1), (20, 1), (20, 2)], {"a": 32, "b": 1, "c": 1})], POLICY)[0]
    assert [(round(p, 12), len(way)) for p, way in ways] == [(1, 32)]


def test_without_records_there_is_one_empty_order() -> None:
    assert orders([], POLICY) == ([(1.0, ())], False)
    assert orders([[]], POLICY) == ([(1.0, ())], False)
    assert order([]) == []


# ---------------------------------------------------------------- drawing


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [(0.0, "abc"), (0.0999, "abc"), (0.1, "bca"), (0.3, "bca"), (0.99999999, "cba")],
)
def test_a_draw_falls_into_its_share(drawn: float, expected: str) -> None:
    """Shares of 0.1, 0.3 and 0.6, then again of what is left."""
    assert names(order(records([(10, 1), (10, 3), (10, 6)]), lambda: drawn))[0] == expected[0]


@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([1, 2]), st.integers(0, 5)), min_size=2, max_size=4),
    st.integers(0, 2**32),
)
def test_draws_come_as_often_as_they_are_probable(pairs: list[Pair], seed: int) -> None:
    uniform, count = random.Random(seed).random, 3000
    seen = Counter(names(order(records(pairs), uniform, POLICY)) for _ in range(count))
    expected = by_hand(pairs)
    assert set(seen) <= set(expected)
    for way, chance in expected.items():
        spread = math.sqrt(chance * (1 - chance) / count)
        assert abs(seen[way] / count - chance) <= 5.5 * spread + 1e-12


@given(PAIRS, st.floats(0, 1, exclude_max=True))
def test_a_draw_keeps_every_record_once(pairs: list[Pair], drawn: float) -> None:
    assert sorted(names(order(records(pairs), lambda: drawn))) == sorted(names(records(pairs)))


def test_what_can_come_next() -> None:
    assert candidates([(10, 1), (10, 3), (10, 0), (20, 9)]) == [(0, 0.25), (1, 0.75)]
    assert candidates([(10, 0), (10, 0)]) == [(0, 1.0)]


def test_zero_weights_stand_as_the_stack_has_them() -> None:
    pairs = [(10, 0), (10, 0), (10, 5)]
    assert names(order(records(pairs))) == "cab"
    assert names(order(records(pairs), None, POLICY)) == "cba"


def test_without_a_limit_a_list_holds_all() -> None:
    many = [blocks([(10, 0)] * 3, {"a": 20, "b": 20, "c": 9})]
    assert [len(way) for _, way in orders(many, RFC_2782)[0]] == [49]
    assert [len(way) for _, way in orders(many, POLICY)[0]] == [32]
