"""What goes on beside registrations: calls out, qualified contacts, requests that come in.

Rules of this file:
- times are in seconds from the start;
- what happened is read from the logs, lazily: a year of OPTIONS takes no more memory than one.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from pjresolve.model import Target
from pjresolve.prediction.happened import (
    Json,
    Lived,
    Sent,
    lived_json,
    requests_of,
    target_json,
    wire_of,
)
from pjresolve.simulation.log import Log, moved
from pjresolve.sip.timers import seconds
from pjresolve.sip.transaction import Method
from pjresolve.stacks.protocol import Sender
from pjresolve.stacks.resolution import Resolution
from pjresolve.stacks.telephony import CallEnd, ContactName, DialResult, QualifyPlan, Received
from pjresolve.trace import ContactChanged, RoundStarted

T = TypeVar("T")


class Answered(NamedTuple):
    """Who answered a call, `t` seconds in."""

    t: float
    target: Target


@dataclass(frozen=True)
class CallPrediction(Lived):
    """What becomes of call `number` of a scenario (`n` from 0).

    `uri` is the request URI, None where nothing is sent at all. `ended` is when it was over: hung up, failed,
    or no longer waited for; None where the run ended first. `status` is the final answer or what its end
    counts as, `end` how it ended for whoever dialled, None where the run ended first. `result` is what `Dial`
    tells the dialplan, None where that was not recorded.
    """

    n: int
    t: float
    endpoint: str
    number: str
    uri: str | None
    why: str
    status: int | None = None
    answered: Answered | None = None
    ended: float | None = None
    end: CallEnd | None = None
    result: DialResult | None = None
    resolution: Resolution | None = field(default=None, repr=False)
    sender: Sender | None = field(default=None, repr=False)
    log: Log = field(default_factory=Log, repr=False)

    @property
    def taken(self) -> Answered | None:
        """Who answered while the caller still waited; a later answer reaches nobody."""
        return self.answered if self.end is CallEnd.ANSWERED else None

    def to_json(self) -> Json:
        """The call as the contract writes it."""
        answered = self.answered
        return {
            "n": self.n,
            "t": self.t,
            "endpoint": self.endpoint,
            "number": self.number or None,
            "contact": self.uri,
            **lived_json(self.log, self.sender),
            "answered": {"t": answered.t, **target_json(answered.target)} if answered else None,
            "ended": self.ended,
            "status": self.status,
            "why": self.why,
            "dialstatus": self.result.dialstatus if self.result else None,
            "hangupcause": self.result.hangupcause if self.result else None,
        }


class ContactChange(NamedTuple):
    """A contact became reachable or unreachable, `t` seconds in."""

    t: float
    contact: ContactName
    reachable: bool
    why: str

    def to_json(self) -> Json:
        """The change as the contract writes it."""
        status = "Reachable" if self.reachable else "Unreachable"
        return {
            "t": self.t,
            "aor": self.contact.aor,
            "uri": self.contact.uri,
            "status": status,
            "why": self.why,
        }


@dataclass(frozen=True)
class QualifyPrediction:
    """One round of OPTIONS to a contact."""

    t: float
    contact: ContactName
    sender: Sender
    log: Log = field(repr=False)

    def to_json(self) -> Json:
        """The round as the contract writes it."""
        return {
            "t": self.t,
            "aor": self.contact.aor,
            "uri": self.contact.uri,
            **lived_json(self.log, self.sender),
        }


class Qualified(NamedTuple):
    """A contact that is qualified, and the log of its rounds, none of which lasts more than `longest` µs."""

    plan: QualifyPlan
    log: Log
    longest: int

    def changes(self) -> Iterator[ContactChange]:
        """Each change of its status."""
        for event in self.log.of(ContactChanged):
            if isinstance(event, ContactChanged):
                yield ContactChange(seconds(event.t), self.plan.contact, event.reachable, event.why)

    def rounds(self) -> Iterator[QualifyPrediction]:
        """Its rounds of OPTIONS, in the order in which they began; they can overlap."""
        under_way: deque[tuple[int, int, Log]] = deque()
        for event in self.log:
            if isinstance(event, RoundStarted):
                while under_way and under_way[0][1] + self.longest < event.t:
                    yield self._round(*under_way.popleft())
                under_way.append((event.round, event.t, Log()))
            number = getattr(event, "round", None)
            for one, _, log in under_way:
                if one == number:
                    log.events.append(moved(event, 0, -one))
        while under_way:
            yield self._round(*under_way.popleft())

    def _round(self, _: int, began: int, log: Log) -> QualifyPrediction:
        return QualifyPrediction(seconds(began), self.plan.contact, self.plan, log)


class Told(Generic[T]):
    """What can be read as often as one likes, and is made anew each time."""

    def __init__(self, tell: Callable[[], Iterator[T]], kind: type, logs: tuple[Log, ...]) -> None:
        self._tell, self._kind, self._logs = tell, kind, logs

    def __iter__(self) -> Iterator[T]:
        return self._tell()

    def __len__(self) -> int:
        return sum(log.count(self._kind) for log in self._logs)


@dataclass(frozen=True)
class IncomingPrediction:
    """What becomes of request `n` of a scenario's `incoming`."""

    n: int
    t: float
    received: Received

    def to_json(self) -> Json:
        """The request's fate as the contract writes it."""
        found = self.received
        return {
            "n": self.n,
            "t": self.t,
            "status": found.status,
            "endpoint": found.endpoint,
            "matched_by": found.matched_by,
            "context": found.context,
            "extension": found.extension,
            "why": found.why,
        }


