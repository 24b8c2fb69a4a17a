"""What everybody on one machine shares: the time, the world outside, held messages, the keep-alives' clock.

Rules of this file:
- it is made once a run, and given to those who live in it;
- it decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Protocol, TypeAlias

from pjresolve.model import Target, TransportType
from pjresolve.simulation.engine import Engine
from pjresolve.simulation.world import Listener, Reply, World
from pjresolve.sip.timers import microseconds
from pjresolve.sip.transaction import Method
from pjresolve.stacks.protocol import Policy
from pjresolve.trace import LifeEvent

Logger: TypeAlias = Callable[[LifeEvent], None]
Key: TypeAlias = tuple[TransportType, str, int, str, str]
"""Type, address, port, for TLS the host name, and the local transport: connections that differ in one of the
first four are not shared; who pins a transport shares those of that transport alone (`mr-tcp-two-pins`)."""
Message: TypeAlias = Hashable
"""What tells the messages of everybody apart."""


class Answered(Protocol):
    """Whoever an answer can reach. Attempts of one `call` repeat one request."""

    method: Method
    call: Hashable

    def responded(self, reply: Reply) -> None:
        """An answer arrived."""


class Wire:
    """The machine's side of the network. `keep_alive_interval` in seconds, 0 for none."""

    def __init__(self, engine: Engine, world: World, policy: Policy, keep_alive_interval: int) -> None:
        self.engine, self.world, self.policy = engine, world, policy
        self.holders: dict[Message, tuple[Key, Target]] = {}
        self.refused: tuple[Key, int] | None = None
        self.keep_alive = microseconds(keep_alive_interval)
        self._phase_matters = False

    def hold(self, message: Message, key: Key, target: Target) -> None:
        """A message waits on the socket `key`, and can be sent nowhere else."""
        if self.policy.holds_messages:
            self.holders[message] = key, target

    def holder(self, message: Message) -> Target | None:
        """The target on whose connecting socket a message waits, if it does."""
        held = self.holders.get(message)
        return held[1] if held else None

    def release(self, message: Message, key: Key) -> None:
        """A message no longer waits on the socket `key`."""
        held = self.holders.get(message)
        if held and held[0] == key:
            del self.holders[message]

    def respond(
        self, listener: Listener, attempt: Answered, reply: Reply, delay: int, *, shared: bool = False
    ) -> None:
        """An answer reaches the attempt after `delay` µs, ringing for some of them. Without a delay that is
        in the same step, or over a connection, which is `shared`, once others have sent what they send at
        that moment (`m7-015`).
        """

        def arrive() -> None:
            if reply.status is None or reply.status < 200 or listener.due(attempt.method, attempt.call):
                attempt.responded(reply)

        if reply.ring:
            attempt.responded(Reply(180))
        if delay <= 0 and not shared:
            arrive()
        else:
            # after what else is due at that moment: an answer is never quicker than the wire. That of an
            # INVITE comes before it is repeated, which is due a moment later (recording `c8-001`).
            priority = -1 if attempt.method is Method.INVITE else 1
            self.engine.after(delay, arrive, tag=("answer", attempt.call, reply), priority=priority)

    def to_keep_alive(self) -> int | None:
        """Microseconds to the next keep-alive (recording `q1-keepalive-death`), or None without one.

        They are only simulated where one would find a dead path: everywhere else they change nothing.
        """
        self._phase_matters = True
        if not self.keep_alive:
            return None
        return self.keep_alive - (self.engine.now + self.policy.loaded_before) % self.keep_alive

    def state(self) -> Hashable:
        """The present of the world and of the keep-alives' clock, as far as they can matter to the future."""
        phase = self.engine.now % self.keep_alive if self._phase_matters and self.keep_alive else 0
        refused = self.refused[0] if self.refused and self.refused[1] == self.engine.now else None
        return phase, refused, self.world.state()
