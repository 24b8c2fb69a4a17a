"""What goes on beside registrations: calls out, qualified contacts, requests that come in.

Rules of this file: times are in seconds from the start; what happened is read from the logs.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

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
from pjresolve.simulation.log import Log
from pjresolve.sip.transaction import Method
from pjresolve.stacks.protocol import Sender
from pjresolve.stacks.resolution import Resolution
from pjresolve.stacks.telephony import ContactName, DialResult, Received


class Answered(NamedTuple):
    """Who answered a call, `t` seconds in."""

    t: float
    target: Target


@dataclass(frozen=True)
class CallPrediction(Lived):
    """What becomes of call `number` of a scenario (`n` from 0).

    `uri` is the request URI, None where nothing is sent at all. `ended` is when it was over: hung up, failed,
    or no longer waited for; None where the run ended first. `status` is the final answer or what its end
    counts as. `result` is what `Dial` tells the dialplan, None where that was not recorded.
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
    result: DialResult | None = None
    resolution: Resolution | None = field(default=None, repr=False)
    sender: Sender | None = field(default=None, repr=False)
    log: Log = field(default_factory=Log, repr=False)

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
    contacts: tuple[ContactChange, ...] = ()
    qualifies: tuple[QualifyPrediction, ...] = ()
    incoming: tuple[IncomingPrediction, ...] = ()
    notes: tuple[str, ...] = ()

    def wire(self) -> list[Iterator[Sent]]:
        """The datagrams and connects of calls, and of contacts, each in order of time."""
        calls = heapq.merge(*(wire_of(c.log, Method.INVITE) for c in self.calls), key=lambda s: s.t)
        asked = heapq.merge(*(wire_of(q.log, Method.OPTIONS) for q in self.qualifies), key=lambda s: s.t)
        return [calls, asked]

    def requests(self) -> list[Iterator[Sent]]:
        """The requests over connections of calls, and of contacts, each in order of time."""
        calls = heapq.merge(*(requests_of(c.log, Method.INVITE) for c in self.calls), key=lambda s: s.t)
        asked = heapq.merge(*(requests_of(q.log, Method.OPTIONS) for q in self.qualifies), key=lambda s: s.t)
        return [calls, asked]

    def members(self) -> Iterator[tuple[str, Any]]:
        """The contract's fields."""
        yield "calls", (call.to_json() for call in self.calls)
        yield "contacts", (change.to_json() for change in self.contacts)
        yield "qualifies", (asked.to_json() for asked in self.qualifies)
        yield "incoming", (request.to_json() for request in self.incoming)
        yield "traffic_notes", list(self.notes)
