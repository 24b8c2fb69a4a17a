"""What a stack makes of a configuration, and the commands by which it lives.

Rules of this file:
- a stack is two programs: `resolution` (see `resolve.request`) and `life`, a generator of commands;
- a command says what the stack wants done; whoever drives it decides how, and sends back what came of it;
- a stack never sees a clock: it asks to sleep, and is woken.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeAlias

from pjresolve.config.objects import Config, Registration
from pjresolve.model import Target, TransportType
from pjresolve.sip.outcome import Outcome
from pjresolve.sip.timers import Timers
from pjresolve.sip.tls import TlsSettings
from pjresolve.stacks.resolution import Machine, Request, SrvOrder
from pjresolve.trace import Cause, State, Step


@dataclass(frozen=True, slots=True)
class Refused:
    """The stack does not load the registration. `why` in words, `evidence` a recording, or "" where there
    is none.
    """

    registration: str
    why: str
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A loaded registration. `request` is None where every round fails without DNS, and `dead_end` says why.

    `ticks`: Timer E runs while a message waits on a socket, since the URI names neither TCP nor TLS.
    `tls_host` is the host that a TLS certificate has to be for, as written (`tls-dot`).
    `dns_counts`: Timer F of a round's first attempt starts with the round (recording `dns-f-silent`).
    `credentials`: a challenge can be answered. `loopback` are the types whose transport is bound to the
    loopback address, so that nothing can leave. Times in seconds.
    """

    registration: Registration
    request: Request | None
    timers: Timers
    tls: Mapping[TransportType, TlsSettings]
    pinned: TransportType | None = None
    ticks: bool = True
    credentials: bool = True
    dead_end: str = ""
    keep_alive_interval: int = 90
    dns_counts: bool = True
    tls_host: str = ""
    loopback: frozenset[TransportType] = frozenset()
    notes: tuple[str, ...] = field(default=())


class Resolve(NamedTuple):
    """Start a round and resolve. Answered with the targets, or with an Outcome where Timer F was quicker."""

    cause: Cause
    why: str


class Try(NamedTuple):
    """Send the request to a target and wait for the end. Answered with an Outcome.

    `message` numbers the request: a later attempt with the same number sends the very same message.
    `ticks`: Timer E runs until a reliable transport has taken the message. `unsuitable` says why the
    target cannot be sent to at all, which costs no time unless the message waits elsewhere.
    """

    target: Target
    message: int
    credentials: bool
    ticks: bool
    unsuitable: str = ""


class Tell(NamedTuple):
    """Say what follows the attempt that just ended. Answered with None."""

    step: Step
    why: str


class Sleep(NamedTuple):
    """Wait. Answered with Woken.

    `step` says what kind of wait it is; `lifetime` how long a registration is valid from now, in seconds.
    `counted` retries have been made of `limit`, this one included, where this wait counts as one.
    """

    seconds: int
    step: Step
    why: str
    lifetime: int | None = None
    counted: int = 0
    limit: int = 0


class Woken(NamedTuple):
    """The end of a wait. `closed`: the connection that registered closed before the time was up.

    `repeated`: retries that were passed over because they repeat the last ones exactly.
    """

    closed: bool = False
    repeated: int = 0


class GiveUp(NamedTuple):
    """Stop for good, as rejected or, where a registration was ended by its own expiration, as lapsed."""

    why: str
    state: State = State.REJECTED


Command: TypeAlias = Resolve | Try | Tell | Sleep | GiveUp
Reply: TypeAlias = tuple[Target, ...] | Outcome | Woken | None
Life: TypeAlias = Generator[Command, Reply, None]


class Stack(Protocol):
    """A SIP stack whose registrations can be predicted."""

    name: str
    title: str
    verified: str

    def load(self, config: Config, registration: Registration) -> Plan | Refused:
        """What the stack makes of the registration before any DNS."""

    def resolution(self, request: Request, choose: SrvOrder = ...) -> Machine:
        """From host to targets."""

    def life(self, plan: Plan) -> Life:
        """From targets to registered, again and again."""
