"""What a resolution costs in time, query by query, and what is remembered of it."""

from __future__ import annotations

import json
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from pjresolve.dns.source import AnswerSource
from pjresolve.dns.zone import ZoneSource
from pjresolve.model import AddressData, Answer, Query, Record, Status
from pjresolve.simulation.engine import Engine
from pjresolve.simulation.resolver import AskedSet, Resolver
from pjresolve.sip.timers import microseconds, seconds
from pjresolve.stacks.resolvers import GLIBC, LIBUNBOUND, ResolverPolicy

NAMES = ["a", "b", "c"]


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


class Asked:
    """A resolver on a clock of its own, and what came of the sets that it was asked."""

    def __init__(self, source: AnswerSource, policy: ResolverPolicy) -> None:
        self.engine = Engine()
        self.resolver = Resolver(self.engine, source, policy)
        self.took, self.sent, self.answers = 0.0, list[str](), list[Answer]()

    def resolution(self, *sets: str, at: float = 0.0) -> tuple[float, str, list[Status]]:
        """Ask sets of names for their A records, one after the other: seconds, queries sent, what came."""
        self.sent, self.answers = [], []
        left = [tuple(Query(name, "A") for name in names.split()) for names in sets]

        def following() -> None:
            if left:
                self.resolver.ask(left.pop(0), answered, "dns")
            else:
                self.resolver.met()
                self.took = seconds(self.engine.now) - at

        def answered(asked: AskedSet) -> None:
            self.sent += [q.name for q in asked.sent]
            self.answers += asked.answers
            following()

        self.engine.at(microseconds(at), following)
        self.engine.run(microseconds(at + 1000), 1000)
        self.engine.now = microseconds(at + self.took)
        return round(self.took, 6), " ".join(self.sent), [a.status for a in self.answers]


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
    time, sent, answered = Asked(Source(**took), GLIBC).resolution("a b", "c")
    sent_once = " ".join(dict.fromkeys(sent.split()))
    assert (time, sent_once, answered) == (
        expected[0],
        " ".join(dict.fromkeys(expected[1].split())),
        expected[2],
    )
    if GONE not in answered:
        assert sent == expected[1]


def test_the_c_library_remembers_nothing() -> None:
    asked = Asked(Source(a=2.0), GLIBC)
    assert [asked.resolution("a", at=at)[:2] for at in (0, 5)] == [(2.0, "a")] * 2


def test_an_answer_that_needs_tcp_is_fetched_and_read_as_nothing() -> None:
    """Recordings `dns-size-a80`, `dns-size-srv24`."""
    source = Source()
    source.truncated = True
    asked = Asked(source, GLIBC)
    assert asked.resolution("a") == (0.0, "a a", [Status.MALFORMED])
    assert asked.answers[0].records == ()


def test_the_c_library_keeps_whoever_comes_later_waiting() -> None:
    """Recordings `mr-dns-slow-two-sets`, `mr-dns-drop-refresh`: one queue for the whole program."""
    asked, ended = Asked(Source(a=3.0, c=2.0), GLIBC), dict[str, float]()

    def ask(name: str) -> None:
        query = (Query(name, "A"),)
        asked.resolver.ask(query, lambda _: ended.update({name: seconds(asked.engine.now)}), name)

    for name in "abc":
        asked.engine.at(0, partial(ask, name))
    asked.engine.run(microseconds(10), 100)
    assert ended == {"a": 3.0, "b": 3.0, "c": 5.0}


# ---------------------------------------------------------------- libunbound


def test_libunbound_asks_a_set_together() -> None:
    """The slowest of a set counts, and the sets add up."""
    asked = Asked(Source(a=0.2, b=0.3, c=0.1), LIBUNBOUND)
    assert asked.resolution("a b", "c") == (0.4, "a b c", [OK, OK, OK])


