"""The loops that run a resolution: they pass queries and answers along and decide nothing."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeAlias, TypeVar, cast

from pjresolve.model import Answer, Query
from pjresolve.sources.base import AnswerSource, AsyncAnswerSource

T = TypeVar("T")
Machine: TypeAlias = Generator[tuple[Query, ...], tuple[Answer, ...], T]
"""A resolution: yields a set of queries, is sent their answers in the same order, and returns its result."""


async def resolve_live(
    machine: Machine[T],
    source: AsyncAnswerSource,
    on_set: Callable[[tuple[Answer, ...]], None] | None = None,
) -> T:
    """Run `machine` on answers that must be asked for. `on_set` sees each set's answers as they come in."""
    try:
        queries = next(machine)
        while True:
            answers = await source.ask(queries)
            if on_set:
                on_set(answers)
            queries = machine.send(answers)
    except StopIteration as done:
        return cast(T, done.value)


def resolve_from(machine: Machine[T], source: AnswerSource) -> T:
    """Run `machine` on answers that are known."""
    try:
        queries = next(machine)
        while True:
            queries = machine.send(tuple(source.lookup(query) for query in queries))
    except StopIteration as done:
        return cast(T, done.value)
