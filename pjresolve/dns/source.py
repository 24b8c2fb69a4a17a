"""What sources of answers have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from pjresolve.model import Answer, Query, Status


class Origin(str):
    """In words where answers come from. `captured` is false where nobody ever received them.

    As values, `kind` is `nameserver`, `zone`, `snapshot` or `bundled`, empty where nothing was asked; `names`
    are the name servers or files.
    """

    captured: bool
    kind: str
    names: tuple[str, ...]

    def __new__(
        cls, words: str, *, captured: bool = True, kind: str = "", names: tuple[str, ...] = ()
    ) -> Origin:
        """The words, and what they are made of."""
        origin = super().__new__(cls, words)
        origin.captured, origin.kind, origin.names = captured, kind, names
        return origin

    def with_words(self, more: str) -> Origin:
        """The same origin with more words behind its own."""
        return Origin(self + more, captured=self.captured, kind=self.kind, names=self.names)


UNSAID = Origin("")


class AnswerSource(Protocol):
    """Something that knows the answers beforehand: a zone or a snapshot."""

    def lookup(self, query: Query) -> Answer:
        """The answer to `query`. A failure is an answer too: nothing is raised."""
        ...


class AsyncAnswerSource(Protocol):
    """Something that has to ask."""

    async def ask(self, queries: Sequence[Query]) -> tuple[Answer, ...]:
        """The answers to one set of queries, in its order.

        Raises DnsUnavailable where nobody can be asked.
        """
        ...


@dataclass(frozen=True, slots=True)
class DnsFault:
    """What happens to a query. `delay` (seconds) belongs to the kind of that name."""

    kind: Literal["drop", "servfail", "refused", "delay"]
    delay: float = 0.0


FAILURES = {"drop": Status.TIMEOUT, "servfail": Status.SERVFAIL, "refused": Status.REFUSED}
"""How a query ends by each kind of fault but a delay."""
