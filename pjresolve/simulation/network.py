"""The client's side of the network: attempts towards targets, over datagrams and connections.

Rules of this file:
- whoever starts an attempt is told its outcome exactly once;
- a message that waits on a connecting socket can be held there, where the stack does that: no attempt can
  send it elsewhere (recording `tcp-drop1`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from itertools import chain
from typing import TypeAlias

from pjresolve.model import Protocol, Target
from pjresolve.simulation.connection import Client, Connection, ConnectionState, Waiting
from pjresolve.simulation.engine import Engine, Entry
from pjresolve.simulation.wire import Key, Wire
from pjresolve.simulation.world import Reply, World
from pjresolve.sip.outcome import Ending, Outcome, local
from pjresolve.sip.timers import microseconds
from pjresolve.sip.tls import TlsSettings
from pjresolve.sip.transaction import Action, Input, Method, State, Transaction
from pjresolve.stacks.protocol import Policy, Sender, Try
from pjresolve.trace import (
    AttemptStarted,
    ConnectionReused,
    DatagramSent,
    RequestHeld,
    RequestSent,
    Responded,
    TargetSkipped,
)

Done: TypeAlias = Callable[["Attempt", Outcome], None]
Reached: TypeAlias = Callable[[tuple[str, int]], bool]
"""Whether a far end, an address and a port, is meant."""


class Network:
    """The connections of one machine, and the attempts that use them."""

    def __init__(self, engine: Engine, world: World, policy: Policy, keep_alive_interval: int) -> None:
        self.wire = Wire(engine, world, policy, keep_alive_interval)
        self.connections: dict[Key, Connection] = {}
        self._watched: dict[str, tuple[Connection, Callable[[], None]]] = {}

    def connection(self, target: Target, plan: Sender) -> tuple[Connection, bool]:
        """The connection towards a target, and whether it is new; a new one is in the table but not begun."""
        host = plan.tls_host if target.transport.protocol is Protocol.TLS else ""
        local_name = plan.transports.get(target.transport, "")
        key = (target.transport, target.address, target.port, host, local_name)
        known = self.connections.get(key) if plan.pinned else self._oldest(key[:4])
        if known is not None:
            return known, False
        tls = plan.tls.get(target.transport, TlsSettings())
        new = self.connections[key] = Connection(self.wire, key, target, tls, self._ended)
        return new, True

    def drop(self, connection: Connection) -> None:
        """A connection that was not begun is none."""
        self.connections.pop(connection.key)

    def world_changed(self) -> None:
        """The world is another: whatever waits on it looks again."""
        for connection in list(self.connections.values()):
            connection.world_changed()

    def watch(self, who: str, connection: Connection, lost: Callable[[], None]) -> None:
        """`who` has registered over this connection: call `lost` once when it is gone."""
        self._watched[who] = connection, lost

    def unwatch(self, who: str) -> None:
        """What becomes of connections no longer matters to `who`."""
        self._watched.pop(who, None)

    def watched(self, who: str) -> Key | None:
        """The connection over which `who` has registered, while that matters."""
        found = self._watched.get(who)
        return found[0].key if found else None

    def _oldest(self, key: Hashable) -> Connection | None:
        """Without a pin any connection will do, whichever transport opened it
        (`mr-tcp-two-transports-nopin`).
        """
        return next((c for k, c in self.connections.items() if k[:4] == key), None)

    def _ended(self, connection: Connection) -> frozenset[str]:
        """Forget a connection; those who had registered over it are told, and returned."""
        lost = self._losers(connection) if connection.was_open else []
        if self.connections.get(connection.key) is connection:
            del self.connections[connection.key]
        tell = [self._watched.pop(who)[1] for who in lost]
        for call in tell:
            call()
        return frozenset(lost)

    def _losers(self, connection: Connection) -> list[str]:
        if not self.wire.policy.watches_oldest:
            return [who for who, (own, _) in self._watched.items() if own is connection]
        others = (c for c in self.connections.values() if c.remote == connection.remote)
        oldest = next((c for c in others if c is connection or c.state is ConnectionState.OPEN), None)
        if oldest is not connection:
            return []
        return [who for who, (own, _) in self._watched.items() if own.remote == connection.remote]

    def state(self, reached: Reached) -> Hashable:
        """The present of the world and of the connections to what is `reached`, as far as it can matter to
        the future.
        """
        own = tuple(c.snapshot() for c in self.connections.values() if reached(c.remote))
        return own, self.wire.state()

    def knows(self, who: str) -> bool:
        """Whether a connection still has a message of `who`."""
        for connection in self.connections.values():
            waiting = (attempt for _, attempt in connection.waiting)
            if any(a.client.who == who for a in chain(waiting, connection.in_flight, connection.stalled)):
                return True
        return False

    def forget(self, who: str) -> None:
        """Whoever is over is told nothing of connections any more."""
        for connection in self.connections.values():
            connection.users.pop(who, None)

    def skip(self, span: int, reached: Reached) -> None:
        """Move what is kept in absolute time of the connections to what is `reached` `span` µs on."""
        for connection in self.connections.values():
            if reached(connection.remote):
                connection.skip(span)


class Attempt:
    """One transaction of `client` towards one target, in round `round_`."""

    def __init__(
        self, network: Network, client: Client, plan: Sender, order: Try, round_: int, done: Done
    ) -> None:
        self.network, self.wire = network, network.wire
        self.client, self.plan, self.order, self.round, self.done = client, plan, order, round_, done
        self.target, self.credentials, self.asked = order.target, order.credentials, order.expires
        self.who = client.who
        self.method = plan.method
        self.call: Hashable = client.who
        self.message = client.who, order.message
        self._e_tag = "E", client.who
        udp = order.target.transport.protocol is Protocol.UDP
        self.transaction = Transaction(plan.timers, ticks=order.ticks or udp, method=plan.method)
        self.started = self.wire.engine.now
        self.connection: Connection | None = None
        self.transmissions = 0
        self.logged = False
        self._held = self._was_held = self._cancelled = False
        self._e: Entry | None = None
        self._f: Entry | None = None

    @property
    def over(self) -> bool:
        return self.transaction.over

    def send_once(self) -> None:
        """Send without a clock."""
        self._stop_ticks()
        self._send()

    def start(self) -> None:
        """Send, or wait for the message to be free."""
        order, who, now = self.order, self.who, self.wire.engine.now
        holder = self.wire.holder(self.message)
        if holder is None and order.unsuitable:
            self.client.log(TargetSkipped(now, who, self.round, self.target, order.unsuitable))
            self.end(Outcome(Ending.UNSUITABLE, 503), Input.TRANSPORT_ERROR)
            return
        self.logged = True
        self.client.log(AttemptStarted(now, who, self.round, self.target, self.credentials))
        self._f = self.wire.engine.after(self.plan.timers.f - order.spent, self._timer_f, tag=("F", who))
        if holder is not None:
            self._held = self._was_held = True
            self.client.log(RequestHeld(now, who, self.round, self.target, holder))
            self._next_tick()
        else:
            self._send()

    def moved(self, span: int, rounds: int) -> None:
        """It is so many µs and rounds later than it was."""
        self.started += span
        self.round += rounds

    # ------------------------------------------------------------ sending

    def _send(self) -> None:
        wire, network = self.wire, self.network
        if self.order.unsuitable:
            self.end(Outcome(Ending.UNSUITABLE, 503), Input.TRANSPORT_ERROR)
            return
        if self.target.transport.protocol is Protocol.UDP:
            self._datagram()
            return
        connection, new = network.connection(self.target, self.plan)
        just_refused, wire.refused = wire.refused, None
        if new and wire.policy.holds_messages and just_refused == (connection.key, wire.engine.now):
            # The target that was just refused stands in the list twice: its failing connection is still
            # there, and no SYN of its own goes out (recording `idle-tcp-same-refused`).
            network.drop(connection)
            wire.refused = just_refused
            self.end(local(Ending.REFUSED), Input.TRANSPORT_ERROR)
            return
        if new and not self._route():
            network.drop(connection)
            self.end(local(Ending.UNREACHABLE), Input.TRANSPORT_ERROR)
            return
        self._stream(connection, new)

    def _stream(self, connection: Connection, new: bool) -> None:
        self.connection = connection
        connection.users[self.who] = self.client
        self._stop_ticks()  # a reliable transport has the message now
        if not new:
            state, now = connection.state.value, self.wire.engine.now
            self.client.log(ConnectionReused(now, self.who, self.round, self.target, state))
        if connection.state is ConnectionState.OPEN:
            connection.send(self)
            return
        self.wire.hold(self.message, connection.key, connection.target)
        connection.waiting.append(Waiting(self.message, self))
        if new:
            connection.connect(self.client, self.round)

    def sent(self, *, unread: bool) -> None:
        """The request left over the connection; `unread` as in RequestSent."""
        self.client.log(RequestSent(self.wire.engine.now, self.who, self.round, self.target, unread))

    def _route(self) -> bool:
        """Whether something can leave: a transport bound to the loopback address sends nowhere."""
        return self.target.transport not in self.plan.loopback and self.wire.world.route(self.target)

    def _datagram(self) -> None:
        wire, now = self.wire, self.wire.engine.now
        if not self.transmissions and not self._route():
            self.end(local(Ending.UNREACHABLE), Input.TRANSPORT_ERROR)
            return
        self.client.log(DatagramSent(now, self.who, self.round, self.target, self.transmissions))
        self.transmissions += 1
        if self._e is None:
            self._next_tick()
        listener = wire.world.udp(self.target)
        if listener is None:
            return
        reply = listener.take(self.credentials, self.asked, self.method, self.call)
        if reply.status is not None:
            wire.respond(listener, self, reply, microseconds(reply.ring or reply.delay))

    # ------------------------------------------------------------ timers

    def _next_tick(self) -> None:
        transaction = self.transaction
        if transaction.ticks and not transaction.over:
            engine = self.wire.engine
            self._e = engine.at(engine.now + transaction.next_e(), self._timer_e, tag=self._e_tag)

    def _timer_e(self) -> None:
        self._e = None
        if self.transaction.take(Input.TIMER_E) is not Action.SEND:
            return
        self._next_tick()
        if self.message not in self.wire.holders:
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
        """An answer arrived; one that the stack cannot read is as good as none."""
        if self.over or reply.status is None:
            return
        now = self.wire.engine.now
        unread = self.wire.policy.unreadable(reply.headers)
        self.client.log(Responded(now, self.who, self.round, self.target, reply.status, unread))
        if unread:
            return
        if reply.status < 200:
            self._proceed()
            return
        success = reply.status < 300 and self.method is Method.REGISTER
        kind = Ending.REGISTERED if success else Ending.ANSWERED
        self.end(Outcome(kind, reply.status, reply.headers), Input.FINAL)

    def _proceed(self) -> None:
        """A provisional answer: the first sets the clock of what is repeated, and ends that of an INVITE."""
        if not self.transaction.proceeds():
            return
        if self.method is Method.INVITE:
            self._stop_ticks()
            if self._f is not None:
                self._f.cancel()
            if self._cancelled:
                self.cancel()
        elif self._e is not None:
            self._e.cancel()
            self._next_tick()

    def cancel(self) -> None:
        """Nobody waits any more. CANCEL goes out once the far end has said anything; until then the request
        is repeated as before (RFC 3261 section 9.1; recordings `co-cancel-silent2`, `co-cancel-ring`).
        """
        self._cancelled = True
        if self.transaction.state is State.PROCEEDING:
            self.end(local(Ending.CANCELLED), Input.FINAL)

    def broken(self, ending: Ending) -> None:
        """The connection under the request is gone."""
        if not self.over:
            self.end(local(ending), Input.TRANSPORT_ERROR)

    def end(self, outcome: Outcome, by: Input) -> None:
        """Report the outcome, once."""
        if self.transaction.take(by) is not Action.REPORT:
            return
        for entry in (self._e, self._f):
            if entry is not None:
                entry.cancel()
        self._e = self._f = None
        if self.connection is not None:
            self.connection.settled(self)
        self.done(self, outcome._replace(held=self._was_held))
