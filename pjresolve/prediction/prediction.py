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
from itertools import chain
from typing import Any, NamedTuple, TextIO

from pjresolve.model import Target
from pjresolve.prediction.happened import (
    Json,
    Lived,
    Sent,
    address_json,
    attempt_json,
    lived_json,
    requests_of,
    round_json,
    target_json,
    wire_of,
)
from pjresolve.prediction.traffic import TrafficPrediction
from pjresolve.scenario.format import Scenario
from pjresolve.simulation.log import Log
from pjresolve.sip.timers import seconds
from pjresolve.sip.transaction import Method
from pjresolve.stacks.protocol import Plan
from pjresolve.stacks.resolution import Resolution
from pjresolve.trace import (
    State,
    StateChanged,
)

FORMAT = "pjresolve.prediction/1"


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
class Prediction(Lived):
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
    traffic: TrafficPrediction | None = field(default=None, repr=False)
    assumed: bool = False
    realm: RealmChoice | None = None

    @property
    def sender(self) -> Plan | None:
        """How its requests leave; None where the object is refused."""
        return self.plan

    def wire(self) -> Iterator[Sent]:
        """Every datagram and every connect."""
        return wire_of(self.log, Method.REGISTER)

    def requests(self) -> Iterator[Sent]:
        """Every request over a connection that its far end gets to see."""
        return requests_of(self.log, Method.REGISTER)

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
        yield "registration", self.registration or None
        yield "loaded", self.loaded
        yield "refusal", self.refusal
        yield (
            "orders",
            iter([{"probability": p, "targets": [target_json(t) for t in ts]} for p, ts in self.orders]),
        )
        if self.orders_truncated:
            yield "orders_truncated", True
        yield "rounds", (round_json(r) for r in self.rounds())
        yield "attempts", (attempt_json(a) for a in self.attempts())
        yield "wire", self._wire_json()
        yield "registered", {"t": reg.t, **target_json(reg.target)} if reg else None
        yield "status", self.status
        yield "states", ({"t": m.t, "state": m.state, "why": m.why} for m in self.states())
        yield "end", self.end
        yield "unregistered", self.unregistered
        yield "notes", list(self.notes)
        yield "realm", _realm_json(self.realm) if self.realm else None
        if self.machine or self.traffic:
            loaded = self.machine or ((self,) if self.registration else ())
            yield "registrations", (dict(one.own_members()) for one in loaded)
            yield "requests", self._requests_json()
        if self.traffic:
            yield from self.traffic.members()

    def own_members(self) -> Iterator[tuple[str, Any]]:
        """What is told of this registration where several are."""
        reg = self.registered
        yield "registration", self.registration
        yield "loaded", self.loaded
        yield "refusal", self.refusal
        yield from lived_json(self.log, self.plan).items()
        yield "registered", {"t": reg.t, **target_json(reg.target)} if reg else None
        yield "status", self.status

    def _wire_json(self) -> Iterator[Json]:
        """The datagrams and connects of all that live on the machine."""
        streams = [one.wire() for one in self.machine or (self,)]
        streams += self.traffic.wire() if self.traffic else []
        for sent in heapq.merge(*streams, key=lambda sent: sent.t):
            method = {"method": sent.method} if self.traffic and sent.event == "udp" else {}
            yield {"t": sent.t, "event": sent.event, **method, **address_json(sent.target)}

    def _requests_json(self) -> Iterator[Json]:
        streams = [one.requests() for one in self.machine or (self,)]
        streams += self.traffic.requests() if self.traffic else []
        for sent in heapq.merge(*streams, key=lambda sent: sent.t):
            yield {"t": sent.t, "method": sent.method, **target_json(sent.target)}


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
