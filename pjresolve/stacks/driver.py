"""The loop that runs a resolution: it passes queries and answers along and decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TypeAlias, TypeVar, cast

from pjresolve.dns.source import AnswerSource
from pjresolve.model import Answer, Query

T = TypeVar("T")
Machine: TypeAlias = Generator[tuple[Query, ...], tuple[Answer, ...], T]
"""A resolution: yields a set of queries, is sent their answers in the same order, and returns its result."""


def drive(machine: Machine[T], ask: Callable[[tuple[Query, ...]], tuple[Answer, ...]]) -> T:
    """Run `machine` on what `ask` answers to each set of queries."""
    try:
        queries = next(machine)
        while True:
            queries = machine.send(ask(queries))
    except StopIteration as done:
        return cast(T, done.value)


def resolve_from(machine: Machine[T], source: AnswerSource) -> T:
    """Run `machine` on answers that are known."""
    return drive(machine, lambda queries: tuple(map(source.lookup, queries)))
