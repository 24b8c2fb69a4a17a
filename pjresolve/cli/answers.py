"""Where the main command's answers come from: live DNS, a zone file, a snapshot, or a bundled one.

Rules of this file:
- the source is the one that `sources.choice` finds named, and what it is stands in `told`;
- live answers are asked for set by set, and kept, so that everything after is simulated on the same answers.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pjresolve.cli.progress import Progress
from pjresolve.dns.known import KnownAnswers, until_known
from pjresolve.dns.live import LiveSource, server_text
from pjresolve.dns.source import AnswerSource
from pjresolve.model import Query
from pjresolve.prediction.inquiry import Inquiry, hosts_asked, in_world, predict, with_answers
from pjresolve.prediction.outages import Outage, outages
from pjresolve.prediction.prediction import Prediction
from pjresolve.scenario.choice import Choice, Names
from pjresolve.sip.uri import SipUri

T = TypeVar("T")
OPTIONS = Names(
    zone="--zone",
    snapshot="--snapshot",
    offline="--offline",
    nameservers="--nameserver",
    timeout="--timeout",
    mend_timeout="use a number above 0, at most 60",
)


@dataclass(slots=True)
class Answers:
    """An inquiry with its source of answers; `told` says in words where they come from.

    `connect` is there for live DNS; it is called once something has to be asked.
    """

    inquiry: Inquiry
    source: AnswerSource
    told: str = ""
    connect: Callable[[], LiveSource] | None = None

    def predict(self, what_if: bool) -> list[tuple[Prediction, list[Outage]]]:
        """The predictions, each with its outages if wanted. Asks live DNS first, where that is the source.

        Raises DnsUnavailable, BadInput.
        """
        if self.connect is None:
            return self._predict(what_if)
        return run(self._predict_live(self.connect, what_if))

    def _predict(self, what_if: bool) -> list[tuple[Prediction, list[Outage]]]:
        found, config, source = predict(self.inquiry, self.source), self.inquiry.config, self.source
        if isinstance(source, KnownAnswers) and source.missing:
            return []  # outages of what is half known would be guesses
        return [(p, list(outages(p, config, source)) if what_if else []) for p in found]

    async def _predict_live(
        self, connect: Callable[[], LiveSource], what_if: bool
    ) -> list[tuple[Prediction, list[Outage]]]:
        """Predict, ask for what was missing, predict anew, until nothing is."""
        known = self.source
        assert isinstance(known, KnownAnswers)

        def connected() -> LiveSource:
            live = connect()
            self.told = f"answers from {servers_text(live)}"
            return live

        with Progress() as progress:
            done = await until_known(
                known,
                connected,
                lambda: self._predict(what_if),
                where=self.inquiry.registrations[0],
                asking=lambda work, queries, live: progress.during(
                    work, f"asking {servers_text(live)}: {queries_text(queries)}"
                ),
            )
        kept = with_answers([p for p, _ in done], known)
        return [(p, more) for p, (_, more) in zip(kept, done, strict=True)]


def servers_text(live: LiveSource) -> str:
    """Who is asked."""
    return ", ".join(server_text(s) for s in live.servers)


def queries_text(queries: Sequence[Query]) -> str:
    """The first of `queries`, and how many there are besides."""
    return f"{queries[0]}{f' and {len(queries) - 1} more' if len(queries) > 1 else ''}"


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end."""
    import asyncio

    return asyncio.run(work)


def choice_of(
    nameservers: Sequence[str] | None,
    timeout: float,
    zone: Path | None = None,
    snapshot: Path | None = None,
    offline: bool = False,
) -> Choice:
    """What the options say about the source."""
    return Choice(OPTIONS, tuple(nameservers or ()), timeout, zone, snapshot, offline)


def answers_for(uri: SipUri | None, inquiry: Inquiry, choice: Choice) -> Answers:
    """The one source that the options name. Raises BadInput, for more than one too."""
    choice.check()
    world = choice.world(hosts_asked(inquiry, uri))
    if world is None:
        return Answers(inquiry, KnownAnswers(faults=inquiry.faults.dns), connect=choice.connect())
    if choice.offline:
        world = replace(world, zone_where=None)  # the file of an example is none of the user's
    return Answers(*in_world(inquiry, world), choice.told())
