"""What happened in a life, read from its log: rounds, attempts, and what left the machine.

Rules of this file: everything is read lazily, with times in seconds; nothing is stored twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from pjresolve.model import Query, Target
from pjresolve.simulation.log import Log
from pjresolve.sip.outcome import Ending
from pjresolve.sip.timers import seconds
from pjresolve.sip.transaction import Method
from pjresolve.stacks.protocol import Sender
from pjresolve.stacks.resolution import Resolution
from pjresolve.trace import (
    AttemptEnded,
    AttemptStarted,
    ConnectStarted,
    DatagramSent,
    ListKnown,
    RequestSent,
)

Json = dict[str, Any]


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
    """A UDP datagram (`udp`), the first SYN of a connection (`connect`) or a request over one (`request`),
    and when it left (seconds). `method` is that of the request.
    """

    t: float
    event: str
    target: Target
    method: Method = Method.REGISTER


class Order(NamedTuple):
    """A target list that the first resolution can end with."""

    probability: float
    targets: tuple[Target, ...]


class Lived:
    """A life as its log tells it, of a registration or of a call.

    `resolution` is the first one, with every decision; `log` every event of the run.
    """

    log: Log
    resolution: Resolution | None

    @property
    def sender(self) -> Sender | None:
        """How its requests leave; None where none does."""
        raise NotImplementedError

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
        """Whether there are more orders than `orders` holds."""
        return self._orders[1]

    @property
    def targets(self) -> tuple[Target, ...]:
        """The first resolution's list, in the order that the run followed."""
        return self.resolution.targets if self.resolution else ()

    def rounds(self) -> Iterator[Round]:
        """Every round whose list became known."""
        return rounds_of(self.log, self.sender)

    def attempts(self) -> Iterator[AttemptMade]:
        """Every attempt, in order; the last may still be under way."""
        return attempts_of(self.log)


def rounds_of(log: Log, sender: Sender | None) -> Iterator[Round]:
    """Every round whose list became known; none where an address stands in the URI."""
    if sender and sender.request and sender.request.literal:
        return
    for event in log.of(ListKnown):
        if isinstance(event, ListKnown):
            yield Round(seconds(event.t), event.queries, event.targets)


def attempts_of(log: Log) -> Iterator[AttemptMade]:
    """Every attempt, in order; the last may still be under way."""
    begun: AttemptStarted | None = None
    for event in log.of(AttemptStarted, AttemptEnded):
        if isinstance(event, AttemptStarted):
            begun = event
        elif isinstance(event, AttemptEnded):
            begun = None
            ended, started = seconds(event.t), seconds(event.t - event.lasted)
            yield AttemptMade(
                started, event.round, event.target, event.outcome, event.status, ended, event.credentials
            )
    if begun is not None:
        yield AttemptMade(seconds(begun.t), begun.round, begun.target, None, None, None, begun.credentials)


def wire_of(log: Log, method: Method) -> Iterator[Sent]:
    """Every datagram and every connect."""
    for event in log.of(DatagramSent, ConnectStarted):
        if isinstance(event, DatagramSent):
            yield Sent(seconds(event.t), "udp", event.target, method)
        elif isinstance(event, ConnectStarted):
            yield Sent(seconds(event.t), "connect", event.target, method)


def requests_of(log: Log, method: Method) -> Iterator[Sent]:
    """Every request over a connection that its far end gets to see."""
    for event in log.of(RequestSent):
        if isinstance(event, RequestSent) and not event.unread:
            yield Sent(seconds(event.t), "request", event.target, method)


def address_json(target: Target) -> Json:
    """Address and port."""
    return {"address": target.address, "port": target.port}


def target_json(target: Target) -> Json:
    """Transport, address and port: the contract's way to name a target."""
    return {"transport": target.transport.protocol.value, **address_json(target)}


def round_json(r: Round) -> Json:
    """A round as the contract writes it."""
    return {
        "t": r.t,
        "queries": [[q.rtype, q.name] for q in r.queries],
        "targets": [target_json(t) for t in r.targets],
    }


def lived_json(log: Log, sender: Sender | None) -> Json:
    """All rounds and attempts of a life, as the contract writes them."""
    return {
        "rounds": [round_json(r) for r in rounds_of(log, sender)],
        "attempts": [attempt_json(a) for a in attempts_of(log)],
    }


def attempt_json(a: AttemptMade) -> Json:
    """An attempt as the contract writes it."""
    return {
        "t": a.t,
        "round": a.round,
        **target_json(a.target),
        "outcome": a.outcome,
        "status": a.status,
        "ended": a.ended,
        "credentials": a.credentials,
    }
