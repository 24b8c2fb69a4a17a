"""The client's side of the wire: attempts towards targets, over datagrams and connections.

Rules of this file:
- one attempt at a time; whoever started it is told its outcome exactly once;
- a message that waits on a connecting socket is held: no attempt can send it elsewhere (recording
  `tcp-drop1`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TypeAlias

from pjresolve.model import Protocol, Target, TransportType
from pjresolve.simulation.connection import Connection, Key, State, Waiting
from pjresolve.simulation.engine import Engine, Entry
from pjresolve.simulation.world import Reply, World
from pjresolve.sip.outcome import Ending, Outcome, local
from pjresolve.sip.timers import Timers, microseconds
from pjresolve.sip.tls import TlsSettings
from pjresolve.sip.transaction import Action, Input, Transaction
from pjresolve.stacks.protocol import Plan, Try
from pjresolve.trace import (
    AttemptStarted,
    ConnectionReused,
    DatagramSent,
    LifeEvent,
    RequestHeld,
    RequestSent,
    Responded,
    TargetSkipped,
)

Done: TypeAlias = Callable[["Attempt", Outcome], None]
Logger: TypeAlias = Callable[[LifeEvent], None]


LOADED_BEFORE = microseconds(1)
"""How long before the first query the clock of the keep-alives starts, where `max_random_initial_delay` is 0.
"""


class Network:
    """Connections, held messages, and the attempts that use them."""

    def __init__(self, engine: Engine, world: World, plan: Plan, log: Logger) -> None:
        self.engine, self.world, self.log = engine, world, log
        self.who = plan.registration.name
        self.timers: Timers = plan.timers
        self._tls: Mapping[TransportType, TlsSettings] = plan.tls
        self.tls_host = plan.tls_host
        self.connections: dict[Key, Connection] = {}
        self.held: dict[int, Connection] = {}
        self.refused: tuple[Key, int] | None = None
        self.watched: Connection | None = None
        self.on_connection_closed: Callable[[Connection], None] = lambda connection: None
        self.loopback = plan.loopback
        self._keep_alive = microseconds(plan.keep_alive_interval)
        self._phase_matters = False

    def tls(self, kind: TransportType) -> TlsSettings:
        return self._tls.get(kind, TlsSettings())

    def attempt(self, order: Try, round_: int, done: Done, spent: int = 0) -> Attempt:
        """Start an attempt. `done` is called with its outcome, at once or later.

        `spent` microseconds of Timer F have passed already.
        """
        attempt = Attempt(self, order, round_, done)
        attempt.start(spent)
        return attempt

    def stray(self, target: Target, round_: int) -> None:
        """Send a request that nobody waits for any more: once, whatever follows (recording `dns-f-udp`)."""
        order = Try(target, -1 - round_, credentials=False, ticks=False)
        Attempt(self, order, round_, lambda attempt, outcome: None).send_once()

    def release(self, message: int, holder: Connection) -> None:
        """A message no longer waits on `holder`."""
        if self.held.get(message) is holder:
            del self.held[message]

    def connection(self, target: Target) -> tuple[Connection, bool]:
        """The connection towards a target, and whether it is new; a new one is in the table but not begun."""
        host = self.tls_host if target.transport.protocol is Protocol.TLS else ""
        key = (target.transport, target.address, target.port, host)
        known = self.connections.get(key)
        if known is not None:
            return known, False
        made = Connection(self, key, target, self._forget)
        self.connections[key] = made
        return made, True

    def respond(self, attempt: Attempt, reply: Reply, delay: int) -> None:
        """An answer reaches the attempt after `delay` µs; the first one at once, in the same step."""
        if delay <= 0:
            attempt.responded(reply)
        else:
            # after what else is due at that moment: an answer is never quicker than the wire
            self.engine.after(delay, lambda: attempt.responded(reply), tag=("answer", reply), priority=1)

    def world_changed(self) -> None:
        for connection in list(self.connections.values()):
            connection.world_changed()

    def route(self, target: Target) -> bool:
        """Whether something can leave towards a target: a transport bound to the loopback address sends
        nowhere.
        """
        return target.transport not in self.loopback and self.world.route(target)

    def _forget(self, connection: Connection) -> None:
        if self.connections.get(connection.key) is connection:
            del self.connections[connection.key]
        self.on_connection_closed(connection)

    def to_keep_alive(self) -> int | None:
        """Microseconds to the next keep-alive (recording `q1-keepalive-death`), or None without one.

        They are only simulated where one would find a dead path: everywhere else they change nothing.
        """
        self._phase_matters = True
        if not self._keep_alive:
            return None
        return self._keep_alive - (self.engine.now + LOADED_BEFORE) % self._keep_alive

    def state(self) -> Hashable:
        """The present of the wire and the world, as far as it can matter to the future."""
        connections = tuple(c.snapshot() for c in self.connections.values())
        watched = self.watched.key if self.watched else None
        phase = self.engine.now % self._keep_alive if self._phase_matters and self._keep_alive else 0
        return connections, watched, phase, self.world.state()

    def skip(self, span: int) -> None:
        """Move what is kept in absolute time `span` µs on."""
        for connection in self.connections.values():
            connection.skip(span)


class Attempt:
    """One transaction towards one target."""

    def __init__(self, network: Network, order: Try, round_: int, done: Done) -> None:
        self.network, self.order, self.round, self.done = network, order, round_, done
        self.target, self.credentials = order.target, order.credentials
        udp = order.target.transport.protocol is Protocol.UDP
        self.transaction = Transaction(network.timers, ticks=order.ticks or udp)
        self.started = network.engine.now
        self.connection: Connection | None = None
        self.transmissions = 0
        self.logged = False
        self._held = False
        self._e: Entry | None = None
        self._f: Entry | None = None

    @property
    def over(self) -> bool:
        return self.transaction.over

    def send_once(self) -> None:
        """Send without a clock."""
        self._stop_ticks()
        self._send()

    def start(self, spent: int) -> None:
        """Send, or wait for the message to be free. `spent` is how much of Timer F has passed."""
        network, order, now = self.network, self.order, self.network.engine.now
        holder = network.held.get(order.message)
        if holder is None and order.unsuitable:
            network.log(TargetSkipped(now, network.who, self.round, self.target, order.unsuitable))
            self.end(Outcome(Ending.UNSUITABLE, 503), Input.TRANSPORT_ERROR)
            return
        self.logged = True
        network.log(AttemptStarted(now, network.who, self.round, self.target, self.credentials))
        self._f = network.engine.after(network.timers.f - spent, self._timer_f, tag="F")
        if holder is not None:
            self._held = True
            network.log(RequestHeld(now, network.who, self.round, self.target, holder.target))
            self._next_tick()
        else:
            self._send()

    # ------------------------------------------------------------ sending

    def _send(self) -> None:
        network = self.network
        if self.order.unsuitable:
            self.end(Outcome(Ending.UNSUITABLE, 503), Input.TRANSPORT_ERROR)
        elif self.target.transport.protocol is Protocol.UDP:
            self._datagram()
        else:
            connection, new = network.connection(self.target)
            just_refused, network.refused = network.refused, None
            if new and just_refused == (connection.key, network.engine.now):
                # The target that was just refused stands in the list twice: its failing connection is still
                # there, and no SYN of its own goes out (recording `idle-tcp-same-refused`).
                del network.connections[connection.key]
                network.refused = just_refused
                self.end(local(Ending.REFUSED), Input.TRANSPORT_ERROR)
                return
            if new and not network.route(self.target):
                network.connections.pop(connection.key)
                self.end(local(Ending.UNREACHABLE), Input.TRANSPORT_ERROR)
                return
            self._stream(connection, new)

    def _stream(self, connection: Connection, new: bool) -> None:
        network, now = self.network, self.network.engine.now
        self.connection = connection
        self._stop_ticks()  # a reliable transport has the message now
        if not new:
            network.log(ConnectionReused(now, network.who, self.round, self.target, connection.state.value))
        if connection.state is State.OPEN:
            connection.send(self)
            return
        network.held[self.order.message] = connection
        connection.waiting.append(Waiting(self.order.message, self))
        if new:
            connection.connect(self.round)

    def sent(self, connection: Connection) -> None:
        """The request left over a connection."""
        self.connection = connection
        self.network.log(RequestSent(self.network.engine.now, self.network.who, self.round, self.target))

    def _datagram(self) -> None:
        network, engine = self.network, self.network.engine
        if not self.transmissions and not network.route(self.target):
            self.end(local(Ending.UNREACHABLE), Input.TRANSPORT_ERROR)
            return
        network.log(DatagramSent(engine.now, network.who, self.round, self.target, self.transmissions))
        self.transmissions += 1
        if self._e is None:
            self._next_tick()
        listener = network.world.udp(self.target)
        if listener is None:
            return
        reply = listener.take(self.credentials)
        if reply.status is not None:
            network.respond(self, reply, microseconds(reply.delay))

    # ------------------------------------------------------------ timers

    def _next_tick(self) -> None:
        if self.transaction.ticks and not self.over:
            self._e = self.network.engine.after(self.transaction.next_e(), self._timer_e, tag="E")

    def _timer_e(self) -> None:
        self._e = None
        if self.transaction.take(Input.TIMER_E) is not Action.SEND:
            return
        self._next_tick()
        if self.order.message not in self.network.held:
            self._held = False
            self._send()

    def _timer_f(self) -> None:
        self._f = None
        self.end(local(Ending.BLOCKED if self._held else Ending.TIMEOUT), Input.TIMER_F)

    def _stop_ticks(self) -> None:
        if self._e is not None:
            self._e.cancel()
            self._e = None
        self.transaction.ticks = False

    # ------------------------------------------------------------ ends

    def responded(self, reply: Reply) -> None:
        """An answer arrived."""
        if self.over or reply.status is None:
            return
        network = self.network
        network.log(Responded(network.engine.now, network.who, self.round, self.target, reply.status))
        if reply.status < 200:
            if self.transaction.proceeds() and self._e is not None:  # only the first one sets the clock
                self._e.cancel()
                self._next_tick()
            return
        kind = Ending.REGISTERED if reply.status < 300 else Ending.ANSWERED
        self.end(Outcome(kind, reply.status, reply.retry_after, reply.expires), Input.FINAL)

    def broken(self, kind: Ending) -> None:
        """The connection under the request is gone."""
        if not self.over:
            self.end(local(kind), Input.TRANSPORT_ERROR)

    def end(self, outcome: Outcome, by: Input) -> None:
        """Report the outcome, once."""
        if self.over:
            return
        self.transaction.take(by)
        for entry in (self._e, self._f):
            if entry is not None:
                entry.cancel()
        self._e = self._f = None
        if self.connection is not None:
            self.connection.settled(self)
        self.done(self, outcome)