@dataclass(frozen=True)
class TrafficPrediction:
    """All that went on beside registrations, each in order of time. `notes` say what is taken."""

    calls: tuple[CallPrediction, ...] = ()
    qualified: tuple[Qualified, ...] = ()
    incoming: tuple[IncomingPrediction, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def contacts(self) -> Told[ContactChange]:
        """Each change of a contact's status."""

        def tell() -> Iterator[ContactChange]:
            return heapq.merge(*(one.changes() for one in self.qualified), key=lambda c: c.t)

        return Told(tell, ContactChanged, self._logs)

    @property
    def qualifies(self) -> Told[QualifyPrediction]:
        """Each round of OPTIONS."""

        def tell() -> Iterator[QualifyPrediction]:
            return heapq.merge(*(one.rounds() for one in self.qualified), key=lambda q: q.t)

        return Told(tell, RoundStarted, self._logs)

    @property
    def _logs(self) -> tuple[Log, ...]:
        return tuple(one.log for one in self.qualified)

    def wire(self) -> list[Iterator[Sent]]:
        """The datagrams and connects of calls, and of contacts, each in order of time."""
        calls = heapq.merge(*(wire_of(c.log, Method.INVITE) for c in self.calls), key=lambda s: s.t)
        asked = heapq.merge(*(wire_of(log, Method.OPTIONS) for log in self._logs), key=lambda s: s.t)
        return [calls, asked]

    def requests(self) -> list[Iterator[Sent]]:
        """The requests over connections of calls, and of contacts, each in order of time."""
        calls = heapq.merge(*(requests_of(c.log, Method.INVITE) for c in self.calls), key=lambda s: s.t)
        asked = heapq.merge(*(requests_of(log, Method.OPTIONS) for log in self._logs), key=lambda s: s.t)
        return [calls, asked]

    def members(self) -> Iterator[tuple[str, Any]]:
        """The contract's fields."""
        yield "calls", (call.to_json() for call in self.calls)
        yield "contacts", (change.to_json() for change in self.contacts)
        yield "qualifies", (asked.to_json() for asked in self.qualifies)
        yield "incoming", (request.to_json() for request in self.incoming)
        yield "traffic_notes", list(self.notes)
