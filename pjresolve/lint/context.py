"""What rules look at: the configuration, the answers at hand, and what-ifs that are simulated on demand.

Rules of this file:
- nothing is computed before a rule asks for it, and nothing twice;
- a what-if changes one thing and leaves the rest as it is;
- an address that the answers give is healthy unless the snapshot's `hosts` or the what-if says otherwise.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from pjresolve.config.objects import Config, Endpoint, Registration, load
from pjresolve.config.schema import option
from pjresolve.config.sections import Section
from pjresolve.config.trunks import owners
from pjresolve.config.uris import first_route, read_uri
from pjresolve.dns.source import AnswerSource
from pjresolve.errors import BadInput, Location, printable
from pjresolve.lint.elsewhere import elsewhere
from pjresolve.lint.placeholders import places
from pjresolve.lint.versions import CURRENT, Version, first_version, has
from pjresolve.model import (
    AddressData,
    Answer,
    Protocol,
    Query,
    Record,
    Status,
    Target,
    TransportType,
    canonical_name,
)
from pjresolve.prediction.healthy import HORIZON, hosts_around, reached_by, silenced
from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.realms import challenging
from pjresolve.prediction.run import simulate_scenario
from pjresolve.scenario.behaviour import ACCEPT, CLOSE, OK, Behaviour
from pjresolve.scenario.format import HostState, Scenario
from pjresolve.scenario.snapshot import SnapshotSource
from pjresolve.sip.outcome import Ending
from pjresolve.sip.uri import SipUri
from pjresolve.stacks import DEFAULT_STACK, stack_named
from pjresolve.stacks.driver import resolve_from
from pjresolve.stacks.protocol import Plan, Refused
from pjresolve.stacks.resolution import Resolution
from pjresolve.trace import AttemptEnded, ConnectionFailed
from pjresolve.words import listed

T = TypeVar("T")
GUESSES = 200
"""Misspelt names for which the closest known one is looked for."""
OUTAGE = 3600.0
"""Seconds that an outage is simulated for."""
DAY = 86400.0


@dataclass(frozen=True)
class WhatIf:
    """A world to predict in: which addresses are down, which targets alone are silent, of which protocol
    every service closes its connections, what every service does, and what the unknown ones do.
    """

    down: frozenset[str]
    silent: frozenset[Target]
    closing: Protocol | None
    every: Behaviour | None
    healthy: Behaviour
    duration: float
    to_the_end: bool


@dataclass
class Context:
    """One configuration under examination.

    `source` is None where the DNS is left out. `world` gives hosts, client and resolver of a snapshot.
    `holds` says whether the source knows anything about a name, and `exists` whether a file is on the machine
    that the configuration is for; None where that is another one, or not known.
    """

    config: Config
    source: AnswerSource | None = None
    world: Scenario = field(default_factory=lambda: Scenario("check"))
    holds: Callable[[str], bool] = lambda name: True
    version: Version = CURRENT
    exists: Callable[[str], bool] | None = None
    guesses: int = field(default=0, repr=False)
    _memory: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.config = understood(self.config, self.version)

    @classmethod
    def in_world(cls, config: Config, world: Scenario, version: Version = CURRENT) -> Context:
        """The configuration with the answers and hosts of a snapshot. Raises BadInput for a bad zone."""
        source = SnapshotSource(world)
        return cls(config, source, world, source.holds, version)

    @cached_property
    def trunks(self) -> list[Trunk]:
        """The registrations that were read, in order."""
        return [Trunk(self, registration) for registration in self.config.registrations.values()]

    @cached_property
    def loaded(self) -> list[Trunk]:
        """Those that Asterisk loads and that can send: not where every attempt ends before any DNS."""
        return [trunk for trunk in self.trunks if trunk.plan is not None and not trunk.plan.dead_end]

    @cached_property
    def predictable(self) -> list[Trunk]:
        """Those that Asterisk loads and whose answers are at hand."""
        return [trunk for trunk in self.trunks if trunk.plan is not None and trunk.has_answers]

    @cached_property
    def elsewhere(self) -> frozenset[str]:
        """The types of which objects may stand where nothing was read."""
        return elsewhere(self.config, self.exists is not None)

    @cached_property
    def placeholders(self) -> dict[Location, str]:
        """The lines with something that is still to be filled in."""
        return places(self.config.document)

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """`make()`, computed once for `key`."""
        if key not in self._memory:
            self._memory[key] = make()
        result: T = self._memory[key]
        return result

    def line(self, where: Location) -> str:
        """A line of a file as it is written, comments included; empty where it cannot be read any more."""
        lines = self.lines(where.file)
        return lines[where.line - 1] if 0 < where.line <= len(lines) else ""

    def lines(self, file: str) -> list[str]:
        """The lines of a file as they are written; none where it cannot be read."""
        return self.once(("file", file), lambda: _lines(file))

    def closest(self, name: str, others: Iterable[str]) -> str:
        """The one of `others` that is spelt most like `name`, escaped, or the empty text."""
        near = self.guess(lambda: difflib.get_close_matches(name[:64], list(islice(others, 500)), 1, 0.6))
        return printable(near[0]) if near else ""

    def guess(self, make: Callable[[], T]) -> T | None:
        """`make()`, which takes its time, for the first GUESSES that are asked for; after that None."""
        self.guesses += 1
        return make() if self.guesses <= GUESSES else None

    def trunks_of(self, endpoint: Endpoint) -> list[Trunk]:
        """The registrations that belong to an endpoint."""
        return [self.trunks[i] for i in self._owned.get(endpoint.name, ())]

    def endpoints_of(self, trunk: Trunk) -> list[Endpoint]:
        """The endpoints that a registration belongs to."""
        return [self.config.endpoints[name] for name in self._owners.get(trunk.name, ())]

    @cached_property
    def _owners(self) -> dict[str, list[str]]:
        """For each registration the names of its endpoints."""
        return owners(self.config)

    @cached_property
    def _owned(self) -> dict[str, list[int]]:
        """For each endpoint the numbers of its registrations."""
        out: dict[str, list[int]] = {}
        for i, trunk in enumerate(self.trunks):
            for name in self._owners.get(trunk.name, ()):
                out.setdefault(name, []).append(i)
        return out


@dataclass(frozen=True)
class Trunk:
    """One registration with what is known of it. `stand_in` is a source of answers that a what-if puts in
    place of the real one.
    """

    context: Context
    registration: Registration
    stand_in: OneAddressEach | WithoutRecords | None = None

    @property
    def name(self) -> str:
        return self.registration.name

    @cached_property
    def server(self) -> SipUri | None:
        """`server_uri`, or None where it cannot be parsed."""
        return uri_or_none(self.registration.server_uri)

    @cached_property
    def route(self) -> SipUri | None:
        """The URI that is resolved: `outbound_proxy` where there is one, else `server_uri`."""
        return (
            first_route(self.registration.outbound_proxy) if self.registration.outbound_proxy else self.server
        )

    @cached_property
    def _loading(self) -> Plan | Refused:
        return stack_named(DEFAULT_STACK).load(self.context.config, self.registration)

    @property
    def plan(self) -> Plan | None:
        """What Asterisk makes of it before any DNS, or None where it refuses it."""
        return self._loading if isinstance(self._loading, Plan) else None

    @property
    def refusal(self) -> Refused | None:
        """Why Asterisk does not load it, or None where it does."""
        return self._loading if isinstance(self._loading, Refused) else None

    @property
    def pinned(self) -> TransportType | None:
        """The type of the transport that it is pinned to."""
        return self.plan.pinned if self.plan else None

    @cached_property
    def has_answers(self) -> bool:
        """Whether the answers for it are at hand, all of them."""
        route = self.route
        if route is None or self.context.source is None:
            return False
        if route.address:
            return True
        answers = self.resolution.answers if self.resolution is not None else ()
        return self.context.holds(route.host) and not any(a.status is Status.UNKNOWN for a in answers)

    @property
    def source(self) -> AnswerSource:
        return self.stand_in or self.context.source or OneAddressEach()

    def with_options(self, **changes: object) -> Trunk:
        """The same registration with other values of some options."""
        return Trunk(self.context, replace(self.registration, **changes), self.stand_in)  # type: ignore[arg-type]

    def without_dns(self) -> Trunk:
        """The same registration in a world where its host has one address of each family."""
        return Trunk(self.context, self.registration, OneAddressEach())

    def without_records(self, *rtypes: str) -> Trunk:
        """The same registration while queries of these types fail."""
        return Trunk(self.context, self.registration, WithoutRecords(frozenset(rtypes), self.source))

    def ask(self, name: str, rtype: str) -> Answer:
        """What the answers at hand say."""
        return self.source.lookup(Query(canonical_name(name), rtype))

    @cached_property
    def resolution(self) -> Resolution | None:
        """The first resolution, in its most probable order; None where there is no DNS to ask."""
        if self.plan is None or self.plan.resolution is None:
            return None
        resolver = self.plan.policy.resolver_with(self.context.world.unbound)
        return resolve_from(self.plan.resolution(), self.source, resolver)

    @property
    def targets(self) -> tuple[Target, ...]:
        """The targets that are really tried: a pinned transport passes over those of other types."""
        if self.resolution is None or self.plan is None:
            return ()
        pinned = self.plan.pinned
        return tuple(t for t in self.resolution.targets if pinned is None or t.transport == pinned)

    @cached_property
    def baseline(self) -> Prediction:
        """What becomes of it within an hour in a healthy world, whose servers ask for a password."""
        return self.predict(healthy=OK, duration=HORIZON)

    def why_not(self) -> str:
        """Why nothing registers in a healthy world, in half a sentence."""
        if not self.targets:
            if self.resolution is not None and self.resolution.targets:
                count = len(self.resolution.targets)
                return f"all {count} targets are of another type than the pinned transport"
            return self.resolution.why if self.resolution is not None else "nothing is asked"
        if self.plan is not None and not self.plan.credentials:
            return "it has no credentials for the server's challenge"
        ended = [e for e in self.baseline.log if isinstance(e, AttemptEnded)]
        answers = dict.fromkeys(e.status for e in ended if e.outcome is Ending.ANSWERED and e.status != 401)
        if answers:
            return f"the server answers {listed(map(str, answers))}"
        failed = next((e.why for e in self.baseline.log if isinstance(e, ConnectionFailed)), "")
        return failed or "no target answers"

    def outage(self, addresses: Iterable[str]) -> Prediction:
        """What becomes of it in an outage of these addresses, from its start and for an hour."""
        return self.predict(down=addresses, duration=OUTAGE)

    def predict(
        self,
        *,
        down: Iterable[str] = (),
        silent: Iterable[Target] = (),
        closing: Protocol | None = None,
        every: Behaviour | None = None,
        healthy: Behaviour | None = None,
        duration: float = 100.0,
        to_the_end: bool = False,
    ) -> Prediction:
        """What becomes of it where the addresses `down` are, the targets `silent` never answer whatever else
        their hosts do, every service over `closing` closes its connections as soon as they are open, or every
        service behaves like `every`.

        What nothing is known of is `healthy`. `duration` in seconds.
        """
        if healthy is None:
            # a what-if about ways is not to fail for want of a password: that is a finding of its own
            healthy = OK if self.plan is None or self.plan.credentials else ACCEPT
        what_if = WhatIf(frozenset(down), frozenset(silent), closing, every, healthy, duration, to_the_end)
        key = (self.registration, self.stand_in, what_if)
        return self.context.once(key, lambda: self._simulate(what_if))

    def _simulate(self, what_if: WhatIf) -> Prediction:
        context = self.context
        scenario = Scenario(
            name=self.name,
            hosts=self._hosts(what_if),
            client=context.world.client,
            unbound=context.world.unbound,
            duration=what_if.duration,
            stop="duration" if what_if.to_the_end else "registered",
        )
        config = replace(context.config, registrations={self.name: self.registration}, refusals=())
        try:
            return simulate_scenario(
                challenging(scenario, self.plan.realms if self.plan else ()),
                registration=self.name,
                config=config,
                source=self.source,
                alone=True,
            )
        except BadInput:
            if what_if.duration <= 60:
                raise
            # rounds that follow within moments, and nothing that repeats: a shorter look has to do
            return self._simulate(replace(what_if, duration=what_if.duration / 10))

    def _hosts(self, what_if: WhatIf) -> dict[str, HostState]:
        given = {} if isinstance(self.stand_in, OneAddressEach) else self.context.world.hosts
        reached = reached_by(self.plan, self.resolution.targets) if self.plan and self.resolution else []
        around = hosts_around({} if what_if.every else given, reached, what_if.every or what_if.healthy)
        hosts: dict[str, HostState] = {**given, **around}
        for address, state in hosts.items():
            if state != "down":
                hosts[address] = {s: CLOSE if s.protocol is what_if.closing else b for s, b in state.items()}
        return {**silenced(hosts, what_if.silent), **dict.fromkeys(what_if.down, "down")}


@dataclass(frozen=True)
class OneAddressEach:
    """A world without DNS data: every name has one address of each family, kept for documentation,
    and nothing else.

    Enough for what-ifs that are about time and not about targets.
    """

    def lookup(self, query: Query) -> Answer:
        """One A or AAAA record, or nothing."""
        address = {"A": "192.0.2.1", "AAAA": "2001:db8::1"}.get(query.rtype)
        if address is None:
            return Answer(query, Status.NODATA)
        return Answer(query, Status.NOERROR, (Record(query.name, 300, query.rtype, AddressData(address)),))


@dataclass(frozen=True)
class WithoutRecords:
    """A source as if its DNS had no records of some types: their queries fail."""

    rtypes: frozenset[str]
    source: AnswerSource = field(compare=False)

    def lookup(self, query: Query) -> Answer:
        """The source's answer, or a failure."""
        return Answer(query, Status.SERVFAIL) if query.rtype in self.rtypes else self.source.lookup(query)


def understood(config: Config, version: Version) -> Config:
    """The configuration as this version reads it: an option that only later ones than the recorded one know
    is no mistake for them.
    """

    def newer(kind: str, name: str) -> bool:
        first = first_version(kind, name)
        return first is not None and option(kind, name) is None and has(version, first)

    def cleaned(section: Section) -> Section:
        kept = tuple(e for e in section.entries if not newer(section.type, e.name))
        return section if len(kept) == len(section.entries) else replace(section, entries=kept)

    sections = tuple(cleaned(section) for section in config.document.sections)
    if all(a is b for a, b in zip(sections, config.document.sections, strict=True)):
        return config
    again = load(replace(config.document, sections=sections), mapped=config.mapped)
    return replace(again, document=config.document, wizard=config.wizard)


def _lines(file: str) -> list[str]:
    try:
        return Path(file).read_bytes().decode("utf-8", "surrogateescape").split("\n")
    except (OSError, ValueError):
        return []


def uri_or_none(text: str) -> SipUri | None:
    """The URI in `text`, or None where PJSIP reads none."""
    return read_uri(text)