@pytest.mark.parametrize("late", [0.5, 3.0, None])
def test_libunbound_gives_a_slow_query_up(late: float | None) -> None:
    """Recordings `ub-naptr-delay3`, `ub-naptr-drop-rounds`: sooner once it knows the server."""
    asked = Asked(Source(a=late), LIBUNBOUND)
    assert asked.resolution("a") == (2.1, "a", [GONE])
    assert asked.resolution("a", at=100) == (1.57, "a", [GONE])


def asked_at(source: Source, *moments: float) -> list[str]:
    """What is sent in rounds at these moments (seconds)."""
    asked = Asked(source, LIBUNBOUND)
    return [asked.resolution("a", at=at)[1] for at in moments]


@pytest.mark.parametrize(
    ("ttl", "sent"), [(300, ["a", "", "", ""]), (60, ["a", "", "a", ""]), (0, ["a", "a", "a", "a"])]
)
def test_libunbound_remembers_an_answer_for_its_ttl(ttl: int, sent: list[str]) -> None:
    source = Source()
    source.ttl = ttl
    assert asked_at(source, 0, 59, 60, 61) == sent


@pytest.mark.parametrize("status", [Status.NODATA, Status.SERVFAIL])
def test_libunbound_remembers_that_there_is_nothing_for_five_seconds(status: Status) -> None:
    """Recordings `ub-neg-r4`, `ub-neg-r5`, `uc-servfail-target`."""
    assert asked_at(Source(a=status), 0, 4, 8, 12) == ["a", "", "a", ""]
    assert asked_at(Source(a=status), 0, 5, 10) == ["a", "a", "a"]


def in_zone(text: str, *moments: float, name: str = "a") -> list[tuple[str, Status]]:
    """What libunbound sends for `name` at these moments, and what comes of it."""
    asked = Asked(ZoneSource(text), LIBUNBOUND)
    rounds = [asked.resolution(name, at=at) for at in moments]
    return [(sent, statuses[0]) for _, sent, statuses in rounds]


def test_libunbound_asks_for_the_target_of_a_cname_itself_and_keeps_each_for_its_own_ttl() -> None:
    """Recordings `uc-host`, `uc-host-ttl-target`, `uc-neg`."""
    assert in_zone("a. 300 IN CNAME b.\nb. 3 IN A 192.0.2.1\n", 0, 2, 4) == [("a b", OK), ("", OK), ("b", OK)]
    assert in_zone("a. 3 IN CNAME b.\nb. 300 IN A 192.0.2.1\n", 0, 4) == [("a b", OK), ("a", OK)]
    assert in_zone("a. 3 IN CNAME b.\n", 0, 4) == [("a b", Status.NXDOMAIN), ("a", Status.NXDOMAIN)]


def test_who_is_asked_together_learns_nothing_from_the_others_but_asks_each_name_once() -> None:
    """Recordings `uc-srv-target-two`, `uc-shared`."""
    zone = "a. 300 IN CNAME c.\nb. 300 IN CNAME c.\nc. 300 IN A 192.0.2.1\n"
    assert in_zone(zone, 0, name="a b c") == [("a c b", OK)]


@pytest.mark.parametrize(("links", "status"), [(11, OK), (12, Status.SERVFAIL)])
def test_libunbound_asks_for_twelve_names(links: int, status: Status) -> None:
    """Recordings `uc-long10`, `uc-long12`."""
    names = ["a", *(f"n{i}" for i in range(1, links + 1))]
    text = "".join(f"{x}. 300 IN CNAME {y}.\n" for x, y in pairwise(names))
    [(sent, found)] = in_zone(f"{text}{names[-1]}. 300 IN A 192.0.2.1\n", 0)
    assert (sent, found) == (" ".join(names[:12]), status)


def test_a_circle_of_cnames_ends() -> None:
    """Recordings `uc-loop`, `uc-self`."""
    assert in_zone("a. 300 IN CNAME b.\nb. 300 IN CNAME a.\n", 0, 9) == [
        ("a b", Status.SERVFAIL),
        ("", Status.SERVFAIL),
    ]


