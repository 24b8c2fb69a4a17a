"""What a resolution costs in time, and what is remembered of it: the C library's resolver, and libunbound.

Rules of this file:
- the answers come from a source and never change here, but for answers that come too late;
- times are in microseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pjresolve.dns.source import AnswerSource
from pjresolve.model import Answer, Query, Status
from pjresolve.sip.timers import microseconds
from pjresolve.stacks.driver import drive
from pjresolve.stacks.resolution import Machine, Resolution

LIBC_LIMIT = microseconds(10)
"""5 s × 2 tries, after which the C library gives a query up (recordings `dns-naptr-drop`, `dns-a-drop`)."""
LIBC_RESEND = microseconds(5)
"""After which the C library sends a query again; an answer to the first still counts (`dns-naptr-delay6`)."""
UNBOUND_LIMIT = microseconds(1.57)
"""After which libunbound gives a query up once it knows the server (recording `ub-naptr-drop-rounds`)."""
UNBOUND_FIRST_LIMIT = microseconds(2.1)
"""The same before it knows the server (recordings `ub-naptr-delay3`, `ub-srv-delay3`)."""
UNBOUND_PATIENCE = microseconds(0.37)
"""An answer that takes longer than this counts as none (as in recording `ub-naptr-delay3`)."""
UNBOUND_NEGATIVE = microseconds(5)
"""How long libunbound remembers that there is nothing, where the answer gives no SOA."""


TOO_LARGE = "too large for one datagram: fetched again over TCP, and then read as nothing"
"""What becomes of an answer that needs TCP (recordings `dns-size-a80`, `dns-size-srv24`)."""


class Resolved(NamedTuple):
    """A resolution with what it took: the queries that were sent, and the time in µs."""

    resolution: Resolution
    sent: tuple[Query, ...]
    took: int


class LibcResolver:
    """One query after the other, nothing remembered between rounds."""

    def __init__(self, source: AnswerSource) -> None:
        self._source = source

    def run(self, machine: Machine, now: int) -> Resolved:
        """Run a resolution to its end."""
        sent: list[Query] = []
        took = 0

        def ask(queries: Sequence[Query]) -> tuple[Answer, ...]:
            nonlocal took
            answers = []
            for query in queries:
                answer, cost = _in_time(self._source.lookup(query), LIBC_LIMIT, LIBC_LIMIT)
                took += cost
                sent.append(query)
                if microseconds(answer.seconds) >= LIBC_RESEND or answer.truncated:
                    sent.append(query)
                answers.append(answer)
            return tuple(answers)

        resolution = drive(machine, ask)
        return Resolved(resolution, tuple(sent), took)


class UnboundResolver:
    """A set's queries together, answers remembered for their TTL (recording `unbound-base`)."""

    def __init__(self, source: AnswerSource) -> None:
        self._source = source
        self._known: dict[Query, tuple[int, Answer]] = {}
        self._first = True

    def run(self, machine: Machine, now: int) -> Resolved:
        """Run a resolution to its end."""
        sent: list[Query] = []
        took = 0

        def ask(queries: Sequence[Query]) -> tuple[Answer, ...]:
            nonlocal took
            answers, slowest = [], 0
            limit = UNBOUND_FIRST_LIMIT if self._first else UNBOUND_LIMIT
            for query in queries:
                expires, answer = self._known.get(query, (-1, None))
                if answer is None or expires <= now + took:
                    answer, cost = _in_time(self._source.lookup(query), UNBOUND_PATIENCE, limit)
                    sent.append(query)
                    slowest = max(slowest, cost)
                    self._remember(query, answer, now + took + cost)
                answers.append(answer)
            took += slowest
            return tuple(answers)

        resolution = drive(machine, ask)
        self._first = False
        return Resolved(resolution, tuple(sent), took)

    def _remember(self, query: Query, answer: Answer, now: int) -> None:
        if answer.status is Status.NOERROR:
            ttl = min((r.ttl for r in answer.records), default=0)
            self._known[query] = now + microseconds(ttl), answer
        elif not answer.status.failed:
            self._known[query] = now + UNBOUND_NEGATIVE, answer


def _in_time(answer: Answer, patience: int, limit: int) -> tuple[Answer, int]:
    """The answer as the resolver sees it, and its cost: `limit` where it takes `patience` or longer."""
    if answer.status is Status.TIMEOUT:
        return answer, limit
    if answer.truncated and answer.records:
        return replace(answer, status=Status.MALFORMED, records=(), detail=TOO_LARGE), microseconds(
            answer.seconds
        )
    cost = microseconds(answer.seconds)
    if cost >= patience:
        return replace(
            answer, status=Status.TIMEOUT, records=(), cnames=(), detail="the answer came too late"
        ), limit
    return answer, cost
