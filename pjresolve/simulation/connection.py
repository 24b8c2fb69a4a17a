"""Connections over TCP and TLS, from the first SYN to the end, as kernel and client keep them.

Rules of this file:
- a connection lives as long as nobody closes it: idle ones are never closed, and every later round reuses
  them;
- what waits on a connecting socket is held there: its message can be sent nowhere else until the socket is
  done;
- what a dead path swallows is delivered when the path comes back, at the kernel's next retransmission.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from enum import StrEnum
from typing import NamedTuple, Protocol

from pjresolve.model import Protocol as Transport
from pjresolve.model import Target
from pjresolve.simulation.engine import Entry
from pjresolve.simulation.kernel import RTO_LIMIT, SYN_TIMES, TLS_CLOSING, rto
from pjresolve.simulation.wire import Answered, Key, Logger, Message, Wire
from pjresolve.simulation.world import Listener, Path
from pjresolve.sip.outcome import Ending
from pjresolve.sip.timers import microseconds
from pjresolve.sip.tls import TlsSettings
from pjresolve.trace import ConnectionClosed, ConnectionFailed, ConnectionOpened, ConnectStarted


class ConnectionState(StrEnum):
    """What a connection can be in."""

    CONNECTING = "connecting"
    OPEN = "open"
    CLOSED = "closed"


class Client(NamedTuple):
    """Whoever sends: its name, and where what happens to it is told."""

    who: str
    log: Logger


class Request(Answered, Protocol):
    """An attempt, as far as a connection knows it."""

    client: Client
    credentials: bool
    asked: int | None

    @property
    def over(self) -> bool:
        """Whether it has ended, so that nothing matters to it any more."""

    def sent(self, *, unread: bool) -> None:
        """The request left over the connection; `unread` as in RequestSent."""

    def broken(self, ending: Ending) -> None:
        """The connection under the request is gone."""


class Waiting(NamedTuple):
    """A message that waits on a connecting socket, and the attempt that put it there."""

    message: Message
    attempt: Request


class Connection:
    """One connection of the machine, which all that send to its key share.

    `shaking`: TCP is up, and the TLS handshake goes on for ever. `deaf`: the far end reads no more requests,
    and will close. `closing`: a TLS server has said that it closes; the next byte sent ends it. `stalled` are
    requests that a dead path has swallowed, since `stalled_since`; the kernel repeats them. `busy_until`: the
    far end answers one request after the other, and is done with those it has by then. `on_end` is told of
    the end, and answers with those who lose the connection that registered them.
    """

    def __init__(
        self,
        wire: Wire,
        key: Key,
        target: Target,
        tls: TlsSettings,
        on_end: Callable[[Connection], frozenset[str]],
    ) -> None:
        self.wire, self.key, self.target, self.tls, self.on_end = wire, key, target, tls, on_end
        self.state = ConnectionState.CONNECTING
        self.users: dict[str, Client] = {}
        self.waiting: list[Waiting] = []
        self.in_flight: list[Request] = []
        self.listener: Listener | None = None
        self.busy_until = 0
        self.deaf = self.closing = False
        self.shaking = self.was_open = False
        self.stalled: list[Request] = []
        self.stalled_since = 0
        self.timers: dict[str, Entry] = {}

    @property
    def remote(self) -> tuple[str, int]:
        """Address and port of the far end."""
        return self.target.address, self.target.port

    # ------------------------------------------------------------ connecting

    def connect(self, client: Client, round_: int) -> None:
        """Send the first SYN and meet whatever is there."""
        client.log(ConnectStarted(self.wire.engine.now, client.who, round_, self.target))
        timeout = microseconds(self.wire.world.client.connect_timeout)
        self._timer("connect", timeout, self._give_up)
        self.probe()

    def probe(self) -> None:
        """A SYN arrives, or would."""
        if self.state is not ConnectionState.CONNECTING or self.shaking:
            return
        path, protocol, listener = self.wire.world.stream(self.target.address, self.target.port)
        if path == "refused":
            self.fail("the connection was refused", Ending.REFUSED)
        elif path == "open" and listener is not None:
            self._cancel("connect")
            self._accepted(protocol, listener)

    def world_changed(self) -> None:
        """Try again at the next SYN, or deliver at the next retransmission, if the path is open by then."""
        now = self.wire.engine.now
        if self.state is ConnectionState.CONNECTING and not self.shaking and "connect" in self.timers:
            begun = self.timers["connect"].at - microseconds(self.wire.world.client.connect_timeout)
            due = next((begun + s for s in SYN_TIMES if begun + s >= now), None)
            if due is not None and due < self.timers["connect"].at:
                self._timer("syn", due - now, self.probe)
        elif self.state is ConnectionState.OPEN and "dead" in self.timers:
            self._timer("rto", self._next_rto() - now, self._retransmit)
        elif self.state is ConnectionState.OPEN and self._path() != "open":
            self._timer("keep-alive", self.wire.to_keep_alive(), self.keep_alive)

    def _accepted(self, protocol: Transport, listener: Listener) -> None:
        wire, wants_tls = self.wire, self.target.transport.protocol is Transport.TLS
        behaviour = listener.behaviour
        closes = behaviour is not None and behaviour.kind == "close"
        if wants_tls and protocol is Transport.TCP:
            if closes:
                self.fail("closed after it was accepted", Ending.CLOSED)
                return
            self.shaking = True  # the far end never speaks TLS: the handshake neither succeeds nor fails
            return
        if wants_tls:
            reason = wire.world.handshake(self.tls, self.key[3], listener)
            if reason is not None:
                self.fail(reason, Ending.TLS_FAILED)
                return
        elif protocol is Transport.TLS:
            self.fail("cut off: a TLS service was spoken to without TLS", Ending.CLOSED)
            return
        if closes:
            self.fail("closed after it was accepted", Ending.CLOSED)
            return
        self.listener, self.state = listener, ConnectionState.OPEN
        self._tell(ConnectionOpened(wire.engine.now, tuple(self.users), self.target))
        waiting, self.waiting = self.waiting, []
        for message, _ in waiting:
            wire.release(message, self.key)
        alive = [attempt for _, attempt in waiting if not attempt.over]
        if len(alive) == len(waiting) or not wire.policy.holds_messages:
            for attempt in alive:
                self.send(attempt)
            self._idle()
            return
        # Messages whose transaction is over are not sent, and the connection is closed with them
        # (recording `pend-up-at-20-fast`); a later round's attempt on it fails (`pend-open-round2`).
        if alive and self.listener is not None:
            self.listener.take(False)
        self.in_flight += alive
        self.close("what first waited for it is over")

    def _give_up(self) -> None:
        timeout = self.wire.world.client.connect_timeout
        self.fail(f"the kernel gave the connect up after {timeout:g} s", Ending.NO_CONNECT)

    # ------------------------------------------------------------ established

    def send(self, attempt: Request) -> None:
        """Send a request over an open connection."""
        self._cancel("idle")
        self.in_flight.append(attempt)
        path = self._path()
        attempt.sent(unread=self.deaf or self.closing or "dead" in self.timers or path != "open")
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
        keep_alive = self.wire.to_keep_alive()
        self._timer("close", min(TLS_CLOSING, keep_alive or TLS_CLOSING), self._closed, priority=-1)

    def keep_alive(self) -> None:
        """A keep-alive leaves: on a dead path it is the first thing the kernel misses an answer to."""
        path = self._path()
        if path == "refused":
            self.close("reset by a firewall")
        elif path == "silent":
            self._stall(None)

    def _path(self) -> Path:
        return self.wire.world.stream(self.target.address, self.target.port)[0]

    def _stall(self, attempt: Request | None) -> None:
        wire = self.wire
        if "dead" not in self.timers:
            self.stalled_since = wire.engine.now
            self._timer("dead", rto(RTO_LIMIT), self._dead)
        if attempt is not None:
            self.stalled.append(attempt)

    def _dead(self) -> None:
        self.close("the kernel had no answer for too long")

    def _next_rto(self) -> int:
        now = self.wire.engine.now
        return next(self.stalled_since + rto(n) for n in range(1, 64) if self.stalled_since + rto(n) >= now)

    def _retransmit(self) -> None:
        path = self._path()
        if self.state is not ConnectionState.OPEN or path == "silent":
            return
        if path == "refused":
            self.close("reset by a firewall")
            return
        self._cancel("dead")
        stalled, self.stalled = self.stalled, []
        for attempt in stalled:
            self._deliver(attempt)

    def _deliver(self, attempt: Request) -> None:
        """The service takes one request; it answers them one after the other."""
        if self.deaf or self.listener is None:
            return
        wire, engine = self.wire, self.wire.engine
        reply = self.listener.take(attempt.credentials, attempt.asked, attempt.method, attempt.call)
        if reply.status is None:
            return
        self.busy_until = max(self.busy_until, engine.now) + microseconds(reply.ring or reply.delay)
        if reply.status == 200 and reply.close_after is not None:
            self.deaf = True
            span = self.busy_until - engine.now + microseconds(reply.close_after)
            tls = self.target.transport.protocol is Transport.TLS
            self._timer("close", span, self._shut_down if tls else self._closed, priority=-1)
        wire.respond(self.listener, attempt, reply, self.busy_until - engine.now, shared=True)

    # ------------------------------------------------------------ the end

    def fail(self, why: str, ending: Ending) -> None:
        """The connection could not be made: every message on it is free again, the current attempt ends."""
        self._tell(ConnectionFailed(self.wire.engine.now, tuple(self.users), self.target, why))
        self._end(ending)

    def close(self, why: str) -> None:
        """An established connection is no more. A refresh on the one that registered is lost with it."""
        if self.state is ConnectionState.CLOSED:
            return
        self._tell(ConnectionClosed(self.wire.engine.now, tuple(self.users), self.target, why))
        self._end(Ending.CLOSED)

    def _end(self, ending: Ending) -> None:
        self.was_open = self.state is ConnectionState.OPEN
        self.state = ConnectionState.CLOSED
        for name in list(self.timers):
            self._cancel(name)
        waiting, self.waiting = self.waiting, []
        for message, _ in waiting:
            self.wire.release(message, self.key)
        broken = [attempt for _, attempt in waiting] + self.in_flight
        lost = self.on_end(self)
        if ending is Ending.REFUSED:
            self.wire.refused = (self.key, self.wire.engine.now)
        for attempt in broken:
            # a refresh over the connection that registered is lost with it, for whoever watches it
            attempt.broken(Ending.LOST if attempt.client.who in lost else ending)

    # ------------------------------------------------------------ bookkeeping

    def settled(self, attempt: Request) -> None:
        """An attempt is over; it no longer cares what becomes of the connection."""
        if attempt in self.in_flight:
            self.in_flight.remove(attempt)
            self._idle()
        elif not self.wire.policy.holds_messages:  # it takes its message back
            self.waiting = [w for w in self.waiting if w.attempt is not attempt]

    def _idle(self) -> None:
        """Start the clock of an idle connection, where the stack closes those."""
        span = self.wire.policy.idle_timeout
        if span is not None and self.state is ConnectionState.OPEN and not self.in_flight:
            self._timer("idle", span, lambda: self.close("it was idle for too long"))

    def _tell(self, event: ConnectionOpened | ConnectionFailed | ConnectionClosed) -> None:
        for client in self.users.values():
            client.log(event)

    def snapshot(self) -> Hashable:
        """The connection's present, as far as it can matter to the future."""
        now = self.wire.engine.now
        stalled = (now - self.stalled_since, _whose(self.stalled)) if "dead" in self.timers else None
        return (
            self.key,
            self.state,
            self.shaking,
            self.deaf,
            self.closing,
            _whose(w.attempt for w in self.waiting),
            _whose(self.in_flight),
            tuple(self.users),
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

        self.timers[name] = self.wire.engine.after(
            delay, run, tag=("connection", name, self.key), priority=priority
        )

    def _cancel(self, name: str) -> None:
        entry = self.timers.pop(name, None)
        if entry is not None:
            entry.cancel()


def _whose(requests: Iterable[Request]) -> Hashable:
    """Whose requests they are, in their order, and which of them are over."""
    return tuple((request.client.who, request.over) for request in requests)
