"""The world that named files describe: their answers, and what they say of hosts and of the client.

Rules of this file:
- what counts of such a file are its answers, `hosts`, `client` and `asterisk`; what else a scenario can hold
  is for `pjresolve simulate`;
- files fill each other's gaps, and where two of them say different things of one thing, none is believed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias, TypeVar

from pjresolve.dns.source import DnsFault
from pjresolve.errors import BadInput, printable
from pjresolve.model import Answer, Query, Status
from pjresolve.scenario.format import Client, HostState, Scenario
from pjresolve.scenario.snapshot import SnapshotSource

T = TypeVar("T")


class SeveralSources:
    """The answers of several files, which errors call by their `names`.

    `answers` are those that were looked up, by query.
    """

    def __init__(self, sources: Sequence[SnapshotSource], names: Sequence[str]) -> None:
        self._sources = dict(zip(names, sources, strict=True))
        self.answers: dict[Query, Answer] = {}

    def lookup(self, query: Query) -> Answer:
        """What the files that know it say. Raises BadInput where they contradict each other."""
        if query not in self.answers:
            self.answers[query] = self._looked_up(query)
        return self.answers[query]

    def _looked_up(self, query: Query) -> Answer:
        said: dict[str, Answer] = {}
        outside: list[Answer] = []
        for name, source in self._sources.items():
            answer = source.lookup(query)
            if answer.status is Status.NXDOMAIN and not source.recorded:
                outside.append(answer)  # a zone file says so of every name that it does not hold
            elif answer.status is not Status.UNKNOWN:
                said[name] = answer
        if len({_substance(answer) for answer in said.values()}) > 1:
            raise _contradiction(list(said), f"the answer to {query}")
        if said:
            return next(iter(said.values()))
        return outside[0] if len(outside) == len(self._sources) else Answer(query, Status.UNKNOWN)

    def holds(self, name: str) -> bool:
        """Whether any of the files says anything of a name."""
        return any(source.holds(name) for source in self._sources.values())


Source: TypeAlias = SnapshotSource | SeveralSources


class HeldAnswers:
    """Answers of files, in which nothing that is asked for may be missing."""

    LACKING: Final = "the answers at hand do not hold"
    HINT: Final = "record it too, see `pjresolve record`"

    def __init__(self, source: Source) -> None:
        self.source = source

    def lookup(self, query: Query) -> Answer:
        """The answer. Raises BadInput where the files do not have it."""
        answer = self.source.lookup(query)
        if answer.status is Status.UNKNOWN:
            raise BadInput(f"{self.LACKING} {query.rtype} of {printable(query.name, 80)}", hint=self.HINT)
        return answer

    def check(self, hosts: Sequence[str]) -> HeldAnswers:
        """Raise BadInput for a host that they say nothing of: a zone file denies every name outside it."""
        for host in hosts:
            if not self.source.holds(host):
                raise BadInput(f"{self.LACKING} {printable(host, 80)}", hint=self.HINT)
        return self


"""Answers that are there beforehand, and know what they hold."""


def source_of(worlds: Sequence[Scenario], faults: Mapping[Query, DnsFault] | None = None) -> Source:
    """The answers of these worlds, with `faults` before them. Raises BadInput for a bad zone."""
    made = tuple(SnapshotSource(replace(w, dns={**w.dns, **(faults or {})})) for w in worlds)
    return made[0] if len(made) == 1 else SeveralSources(made, list(map(file_of, worlds)))


def surroundings(worlds: Sequence[Scenario]) -> Scenario:
    """What these worlds say beside their answers: hosts, client and resolver, as one scenario.

    Raises BadInput where they contradict each other.
    """
    hosts: dict[str, HostState] = {}
    for address in dict.fromkeys(address for world in worlds for address in world.hosts):
        told = {file_of(w): w.hosts[address] for w in worlds if address in w.hosts}
        hosts[address] = _agreed(told, f"host {address}")
    clients = {file_of(w): w.client for w in worlds if w.client != Client()}
    resolvers = {file_of(w): True for w in worlds if w.unbound}
    return Scenario(
        name=worlds[0].name,
        hosts=hosts,
        client=_agreed(clients, "the client") if clients else Client(),
        unbound=bool(resolvers),
    )


def passed_over(worlds: Sequence[Scenario]) -> str:
    """What of these files does not count, in words that follow where answers come from; mostly nothing."""
    files = [file_of(world) for world in worlds if world.events]
    return f"; the events in {', '.join(files)} are for `pjresolve simulate`" if files else ""


def file_of(world: Scenario) -> str:
    """What a world is called in errors: its file, else its name."""
    if world.path is not None:
        return str(world.path)
    return world.zone_where.file if world.zone_where else world.name


def _substance(answer: Answer) -> tuple[object, ...]:
    """What makes an answer the same as another: not how long it may be kept, nor the records' order."""
    return answer.status, frozenset((r.rtype, r.data) for r in answer.records), answer.cnames


def _agreed(told: Mapping[str, T], what: str) -> T:
    first, *others = told.values()
    if any(other != first for other in others):
        raise _contradiction(list(told), what)
    return first


def _contradiction(files: Sequence[str], what: str) -> BadInput:
    names = " and ".join(files)
    return BadInput(f"{what} is not the same in {names}", hint="leave one of them out, or correct it")
