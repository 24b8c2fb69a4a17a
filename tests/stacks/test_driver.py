"""The loops pass queries and answers along, and nothing else."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from pjresolve.errors import BadInput
from pjresolve.model import Answer, Query, Status
from pjresolve.stacks.driver import drive, resolve_from
from pjresolve.stacks.resolution import Answers, Ask
from pjresolve.stacks.resolvers import GLIBC, LIBUNBOUND

FIRST = (Query("a", "A"), Query("a", "AAAA"))
SECOND = (Query("b", "A"),)


def machine() -> Generator[Ask, Answers, list[Query]]:
    """Two sets; the result is what was answered, in order."""
    first = yield Ask(FIRST)
    second = yield Ask(SECOND)
    return [answer.query for answer in (*first.of_set, *second.of_set)]


class Known:
    """Answers everything."""

    def lookup(self, query: Query) -> Answer:
        return Answer(query, Status.NODATA)


def test_answers_reach_the_machine_in_order() -> None:
    assert resolve_from(machine(), Known()) == [*FIRST, *SECOND]


def test_whoever_answers_is_asked_set_by_set() -> None:
    seen: list[int] = []

    def ask(queries: tuple[Query, ...]) -> tuple[Answer, ...]:
        seen.append(len(queries))
        return tuple(map(Known().lookup, queries))

    assert drive(machine(), ask) == [*FIRST, *SECOND]
    assert seen == [2, 1]


def test_a_machine_that_asks_nothing_is_done_at_once() -> None:
    def nothing() -> Generator[Ask, Answers, int]:
        return 7
        yield Ask(())

    assert resolve_from(nothing(), Known()) == 7


def test_errors_of_the_machine_come_through() -> None:
    def broken() -> Generator[Ask, Answers, int]:
        yield Ask(FIRST)
        raise BadInput("no")

    with pytest.raises(BadInput):
        resolve_from(broken(), Known())


def test_what_a_resolver_answers_itself_is_asked_of_nobody() -> None:
    asked: list[Query] = []

    class Asked:
        def lookup(self, query: Query) -> Answer:
            asked.append(query)
            return Answer(query, Status.NODATA)

    def both() -> Generator[Ask, Answers, list[Status]]:
        queries = (Query("pbx.home.arpa", "A"), Query("localhost", "A"), Query("pbx.lan", "A"))
        found = yield Ask(queries)
        return [answer.status for answer in found.of_set]

    assert resolve_from(both(), Asked(), LIBUNBOUND) == [Status.NXDOMAIN, Status.NOERROR, Status.NODATA]
    assert asked == [Query("pbx.lan", "A")]
    asked.clear()
    assert resolve_from(both(), Asked(), GLIBC) == [Status.NODATA] * 3
    assert len(asked) == 3
