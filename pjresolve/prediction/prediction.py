"""What comes out: a prediction, in the shape of the contract's JSON and as typed values.

Rules of this file:
- everything over time is read from the log; nothing is stored twice;
- times are in seconds from the registration's first DNS query, or its first packet where none is made.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple, TextIO

from pjresolve.model import Query, Target
from pjresolve.scenario.format import Scenario
from pjresolve.simulation.log import Log
from pjresolve.sip.outcome import Ending
from pjresolve.sip.timers import seconds
from pjresolve.stacks.protocol import Plan
from pjresolve.stacks.resolution import Resolution
from pjresolve.trace import (
    AttemptEnded,
    AttemptStarted,
    ConnectStarted,
    DatagramSent,
    ListKnown,
    RequestSent,
    State,
    StateChanged,
)

FORMAT = "pjresolve.prediction/1"
Json = dict[str, Any]


class Order(NamedTuple):
    """A target list that the first resolution can end with."""

    probability: float
    targets: tuple[Target, ...]


class Round(NamedTuple):
    """A resolution: when its list was known (seconds), the queries that were sent, and the list."""

    t: float
    queries: tuple[Query, ...]
    targets: tuple[Target, ...]


class AttemptMade(NamedTuple):
    """A transaction: `outcome` as in `pjresolve.sip.outcome`, `status` the answer or what the end counts as.

    `t` and `ended` in seconds; `outcome` is None where the run ended first. `credentials`: it answers a
    challenge.
    """

    t: float
    round: int
    target: Target
    outcome: Ending | None
    status: int | None
    ended: float | None
    credentials: bool


class Sent(NamedTuple):
    """A UDP datagram (`udp`), the first SYN of a connection (`connect`) or a request over one (its method),
    and when it left (seconds).
    """

    t: float
    event: str
    target: Target


class Registered(NamedTuple):
    """The first success, `t` seconds in."""

    t: float
    target: Target


class Moment(NamedTuple):
    """A change of state, `t` seconds in."""

    t: float
    state: State
    why: str


class Course(NamedTuple):
    """How a run ends: the state at its end, and the first success."""

    status: State
    registered: Registered | None


class RealmChoice(NamedTuple):
    """What depends on the realm of the server's challenge.

    `realms` are those that the auth sections answer, `assumed` the one that the prediction takes. `equal` is
    what comes of a server with one of them, `other` of one with any other realm.
    """

    realms: tuple[str, ...]
    assumed: str
    equal: Course
    other: Course


@dataclass(frozen=True)
class Prediction:
    """What one registration will do in one scenario.

    `refusal` says why the object is not loaded, and then nothing else happens. `resolution` is the first
    one, with every decision; `log` every event of the run. `status` is the state at `end` (seconds);
    `unregistered` is how many of those seconds passed without a valid registration. `machine` are all that
    lived on the same machine, this one included, in the file's order; empty where it lived alone. `assumed`:
    that the server it registers with works was taken for granted, and not said by anybody.
    """

    stack: str
    scenario: Scenario
    registration: str
    loaded: bool
    refusal: str | None = None
    evidence: str = ""
    plan: Plan | None = None
    resolution: Resolution | None = None
    log: Log = field(default_factory=Log, repr=False)
    registered: Registered | None = None
    status: State = State.REJECTED
    end: float = 0.0
    unregistered: float = 0.0
    notes: tuple[str, ...] = ()
    machine: tuple[Prediction, ...] = field(default=(), repr=False)
    assumed: bool = False
    realm: RealmChoice | None = None

    @cached_property
    def _orders(self) -> tuple[list[tuple[float, tuple[Target, ...]]], bool]:
        if self.resolution is None:
            return [], False
        return self.resolution.orders()

    @property
    def orders(self) -> list[Order]:
        """Every list the first resolution can end with, most probable first."""
        return [Order(p, targets) for p, targets in self._orders[0]]

    @property
    def orders_truncated(self) -> bool:
        return self._orders[1]

    @property
    def targets(self) -> tuple[Target, ...]:
        """The first resolution's list, in the order that the run followed."""
        return self.resolution.targets if self.resolution else ()

    def rounds(self) -> Iterator[Round]:
        """Every round whose list became known."""
        for event in self.log.of(ListKnown):
            if isinstance(event, ListKnown) and not (
                self.plan and self.plan.request and self.plan.request.literal
            ):
                yield Round(seconds(event.t), event.queries, event.targets)

    def attempts(self) -> Iterator[AttemptMade]:
        """Every attempt, in order; the last may still be under way."""
        begun: AttemptStarted | None = None
        for event in self.log.of(AttemptStarted, AttemptEnded):
            if isinstance(event, AttemptStarted):
                begun = event
            elif isinstance(event, AttemptEnded):
                begun = None
                ended = seconds(event.t)
                started = seconds(event.t - event.lasted)
                yield AttemptMade(
                    started, event.round, event.target, event.outcome, event.status, ended, event.credentials
                )
        if begun is not None:
            yield AttemptMade(
                seconds(begun.t), begun.round, begun.target, None, None, None, begun.credentials
            )

    def wire(self) -> Iterator[Sent]:
        """Every datagram and every connect."""
        for event in self.log.of(DatagramSent, ConnectStarted):
            if isinstance(event, DatagramSent):
                yield Sent(seconds(event.t), "udp", event.target)
            elif isinstance(event, ConnectStarted):
                yield Sent(seconds(event.t), "connect", event.target)

    def requests(self) -> Iterator[Sent]:
        """Every request over a connection that its far end gets to see."""
        for event in self.log.of(RequestSent):
            if isinstance(event, RequestSent) and not event.unread:
                yield Sent(seconds(event.t), "REGISTER", event.target)

    def states(self) -> Iterator[Moment]:
        """Every change of state."""
        for event in self.log.of(StateChanged):
            if isinstance(event, StateChanged):
                yield Moment(seconds(event.t), event.state, event.why)

    def to_json(self) -> Json:
        """The contract's object, as Python values."""
        whole: Json = {}
        for key, value in self._members():
            whole[key] = list(value) if isinstance(value, Iterator) else value
        return whole

    def write_json(self, stream: TextIO, more: Mapping[str, Any] | None = None) -> None:
        """Write the contract's object to `stream`, an element at a time, so that a year needs no memory.

        `more` are members that a caller adds behind the contract's own.
        """
        stream.write("{")
        for number, (key, value) in enumerate(chain(self._members(), (more or {}).items())):
            stream.write(f"{',' if number else ''}\n  {json.dumps(key)}: ")
            if isinstance(value, Iterator):
                stream.write("[")
                for place, item in enumerate(value):
                    stream.write(("," if place else "") + "\n    " + json.dumps(item))
                stream.write("]")
            else:
                stream.write(json.dumps(value))
        stream.write("\n}\n")

    def _members(self) -> Iterator[tuple[str, Any]]:
        reg = self.registered
        yield "format", FORMAT
        yield "stack", self.stack
        yield "scenario", self.scenario.name
        yield "registration", self.registration
        yield "loaded", self.loaded
        yield "refusal", self.refusal
        yield (
            "orders",
            iter([{"probability": p, "targets": [target_json(t) for t in ts]} for p, ts in self.orders]),
        )
        if self.orders_truncated:
            yield "orders_truncated", True
        yield "rounds", (_round_json(r) for r in self.rounds())
        yield "attempts", (_attempt_json(a) for a in self.attempts())
        yield "wire", self._wire_json()
        yield "registered", {"t": reg.t, **target_json(reg.target)} if reg else None
        yield "status", self.status
        yield "states", ({"t": m.t, "state": m.state, "why": m.why} for m in self.states())
        yield "end", self.end
        yield "unregistered", self.unregistered
        yield "notes", list(self.notes)
        yield "realm", _realm_json(self.realm) if self.realm else None
        if self.machine:
            yield "registrations", (dict(one.own_members()) for one in self.machine)
            yield "requests", self._requests_json()

    def own_members(self) -> Iterator[tuple[str, Any]]:
        """What is told of this registration where several are."""
        reg = self.registered
        yield "registration", self.registration
        yield "loaded", self.loaded
        yield "refusal", self.refusal
        yield "rounds", [_round_json(r) for r in self.rounds()]
        yield "attempts", [_attempt_json(a) for a in self.attempts()]
        yield "registered", {"t": reg.t, **target_json(reg.target)} if reg else None
        yield "status", self.status

    def _wire_json(self) -> Iterator[Json]:
        """The datagrams and connects of all that live on the machine."""
        everybody = self.machine or (self,)
        for sent in heapq.merge(*(one.wire() for one in everybody), key=lambda sent: sent.t):
            yield {"t": sent.t, "event": sent.event, **address_json(sent.target)}

    def _requests_json(self) -> Iterator[Json]:
        for sent in heapq.merge(*(one.requests() for one in self.machine), key=lambda sent: sent.t):
            yield {"t": sent.t, "method": sent.event, **target_json(sent.target)}


def address_json(target: Target) -> Json:
    """Address and port."""
    return {"address": target.address, "port": target.port}


def target_json(target: Target) -> Json:
    """Transport, address and port: the contract's way to name a target."""
    return {"transport": target.transport.protocol.value, **address_json(target)}


def _realm_json(choice: RealmChoice) -> Json:
    """Which realms the auth sections answer, the one that was taken, and both ends."""
    ends = {
        key: {
            "status": end.status,
            "registered": {"t": end.registered.t, **target_json(end.registered.target)}
            if end.registered
            else None,
        }
        for key, end in (("if_equal", choice.equal), ("if_other", choice.other))
    }
    return {"realms": list(choice.realms), "assumed": choice.assumed, **ends}


def _round_json(r: Round) -> Json:
    return {
        "t": r.t,
        "queries": [[q.rtype, q.name] for q in r.queries],
        "targets": [target_json(t) for t in r.targets],
    }


def _attempt_json(a: AttemptMade) -> Json:
    return {
        "t": a.t,
        "round": a.round,
        **target_json(a.target),
        "outcome": a.outcome,
        "status": a.status,
        "ended": a.ended,
        "credentials": a.credentials,
    }