def test_what_is_not_held_of_a_cnames_target_is_what_was_said_of_the_cname() -> None:
    class Snapshot(Source):
        def lookup(self, query: Query) -> Answer:
            if query.name != "a":
                return Answer(query, Status.UNKNOWN)
            return Answer(query, Status.NODATA, cnames=(("a", "b"),))

    asked = Asked(Snapshot(), LIBUNBOUND)
    assert asked.resolution("a") == (0.0, "a b", [Status.NODATA])
    assert asked.answers[0].cnames == (("a", "b"),)


@pytest.mark.parametrize(
    "name", ["pbx.test", "invalid", "x.y.onion", "pbx.home.arpa", "pbx.31.172.in-addr.arpa"]
)
def test_libunbound_never_asks_for_what_it_answers_itself(name: str) -> None:
    """Recordings `ub-zones`, `ub-zones-bare`; behind a CNAME it does (`uc-to-builtin`)."""
    zone = f"{name}. 300 IN A 192.0.2.1\na. 300 IN CNAME {name}.\n"
    assert in_zone(zone, 0, name=name) == [("", Status.NXDOMAIN)]
    assert in_zone(zone, 0) == [(f"a {name}", OK)]


@pytest.mark.parametrize(
    "name", ["pbx.local", "lan", "internal", "mytest", "test.example.net", "32.172.in-addr.arpa"]
)
def test_other_names_of_private_use_it_does_ask_for(name: str) -> None:
    assert in_zone(f"{name}. 300 IN A 192.0.2.1\n", 0, name=name) == [(name, OK)]


def test_localhost_is_the_machine_itself() -> None:
    asked = Asked(ZoneSource("localhost. 300 IN A 192.0.2.1\n"), LIBUNBOUND)
    assert asked.resolution("pbx.localhost") == (0.0, "", [OK])
    assert str(asked.answers[0].records[0].data) == "127.0.0.1"


ROWS = {
    ",".join(row["servers"]): row
    for row in json.loads((Path(__file__).parent / "glibc.json").read_text())["rows"]
}
"""Runs of the real `res_nsearch` with several name servers, by `record_glibc.py`."""
SEEN: dict[str, tuple[tuple[int, ...], float]] = {
    "silent,good": ((0,), 0), "good,silent": ((), 0), "silent,silent,good": ((0, 1), 0),
    "silent,silent": ((0, 1), 0), "silent,silent,silent": ((0, 1, 2), 0), "silent,refused": ((0,), 0),
    "refused,silent": ((1,), 0), "refused,good": ((), 0), "closed,good": ((), 0), "slow3,slow3": ((), 3),
    "slow6,good": ((0,), 0), "slow6,silent": ((0, 1), 0), "slow6": ((), 6), "silent": ((0,), 0),
    "refused": ((), 0), "closed": ((), 0),
}  # fmt: skip
"""What live DNS says of each: the places of those that are silent, too late included, and the latency."""


def test_every_run_of_the_c_library_is_looked_at() -> None:
    assert ROWS.keys() == SEEN.keys()


@pytest.mark.parametrize("servers", SEEN)
def test_several_name_servers_cost_what_the_c_library_was_seen_to_wait(servers: str) -> None:
    row, (silent, latency) = ROWS[servers], SEEN[servers]
    failed = Status.TIMEOUT if servers == "silent" else Status.REFUSED
    status = Status.NOERROR if row["answered"] else failed
    answer = Answer(A, status, seconds=latency, silent=silent, servers=len(row["servers"]))
    assert Asked(Fixed(answer), GLIBC).resolution("a")[0] == pytest.approx(row["seconds"], abs=0.1)


A = Query("a", "A")


class Fixed(Source):
    """One answer to everything."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer

    def lookup(self, query: Query) -> Answer:
        return self.answer
