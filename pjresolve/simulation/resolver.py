"""The resolver of one program: what a set of queries costs in time, and what is remembered of it.

Rules of this file:
- everybody in a program shares one: who asks one query after the other keeps the others waiting;
- the answers come from a source and never change here, but for answers that come too late;
- times are in microseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pjresolve.dns.source import AnswerSource
from pjresolve.model import Answer, Query, Status
from pjresolve.simulation.engine import Engine
from pjresolve.sip.timers import microseconds
from pjresolve.stacks.resolvers import ResolverPolicy, cost_of_silence

TOO_LARGE = "too large for one datagram: fetched again over TCP, and then read as nothing"
"""What becomes of an answer that needs TCP, where the resolver does not read it."""


CNAME_TTL = 300
"""Seconds that a CNAME is taken to be valid where its answer does not say."""


class AskedSet(NamedTuple):
    """One set's answers, the queries that were sent for it, and the time it took in µs."""

    answers: tuple[Answer, ...]
    sent: tuple[Query, ...]
    took: int


@dataclass(slots=True)
class Walk:
    """One query on its way along CNAMEs: what was `sent` for it, its `cost` in µs, and what was learnt.

    `known` and `aliases` are until when in µs, and the answer or the name behind a CNAME. `last` is the last
    answer that began with a CNAME.
    """

    sent: list[Query] = field(default_factory=list)
    cost: int = 0
    known: dict[Query, tuple[int, Answer]] = field(default_factory=dict)
    aliases: dict[str, tuple[int, str]] = field(default_factory=dict)
    last: Answer | None = None


class Resolver:
    """The resolver that all lives of a program share."""

    def __init__(self, engine: Engine, source: AnswerSource, policy: ResolverPolicy) -> None:
        self.policy = policy
        self._engine, self._source = engine, source
        self._known: dict[Query, tuple[int, Answer]] = {}
        self._aliases: dict[str, tuple[int, str]] = {}
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
        walks = [Walk() for _ in queries]
        answers = [self._walked(query, walk, now) for query, walk in zip(queries, walks, strict=True)]
        for walk in walks:  # who is asked together learns nothing from the others
            self._known |= walk.known
            self._aliases |= walk.aliases
        sent = [query for walk in walks for query in walk.sent]
        costs = [0, *(walk.cost for walk in walks)]
        if self.policy.together:
            return AskedSet(tuple(answers), tuple(dict.fromkeys(sent)), max(costs))
        return AskedSet(tuple(answers), tuple(sent), sum(costs))

    # ------------------------------------------------------------ one query, and its CNAMEs

    def _walked(self, query: Query, walk: Walk, now: int) -> Answer:
        """The answer to a query. Where the resolver asks for the target of each CNAME itself, so is done.

        What it answers itself it asks for all the same where that is a CNAME's target (recording
        `uc-to-builtin`).
        """
        local = self.policy.own_answer(query)
        if local is not None:
            return local
        chain: tuple[tuple[str, str], ...] = ()
        while True:
            name = chain[-1][1] if chain else query.name
            found = self._step(Query(name, query.rtype), walk, now)
            if isinstance(found, Answer):
                return replace(found, query=query, cnames=chain + found.cnames)
            chain += ((name, found),)
            if len(chain) == self.policy.most_names:  # recordings `uc-long12`, `uc-loop`
                detail = "the CNAMEs lead in a circle or too far"
                return Answer(query, Status.SERVFAIL, cnames=chain, detail=detail)

    def _step(self, query: Query, walk: Walk, now: int) -> Answer | str:
        """The answer for one name, or the name that it is an alias for: remembered, or asked for."""
        at = now + walk.cost
        expires, known = self._known.get(query, (-1, None))
        if known is not None and expires > at:
            return known
        expires, alias = walk.aliases.get(query.name) or self._aliases.get(query.name, (-1, ""))
        if expires > at:
            return alias
        answer, cost = self._in_time(self._lookup(query, walk), self._limit(walk))
        walk.sent.append(query)
        resend = self.policy.resend
        if resend is not None and (microseconds(answer.seconds) >= resend or answer.truncated):
            walk.sent.append(query)
        walk.cost += cost
        at = now + walk.cost
        if self.policy.most_names and answer.cnames:
            walk.last = answer
            ttl, alias = (*answer.cname_ttls, CNAME_TTL)[0], answer.cnames[0][1]
            walk.aliases[query.name] = at + microseconds(ttl), alias
            return alias
        if self.policy.remembers:
            walk.known[query] = at + self._lifetime(answer), answer
        return answer

    def _lookup(self, query: Query, walk: Walk) -> Answer:
        """What the source says of a name. Where it holds nothing of a CNAME's target, that is what it said of
        the CNAME.
        """
        answer, last = self._source.lookup(query), walk.last
        if answer.status is not Status.UNKNOWN or last is None:
            return answer
        return replace(last, query=query, cnames=last.cnames[1:], cname_ttls=last.cname_ttls[1:], seconds=0.0)

    def _limit(self, walk: Walk) -> int:
        """When a query without an answer is given up."""
        return self.policy.limit if self._met or walk.sent else self.policy.first_limit

    def _lifetime(self, answer: Answer) -> int:
        """For how many µs an answer is remembered, a failure included."""
        if answer.status is Status.NOERROR:
            return microseconds(min((r.ttl for r in answer.records), default=0))
        return self.policy.negative_ttl if answer.status is not Status.UNKNOWN else 0

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
