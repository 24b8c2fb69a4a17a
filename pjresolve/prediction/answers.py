"""The answers that predictions are made of: there beforehand, or asked of live DNS as they are missed.

Rules of this file:
- the source is the one that a Choice names, and nothing falls back to another;
- live answers are asked for set by set, and kept, so that everything after is simulated on the same answers.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from pjresolve.dns.channel import server_text
from pjresolve.dns.known import KnownAnswers, until_known
from pjresolve.dns.live import LiveSource
from pjresolve.dns.source import UNSAID, AnswerSource, DnsFault, Origin
from pjresolve.model import Query
from pjresolve.prediction.inquiry import Inquiry, hosts_asked, in_worlds
from pjresolve.scenario.choice import Choice
from pjresolve.scenario.format import Scenario
from pjresolve.scenario.worlds import passed_over

T = TypeVar("T")
Asking: TypeAlias = Callable[[Awaitable[None], Sequence[Query], LiveSource], Awaitable[None]]
"""Awaits the first of its arguments, and may tell of the queries that are under way."""


@dataclass(frozen=True, slots=True)
class FixedAnswers:
    """Answers of zone files or snapshots. `answers_from` says in words which."""

    source: AnswerSource
    answers_from: Origin

    async def apply(self, work: Callable[[AnswerSource], T]) -> T:
        """What `work` returns. Raises whatever it raises."""
        return work(self.source)


class LiveAnswers:
    """Answers of name servers. `answers_from` says in words which, once one was asked.

    `connect` is called where something has to be asked. `where` is what errors are about.
    """

    def __init__(
        self,
        connect: Callable[[], LiveSource],
        *,
        faults: Mapping[Query, DnsFault] | None = None,
        where: str | None = None,
        asking: Asking | None = None,
    ) -> None:
        self.known = KnownAnswers(faults=faults)
        self.answers_from = UNSAID
        self._connect, self._where, self._asking = connect, where, asking

    async def apply(self, work: Callable[[AnswerSource], T]) -> T:
        """What `work` returns once it misses no answer: it is called anew with each set of answers.

        Raises DnsUnavailable, BadInput where the DNS leads on and on, and whatever `work` raises.
        """
        return await until_known(
            self.known, self._connected, lambda: work(self.known), where=self._where, asking=self._ask
        )

    async def _ask(self, collecting: Awaitable[None], queries: Sequence[Query], live: LiveSource) -> None:
        await (self._asking(collecting, queries, live) if self._asking else collecting)
        live.check_useful()

    def _connected(self) -> LiveSource:
        live = self._connect()
        names = tuple(map(server_text, live.servers))
        self.answers_from = Origin(f"answers from {servers_text(live)}", kind="nameserver", names=names)
        return live


Answers: TypeAlias = FixedAnswers | LiveAnswers


def answers_for(inquiry: Inquiry, choice: Choice, asking: Asking | None = None) -> tuple[Inquiry, Answers]:
    """The one source that was named, and the inquiry in the world that it speaks of.

    Raises BadInput, for more than one too.
    """
    base, answers = answers_in(
        inquiry.base,
        hosts_asked(inquiry),
        choice,
        faults=inquiry.faults.dns,
        where=inquiry.registrations[0],
        asking=asking,
    )
    return replace(inquiry, base=base), answers


def answers_in(
    base: Scenario,
    hosts: Sequence[str],
    choice: Choice,
    *,
    faults: Mapping[Query, DnsFault],
    where: str,
    asking: Asking | None = None,
) -> tuple[Scenario, Answers]:
    """As `answers_for`, for a question about `hosts` in `base`. `where` is what errors are about."""
    choice.check()
    worlds = choice.worlds(hosts)
    if not worlds:
        return base, LiveAnswers(choice.connect(), faults=faults, where=where, asking=asking)
    if choice.offline:  # the file of an example is none of the user's
        worlds = [replace(world, zone_where=None, path=None) for world in worlds]
    base, source = in_worlds(base, worlds, faults)
    return base, FixedAnswers(source, choice.answers_from.with_words(passed_over(worlds)))


def servers_text(live: LiveSource) -> str:
    """Who is asked."""
    return ", ".join(server_text(s) for s in live.servers)
