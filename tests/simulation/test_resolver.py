"""What a resolution costs in time, query by query, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from pjresolve.model import AddressData, Answer, Query, Record, Status
from pjresolve.simulation.resolver import LibcResolver, Resolved, UnboundResolver
from pjresolve.sip.timers import microseconds, seconds
from pjresolve.stacks.resolution import Machine, Resolution

NAMES = ["a", "b", "c"]


def machine(*sets: str) -> Machine:
    """A resolution that asks these sets of names for their A records; its result holds the answers."""

    def run() -> Generator[tuple[Query, ...], tuple[Answer, ...], Resolution]:
        asked = []
        for names in sets:
            queries = tuple(Query(name, "A") for name in names.split())
            asked.append((queries, (yield queries)))
        return Resolution(tuple(asked), (), ())

    return run()


class Source:
    """Answers with one address after some seconds; None is never, a Status a failure at once."""

    def __init__(self, **took: float | Status | None) -> None:
        self.took, self.ttl, self.truncated = took, 300, False

    def lookup(self, query: Query) -> Answer:
        took = self.took.get(query.name, 0.0)
        if took is None:
            return Answer(query, Status.TIMEOUT)
        if isinstance(took, Status):
            return Answer(query, took)
        records = (Record(query.name, self.ttl, "A", AddressData("203.0.113.1")),)
        return Answer(query, Status.NOERROR, records, seconds=took, truncated=self.truncated)


def told(found: Resolved) -> tuple[float, str, list[Status]]:
    """What a resolution took, what was sent, and how it was answered."""
    return (
        seconds(found.took),
        " ".join(q.name for q in found.sent),
        [a.status for a in found.resolution.answers],
    )


OK, GONE = Status.NOERROR, Status.TIMEOUT


@pytest.mark.parametrize(
    ("took", "expected"),
    [
        ({}, (0.0, "a b c", [OK, OK, OK])),
        ({"a": 3.0, "c": 0.5}, (3.5, "a b c", [OK, OK, OK])),
        ({"b": 4.999}, (4.999, "a b c", [OK, OK, OK])),
        ({"b": 5.0}, (5.0, "a b b c", [OK, OK, OK])),
        ({"b": 6.0}, (6.0, "a b b c", [OK, OK, OK])),
        ({"b": 9.0, "c": 3.0}, (12.0, "a b b c", [OK, OK, OK])),
        ({"b": 10.0}, (10.0, "a b c", [OK, GONE, OK])),
        ({"a": None, "c": None}, (20.0, "a b c", [GONE, OK, GONE])),
        ({"a": Status.SERVFAIL}, (0.0, "a b c", [Status.SERVFAIL, OK, OK])),
    ],
    ids=[
        "at once", "delays add up", "just in time", "asked again", "late, but it counts", "late, then slow",
        "too late", "never", "a failure costs nothing",
    ],
)  # fmt: skip
def test_the_c_library_asks_one_after_the_other(
    took: dict[str, float | Status | None], expected: tuple[float, str, list[Status]]
) -> None:
    time, sent, answered = told(LibcResolver(Source(**took)).run(machine("a b", "c"), 0))
    sent_once = " ".join(dict.fromkeys(sent.split()))
    assert (time, sent_once, answered) == (
        expected[0],
        " ".join(dict.fromkeys(expected[1].split())),
        expected[2],
    )
    if GONE not in answered:
        assert sent == expected[1]


def test_the_c_library_remembers_nothing() -> None:
    resolver = LibcResolver(Source(a=2.0))
    assert [told(resolver.run(machine("a"), at))[:2] for at in (0, 5)] == [(2.0, "a")] * 2


def test_an_answer_that_needs_tcp_is_fetched_and_read_as_nothing() -> None:
    """Recordings `dns-size-a80`, `dns-size-srv24`."""
    source = Source()
    source.truncated = True
    found = LibcResolver(source).run(machine("a"), 0)
    assert told(found) == (0.0, "a a", [Status.MALFORMED])
    assert found.resolution.answers[0].records == ()


# ---------------------------------------------------------------- libunbound


def test_libunbound_asks_a_set_together() -> None:
    """The slowest of a set counts, and the sets add up."""
    found = UnboundResolver(Source(a=0.2, b=0.3, c=0.1)).run(machine("a b", "c"), 0)
    assert told(found) == (0.4, "a b c", [OK, OK, OK])


@pytest.mark.parametrize("late", [0.5, 3.0, None])
def test_libunbound_gives_a_slow_query_up(late: float | None) -> None:
    """Recordings `ub-naptr-delay3`, `ub-naptr-drop-rounds`: sooner once it knows the server."""
    resolver = UnboundResolver(Source(a=late))
    first, second = (resolver.run(machine("a"), microseconds(at)) for at in (0, 100))
    assert told(first) == (2.1, "a", [GONE])
    assert told(second) == (1.57, "a", [GONE])


def asked_at(source: Source, *moments: float) -> list[str]:
    """What is sent in rounds at these moments (seconds)."""
    resolver = UnboundResolver(source)
    return [told(resolver.run(machine("a"), microseconds(at)))[1] for at in moments]


@pytest.mark.parametrize(
    ("ttl", "sent"), [(300, ["a", "", "", ""]), (60, ["a", "", "a", ""]), (0, ["a", "a", "a", "a"])]
)
def test_libunbound_remembers_an_answer_for_its_ttl(ttl: int, sent: list[str]) -> None:
    source = Source()
    source.ttl = ttl
    assert asked_at(source, 0, 59, 60, 61) == sent


def test_libunbound_remembers_that_there_is_nothing_for_five_seconds() -> None:
    """Recordings `ub-neg-r4`, `ub-neg-r5`."""
    assert asked_at(Source(a=Status.NODATA), 0, 4, 8, 12) == ["a", "", "a", ""]
    assert asked_at(Source(a=Status.NODATA), 0, 5, 10) == ["a", "a", "a"]
