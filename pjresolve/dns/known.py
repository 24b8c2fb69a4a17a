"""Answers that were collected before: live ones, to be simulated with.

Rules of this file:
- what was not collected is UNKNOWN and remembered as missing, so that it can be asked as well;
- missing answers are asked for set by set, and only so often: a zone can lead on without end;
- DNS faults go before the answers, as in a scenario;
- in one event loop MAX_TOGETHER predictions are under way, of which one computes between two looks at the
  network: what each computes keeps all others waiting.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from pjresolve.dns.source import FAILURES, AsyncAnswerSource, DnsFault
from pjresolve.errors import BadInput
from pjresolve.model import Answer, Query, Status

T = TypeVar("T")
Live = TypeVar("Live", bound=AsyncAnswerSource)

MOST_PASSES = 12
"""Passes over live DNS: a set each, and more for a stack that asks less at a time."""
MAX_TOGETHER = 256


class _Room(NamedTuple):
    """Who may be under way in an event loop, and who computes."""

    seats: asyncio.Semaphore
    turn: asyncio.Lock


_ROOMS: WeakKeyDictionary[asyncio.AbstractEventLoop, _Room] = WeakKeyDictionary()


class KnownAnswers:
    """A source over collected answers. `missing` are the queries it had no answer for, in order."""

    def __init__(
        self, answers: Iterable[Answer] = (), faults: Mapping[Query, DnsFault] | None = None
    ) -> None:
        self.answers = {answer.query: answer for answer in answers}
        self.faults = faults or {}
        self.missing: dict[Query, None] = {}

    def lookup(self, query: Query) -> Answer:
        """The answer to `query`, or UNKNOWN."""
        fault = self.faults.get(query)
        if fault and fault.kind != "delay":
            return Answer(query, FAILURES[fault.kind])
        answer = self.answers.get(query)
        if answer is None:
            self.missing[query] = None
            return Answer(query, Status.UNKNOWN)
        return replace(answer, seconds=fault.delay) if fault else answer

    async def collect(self, live: AsyncAnswerSource, queries: Iterable[Query]) -> None:
        """Ask `live` for `queries`, one set, and keep the answers. Raises DnsUnavailable."""
        wanted = [query for query in queries if query not in self.answers]
        if wanted:
            for answer in await live.ask(wanted):
                self.answers[answer.query] = answer
        self.missing.clear()


async def until_known(
    known: KnownAnswers,
    connect: Callable[[], Live],
    work: Callable[[], T],
    *,
    where: str | None = None,
    asking: Callable[[Awaitable[None], Sequence[Query], Live], Awaitable[None]] | None = None,
) -> T:
    """What `work` returns once `known` holds every answer that it looks up.

    It is called anew with each set of answers. `connect` is called once, and only if something is missing.
    `asking` awaits the first of its arguments, and may tell of the queries that are under way.

    Raises BadInput, about `where`, if MOST_PASSES are not enough; DnsUnavailable; and whatever `work` raises.
    """
    live: Live | None = None
    loop = asyncio.get_running_loop()
    room = _ROOMS.setdefault(loop, _Room(asyncio.Semaphore(MAX_TOGETHER), asyncio.Lock()))
    async with room.seats:
        for _ in range(MOST_PASSES):
            async with room.turn:
                found = work()
            if not known.missing:
                return found
            live = live or connect()
            missing = list(known.missing)
            collecting = known.collect(live, missing)
            await (asking(collecting, missing, live) if asking else collecting)
    raise BadInput(f"the DNS leads on and on: {MOST_PASSES} sets of queries were not enough", where=where)
