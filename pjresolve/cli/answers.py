"""Where the main command's answers come from: live DNS, a zone file, a snapshot, or a bundled one.

Rules of this file:
- exactly one source is used, and what it is stands in `told`;
- live answers are asked for set by set, and kept, so that everything after is simulated on the same answers.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from pjresolve.analysis.outages import Outage, outages
from pjresolve.cli.progress import Progress
from pjresolve.errors import BadInput, Location
from pjresolve.model import Query, canonical_address, canonical_name
from pjresolve.simulate.inquiry import Inquiry, predict, server_host, with_answers
from pjresolve.simulate.prediction import Prediction
from pjresolve.sip.uri import SipUri
from pjresolve.sources.base import AnswerSource
from pjresolve.sources.known import KnownAnswers, until_known
from pjresolve.sources.live import LiveSource, parse_nameserver, server_text
from pjresolve.sources.scenario import Scenario, load_scenario
from pjresolve.sources.snapshot import ILLUSTRATIVE, SnapshotSource, bundled, bundled_names

T = TypeVar("T")


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


def answers_for(
    uri: SipUri | None,
    inquiry: Inquiry,
    *,
    zone: Path | None,
    snapshot: Path | None,
    offline: bool,
    nameservers: Sequence[str],
    timeout: float,
) -> Answers:
    """The one source that the options name. Raises BadInput for more than one, DnsUnavailable for none."""
    given = {
        "--zone": bool(zone),
        "--snapshot": bool(snapshot),
        "--offline": offline,
        "--nameserver": bool(nameservers),
    }
    named = [option for option, there in given.items() if there]
    if len(named) > 1:
        raise BadInput(f"{' and '.join(named)} exclude each other", mend="answers come from one source")
    if zone is not None:
        return _fixed(inquiry, _zone(zone), f"answers from zone file {zone}")
    if snapshot is not None:
        return _fixed(inquiry, load_scenario(snapshot), f"answers from snapshot {snapshot}")
    if offline:
        return _bundled(inquiry, uri)
    known = KnownAnswers(faults=inquiry.faults.dns)
    return Answers(inquiry, known, connect=live_source(nameservers, timeout))


def live_source(nameservers: Sequence[str], timeout: float) -> Callable[[], LiveSource]:
    """Connects to the name servers that were named, else the system's. Raises BadInput.

    What it returns raises DnsUnavailable where none is known.
    """
    if not 0 < timeout <= 60:
        raise BadInput(
            f"{timeout:g} s is no timeout", where="--timeout", mend="use a number above 0, at most 60"
        )
    servers = [parse_nameserver(text) for text in nameservers]
    return lambda: LiveSource(servers, timeout=timeout)


def _fixed(inquiry: Inquiry, world: Scenario, told: str) -> Answers:
    base = replace(
        inquiry.base, zone=world.zone, zone_where=world.zone_where, dns=world.dns, unbound=world.unbound
    )
    inquiry = replace(inquiry, base=base)
    source = SnapshotSource(replace(base, dns={**base.dns, **inquiry.faults.dns}))
    return Answers(inquiry, source, told)


def _zone(path: Path) -> Scenario:
    from pjresolve.sources.scenario import read_text

    return Scenario(name=path.name, zone=read_text(path), zone_where=Location(str(path), 1))


def _bundled(inquiry: Inquiry, uri: SipUri | None) -> Answers:
    """The bundled snapshots of all hosts in question, as one."""
    hosts = [uri.host] if uri else [server_host(inquiry.config, name) for name in inquiry.registrations]
    worlds: list[Scenario] = []
    for host in dict.fromkeys(canonical_name(h) for h in hosts if h and canonical_address(h) is None):
        path = bundled(host)
        if path is None:
            mend = f"there is {', '.join(bundled_names())}"
            raise BadInput(f"there is no bundled snapshot of {host}", where="--offline", mend=mend)
        worlds.append(load_scenario(path))
    world = Scenario(name="bundled", zone="\n".join(w.zone for w in worlds))
    return _fixed(inquiry, world, f"answers from a bundled snapshot: {ILLUSTRATIVE}")
