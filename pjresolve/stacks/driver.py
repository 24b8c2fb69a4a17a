"""The loop that runs a resolution: it passes queries and answers along and decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeVar

from pjresolve.dns.source import AnswerSource
from pjresolve.model import Answer, Query
from pjresolve.stacks.resolution import Answers, Ask
from pjresolve.stacks.resolvers import ResolverPolicy

T = TypeVar("T")


def drive(machine: Generator[Ask, Answers, T], ask: Callable[[tuple[Query, ...]], tuple[Answer, ...]]) -> T:
    """Run `machine` on what `ask` answers to each set of queries."""
    try:
        wanted = next(machine)
        while True:
            wanted = machine.send(Answers(ask(wanted.queries)))
    except StopIteration as done:
        result: T = done.value
        return result


def resolve_from(
    machine: Generator[Ask, Answers, T], source: AnswerSource, resolver: ResolverPolicy | None = None
) -> T:
    """Run `machine` on answers that are known, or that `resolver` gives by itself."""

    def answer(query: Query) -> Answer:
        return (resolver and resolver.own_answer(query)) or source.lookup(query)

    return drive(machine, lambda queries: tuple(map(answer, queries)))
