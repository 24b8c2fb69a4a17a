"""Connections over TCP and TLS, from the first SYN to the end, as kernel and pjproject keep them.

Rules of this file:
- a connection lives as long as nobody closes it: idle ones are never closed, and every later round reuses
  them;
- what waits on a connecting socket is held there: its message can be sent nowhere else until the socket is
  done;
- what a dead path swallows is delivered when the path comes back, at the kernel's next retransmission.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from pjresolve.model import Protocol, Target, TransportType
from pjresolve.simulation.kernel import RTO_LIMIT, SYN_TIMES, TLS_CLOSING, rto
from pjresolve.simulation.world import Listener, Path
from pjresolve.sip.outcome import Ending
from pjresolve.sip.timers import microseconds
from pjresolve.trace import ConnectionClosed, ConnectionFailed, ConnectionOpened, ConnectStarted

if TYPE_CHECKING:
    from pjresolve.simulation.engine import Entry
    from pjresolve.simulation.network import Attempt, Network

Key: TypeAlias = tuple[TransportType, str, int, str]
"""Type, address, port and, for TLS, the host name: connections that differ in one of these are not shared."""


class State(StrEnum):
    """What a connection can be in."""

    CONNECTING = "connecting"
    OPEN = "open"
    CLOSED = "closed"


class Waiting(NamedTuple):
    """A message held by a connecting socket, and the attempt that put it there."""

    message: int
    attempt: Attempt


class Connection:
    """One connection of the client."""

    def __init__(
        self, network: Network, key: Key, target: Target, on_close: Callable[[Connection], None]
    ) -> None:
        self.network, self.key, self.target, self.on_close = network, key, target, on_close
        self.state = State.CONNECTING
        self.waiting: list[Waiting] = []
        self.in_flight: list[Attempt] = []
        self.listener: Listener | None = None
        self.busy_until = 0
        self.deaf = self.closing = False
        self.shaking = False
        self.stalled: list[Attempt] = []
        self.stalled_since = 0
        self.timers: dict[str, Entry] = {}

    # ------------------------------------------------------------ connecting

    def connect(self, round_: int) -> None:
        """Send the first SYN and meet whatever is there."""
        network = self.network
        network.log(ConnectStarted(network.engine.now, network.who, round_, self.target))
        timeout = microseconds(network.world.client.connect_timeout)
        self._timer("connect", timeout, self._give_up)
        self.probe()

    def probe(self) -> None:
        """A SYN arrives, or would."""
        if self.state is not State.CONNECTING or self.shaking:
            return
        path, protocol, listener = self.network.world.stream(self.target.address, self.target.port)
        if path == "refused":
            self.fail("the connection was refused", Ending.REFUSED)
        elif path == "open" and listener is not None:
            self._cancel("connect")
            self._accepted(protocol, listener)

    def world_changed(self) -> None:
        """Try again at the next SYN, or deliver at the next retransmission, if the path is open by then."""
        now = self.network.engine.now
        if self.state is State.CONNECTING and not self.shaking and "connect" in self.timers:
            begun = self.timers["connect"].at - microseconds(self.network.world.client.connect_timeout)
            due = next((begun + s for s in SYN_TIMES if begun + s >= now), None)
            if due is not None and due < self.timers["connect"].at:
                self._timer("syn", due - now, self.probe)
        elif self.state is State.OPEN and "dead" in self.timers:
            self._timer("rto", self._next_rto() - now, self._retransmit)
        elif self.state is State.OPEN and self._path() != "open":
            self._timer("keep-alive", self.network.to_keep_alive(), self.keep_alive)

    def _accepted(self, protocol: Protocol, listener: Listener) -> None:
        network, wants_tls = self.network, self.target.transport.protocol is Protocol.TLS
        behaviour = listener.behaviour
        closes = behaviour is not None and behaviour.kind == "close"
        if wants_tls and protocol is Protocol.TCP:
            if closes:
                self.fail("closed after it was accepted", Ending.CLOSED)
            self.shaking = True  # the far end never speaks TLS: the handshake neither succeeds nor fails
            return
        if wants_tls:
            reason = network.world.handshake(network.tls(self.target.transport), network.tls_host, listener)
            if reason is not None:
                self.fail(reason, Ending.TLS_FAILED)
                return
        elif protocol is Protocol.TLS:
            self.fail("cut off: a TLS service was spoken to without TLS", Ending.CLOSED)
            return
        if closes:
            self.fail("closed after it was accepted", Ending.CLOSED)
            return
        self.listener, self.state = listener, State.OPEN
        network.log(ConnectionOpened(network.engine.now, (network.who,), self.target))
        waiting, self.waiting = self.waiting, []
        for message, _ in waiting:
            network.release(message, self)
        alive = [attempt for _, attempt in waiting if not attempt.over]
        if len(alive) == len(waiting):
            for attempt in alive:
                self.send(attempt)
            return
        # Messages whose transaction is over are not sent, and the connection is closed with them
        # (recording `pend-up-at-20-fast`); a later round's attempt on it fails (`pend-open-round2`).
        if alive and self.listener is not None:
            self.listener.take(False)
        self.in_flight += alive
        self.close("what first waited for it is over")

    def _give_up(self) -> None:
        timeout = self.network.world.client.connect_timeout
        self.fail(f"the kernel gave the connect up after {timeout:g} s", Ending.NO_CONNECT)

    # ------------------------------------------------------------ established

    def send(self, attempt: Attempt) -> None:
        """Send a request over an open connection."""
        self.in_flight.append(attempt)
        attempt.sent(self)
        path = self._path()
        if self.closing:
            self._closed()
        elif path == "refused":
            self.close("reset by a firewall")
        elif path == "silent" or "dead" in self.timers:  # behind what the kernel is still repeating
            self._stall(attempt)
        else:
            self._deliver(attempt)

    def _closed(self) -> None:
        self.close("closed by the far end")

    def _shut_down(self) -> None:
        """A TLS server says that it closes, and then waits: the next byte ends it (`ca-tls-5-long`)."""
        self.closing = True
        keep_alive = self.network.to_keep_alive()
        self._timer("close", min(TLS_CLOSING, keep_alive or TLS_CLOSING), self._closed, priority=-1)

    def keep_alive(self) -> None:
        """A keep-alive leaves: on a dead path it is the first thing the kernel misses an answer to."""
        path = self._path()
        if path == "refused":
            self.close("reset by a firewall")
        elif path == "silent":
            self._stall(None)

    def _path(self) -> Path:
        return self.network.world.stream(self.target.address, self.target.port)[0]

    def _stall(self, attempt: Attempt | None) -> None:
        network = self.network
        if "dead" not in self.timers:
            self.stalled_since = network.engine.now
            self._timer("dead", rto(RTO_LIMIT), self._dead)
        if attempt is not None:
            self.stalled.append(attempt)

    def _dead(self) -> None:
        self.close("the kernel had no answer for too long")

    def _next_rto(self) -> int:
        now = self.network.engine.now
        return next(self.stalled_since + rto(n) for n in range(1, 64) if self.stalled_since + rto(n) >= now)

    def _retransmit(self) -> None:
        path = self._path()
        if self.state is not State.OPEN or path == "silent":
            return
        if path == "refused":
            self.close("reset by a firewall")
            return
        self._cancel("dead")
        stalled, self.stalled = self.stalled, []
        for attempt in stalled:
            self._deliver(attempt)

    def _deliver(self, attempt: Attempt) -> None:
        """The service takes one request; it answers them one after the other."""
        if self.deaf or self.listener is None:
            return
        network, engine = self.network, self.network.engine
        reply = self.listener.take(attempt.credentials)
        if reply.status is None:
            return
        self.busy_until = max(self.busy_until, engine.now) + microseconds(reply.delay)
        if reply.status == 200 and reply.close_after is not None:
            self.deaf = True
            span = self.busy_until - engine.now + microseconds(reply.close_after)
            tls = self.target.transport.protocol is Protocol.TLS
            self._timer("close", span, self._shut_down if tls else self._closed, priority=-1)
        network.respond(attempt, reply, self.busy_until - engine.now)

    # ------------------------------------------------------------ the end

    def fail(self, why: str, kind: Ending) -> None:
        """The connection could not be made: every message on it is free again, the current attempt ends."""
        self.network.log(ConnectionFailed(self.network.engine.now, (self.network.who,), self.target, why))
        self._end(kind)

    def close(self, why: str) -> None:
        """An established connection is no more. A refresh on the one that registered is lost with it."""
        if self.state is State.CLOSED:
            return
        self.network.log(ConnectionClosed(self.network.engine.now, (self.network.who,), self.target, why))
        self._end(Ending.LOST if self.network.watched is self else Ending.CLOSED)

    def _end(self, kind: Ending) -> None:
        self.state = State.CLOSED
        for name in list(self.timers):
            self._cancel(name)
        waiting, self.waiting = self.waiting, []
        for message, _ in waiting:
            self.network.release(message, self)
        hurt = [attempt for _, attempt in waiting] + self.in_flight
        self.on_close(self)
        if kind == Ending.REFUSED:
            self.network.refused = (self.key, self.network.engine.now)
        for attempt in hurt:
            attempt.broken(kind)

    # ------------------------------------------------------------ bookkeeping

    def settled(self, attempt: Attempt) -> None:
        """An attempt is over; it no longer cares what becomes of the connection."""
        if attempt in self.in_flight:
            self.in_flight.remove(attempt)

    def snapshot(self) -> Hashable:
        """The connection's present, as far as it can matter to the future."""
        now = self.network.engine.now
        stalled = (now - self.stalled_since, len(self.stalled)) if "dead" in self.timers else None
        return (
            self.key,
            self.state,
            self.shaking,
            self.deaf,
            self.closing,
            len(self.waiting),
            stalled,
            max(0, self.busy_until - now),
        )

    def skip(self, span: int) -> None:
        """Move what is kept in absolute time `span` µs on."""
        self.stalled_since += span
        self.busy_until += span

    def _timer(self, name: str, delay: int | None, action: Callable[[], None], priority: int = 0) -> None:
        self._cancel(name)
        if delay is None:
            return

        def run() -> None:
            self.timers.pop(name, None)
            action()

        self.timers[name] = self.network.engine.after(
            delay, run, tag=("connection", name, self.key), priority=priority
        )

    def _cancel(self, name: str) -> None:
        entry = self.timers.pop(name, None)
        if entry is not None:
            entry.cancel()
