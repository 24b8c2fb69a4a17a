"""The resolver of one program: what a set of queries costs in time, and what is remembered of it.

Rules of this file:
- everybody in a program shares one: who asks one query after the other keeps the others waiting;
- the answers come from a source and never change here, but for answers that come too late;
- times are in microseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import NamedTuple

from pjresolve.dns.source import AnswerSource
from pjresolve.model import Answer, Query, Status
from pjresolve.simulation.engine import Engine
from pjresolve.sip.timers import microseconds
from pjresolve.stacks.resolvers import ResolverPolicy, cost_of_silence

TOO_LARGE = "too large for one datagram: fetched again over TCP, and then read as nothing"
"""What becomes of an answer that needs TCP, where the resolver does not read it."""


class AskedSet(NamedTuple):
    """One set's answers, the queries that were sent for it, and the time it took in µs."""

    answers: tuple[Answer, ...]
    sent: tuple[Query, ...]
    took: int


class Resolver:
    """The resolver that all lives of a program share."""

    def __init__(self, engine: Engine, source: AnswerSource, policy: ResolverPolicy) -> None:
        self.policy = policy
        self._engine, self._source = engine, source
        self._known: dict[Query, tuple[int, Answer]] = {}
        self._sets: dict[tuple[Query, ...], AskedSet] = {}
        self._met = False
        self._busy_until = 0

    @property
    def idle(self) -> bool:
        """Whether a query is asked as soon as it comes."""
        return self._busy_until <= self._engine.now

    def ask(self, queries: tuple[Query, ...], done: Callable[[AskedSet], None], tag: Hashable) -> None:
        """Ask one set of queries, and call `done` with the answers: at once, or after the time that it takes.

        A resolver that asks one query after the other first ends what was asked before, by whomever
        (recordings `mr-dns-slow-two-sets`, `mr-dns-queue-timer-f`). `tag` tells the waits of a run apart.
        """
        engine, together = self._engine, self.policy.together
        start = engine.now if together else max(engine.now, self._busy_until)
        asked = self._asked(queries, start)
        end = start + asked.took
        if not together:
            self._busy_until = end
        if end <= engine.now:
            done(asked)
        else:
            engine.after(end - engine.now, lambda: done(asked), tag=tag)

    def met(self) -> None:
        """A resolution has come to its end: the resolver knows the name server now."""
        self._met = True

    def busy(self) -> int:
        """For how many µs it is still busy."""
        return max(0, self._busy_until - self._engine.now)

    def skip(self, span: int) -> None:
        """Move what is kept in absolute time `span` µs on."""
        self._busy_until += span

    def _asked(self, queries: tuple[Query, ...], now: int) -> AskedSet:
        if self.policy.remembers:
            return self._asked_anew(queries, now)
        if queries not in self._sets:  # without a memory the same set costs the same
            self._sets[queries] = self._asked_anew(queries, now)
        return self._sets[queries]

    def _asked_anew(self, queries: tuple[Query, ...], now: int) -> AskedSet:
        policy = self.policy
        limit = policy.limit if self._met else policy.first_limit
        sent: list[Query] = []
        answers, costs = [], [0]
        for query in queries:
            expires, answer = self._known.get(query, (-1, None))
            if answer is None or expires <= now:
                answer, cost = self._in_time(self._source.lookup(query), limit)
                sent.append(query)
                if policy.resend is not None and (
                    microseconds(answer.seconds) >= policy.resend or answer.truncated
                ):
                    sent.append(query)
                costs.append(cost)
                self._remember(query, answer, now + cost)
            answers.append(answer)
        took = max(costs) if policy.together else sum(costs)
        return AskedSet(tuple(answers), tuple(sent), took)

    def _remember(self, query: Query, answer: Answer, now: int) -> None:
        if not self.policy.remembers:
            return
        if answer.status is Status.NOERROR:
            ttl = min((r.ttl for r in answer.records), default=0)
            self._known[query] = now + microseconds(ttl), answer
        elif not answer.status.failed:
            self._known[query] = now + self.policy.negative_ttl, answer

    def _in_time(self, answer: Answer, limit: int) -> tuple[Answer, int]:
        """The answer as the resolver sees it, and its cost: `limit` where it comes too late."""
        if answer.servers > 1 and self.policy.retrans:
            return answer, cost_of_silence(self.policy, answer) + microseconds(answer.seconds)
        if answer.status is Status.TIMEOUT:
            return answer, limit
        cost = microseconds(answer.seconds)
        if answer.truncated and answer.records and not self.policy.reads_large:
            return replace(answer, status=Status.MALFORMED, records=(), detail=TOO_LARGE), cost
        if cost >= self.policy.patience:
            late = replace(
                answer, status=Status.TIMEOUT, records=(), cnames=(), detail="the answer came too late"
            )
            return late, limit
        return answer, cost
