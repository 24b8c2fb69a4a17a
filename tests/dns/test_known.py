"""What is missing is asked for, set by set, until the work is done on answers alone."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence

import pytest

from pjresolve.dns.known import MOST_PASSES, KnownAnswers, until_known
from pjresolve.errors import BadInput
from pjresolve.model import Answer, Query, Status

A, B, C = (Query(name, "A") for name in "abc")


class Live:
    """Answers everything, and keeps the sets it was asked."""

    def __init__(self) -> None:
        self.sets: list[list[Query]] = []

    async def ask(self, queries: Sequence[Query]) -> tuple[Answer, ...]:
        self.sets.append(list(queries))
        return tuple(Answer(query, Status.NODATA, seconds=0.1) for query in queries)


def never() -> Live:
    raise AssertionError("a name server was wanted")


async def test_the_work_is_done_anew_with_each_set() -> None:
    known, live, connected = KnownAnswers([Answer(A, Status.NXDOMAIN)]), Live(), []

    def connect() -> Live:
        connected.append(live)
        return live

    def work() -> list[Status]:
        first = [known.lookup(A).status, known.lookup(B).status]
        return first if Status.UNKNOWN in first else [*first, known.lookup(C).status]

    assert await until_known(known, connect, work) == [Status.NXDOMAIN, Status.NODATA, Status.NODATA]
    assert live.sets == [[B], [C]], "only what is missing"
    assert connected == [live], "once"


async def test_nobody_is_looked_for_where_nothing_is_missing() -> None:
    known = KnownAnswers([Answer(A, Status.NODATA)])
    assert await until_known(known, never, lambda: known.lookup(A).status) is Status.NODATA


async def test_who_waits_is_told_what_is_asked() -> None:
    known, live, told = KnownAnswers(), Live(), []

    async def asking(work: Awaitable[None], queries: Sequence[Query], source: Live) -> None:
        told.append((list(queries), source))
        await work

    await until_known(known, lambda: live, lambda: [known.lookup(A), known.lookup(B)], asking=asking)
    assert told == [([A, B], live)]


async def test_dns_that_leads_on_and_on_is_left() -> None:
    known, live = KnownAnswers(), Live()

    def work() -> None:
        known.lookup(Query(f"n{len(known.answers)}", "A"))

    said = rf"^example\.net: the DNS leads on and on: {MOST_PASSES} sets of queries were not enough$"
    with pytest.raises(BadInput, match=said):
        await until_known(known, lambda: live, work, where="example.net")
    assert len(live.sets) == MOST_PASSES
