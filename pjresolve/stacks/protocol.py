"""What a stack is: a plan made of a configuration, and a program that lives by commands.

Rules of this file:
- a program is one generator: it yields commands, and each is answered with what came of it;
- it may do so in any order: ask the DNS between two attempts, draw lots, wait for microseconds;
- a command says what is wanted; whoever drives the program decides how, and a program never sees a clock;
- `ask`, `resolve`, `attempt`, `tell`, `sleep` and the others are how a program is written: each is the
  command with its typed answer, `outcome = yield from attempt(...)`;
- what stacks do differently below that is a value, the Policy.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, TypeAlias, TypeVar

from pjresolve.config.objects import Config, Registration
from pjresolve.dns.srv import Uniform
from pjresolve.model import Answer, Family, Query, Target, TransportType
from pjresolve.sip.outcome import Outcome
from pjresolve.sip.timers import Timers
from pjresolve.sip.tls import TlsSettings
from pjresolve.sip.transaction import Method
from pjresolve.stacks.resolution import Answers, Ask, Machine, Request, Resolution
from pjresolve.stacks.resolvers import GLIBC, ResolverPolicy
from pjresolve.trace import Cause, State, Step

T = TypeVar("T")
ALL_FAMILIES = frozenset(Family)

# ---------------------------------------------------------------- before anything is sent


@dataclass(frozen=True, slots=True)
class Refused:
    """The stack does not load the registration. `why` in words, `evidence` a recording, or "" where there
    is none.
    """

    registration: str
    why: str
    evidence: str = ""


def _all_read(headers: Sequence[str]) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Policy:
    """How a stack treats sockets, messages and queries, for those who simulate them. Times in microseconds.

    `client_name` heads its lane in pictures. `holds_messages`: a message that waits on a connecting socket
    can be sent nowhere else until that socket is done, a socket that opens when nobody waits any more is
    closed, and a target that stands in the list twice is refused at once together with its twin; without it
    an attempt that is over takes its message back. `watches_oldest`: who has registered over a connection
    minds the end of the oldest one to that address and port, else of its own. `idle_timeout`: a connection
    without a request is closed after so long, or never (None). `turnaround`: between the end of a round and
    one that starts at once. `loaded_before`: how long before the first round the clock of keep-alives starts.
    `unreadable`: the name of the header for whose sake an answer with these header lines is dropped, or "".
    `resolver`: the resolver it is linked with; `unbound_resolver` is used where the scenario says so.
    """

    client_name: str
    holds_messages: bool = False
    watches_oldest: bool = False
    idle_timeout: int | None = None
    turnaround: int = 0
    loaded_before: int = 0
    unreadable: Callable[[Sequence[str]], str] = _all_read
    resolver: ResolverPolicy = GLIBC
    unbound_resolver: ResolverPolicy = GLIBC

    def resolver_with(self, unbound: bool) -> ResolverPolicy:
        """The resolver, with or without libunbound."""
        return self.unbound_resolver if unbound else self.resolver


class Lots:
    """What a program draws: with `draw`, which gives numbers from [0, 1), or without it the most probable.

    `count` is how many were drawn: between two moments at which it is the same, nothing was left to chance.
    """

    def __init__(self, draw: Uniform | None = None) -> None:
        self.draw = self._counted if draw is not None else None
        self._draw = draw
        self.count = 0

    def _counted(self) -> float:
        assert self._draw is not None, "nothing is drawn without a source of lots"
        self.count += 1
        return self._draw()

    def between(self, least: int, most: int) -> int:
        """A whole number of microseconds, uniformly from `least` to `most`; without `draw` the middle."""
        share = 0.5 if self.draw is None else self.draw()
        return least + round(share * (most - least))


class Resolving(Protocol):
    """Starts a resolution: `draw` draws the SRV choices; `reachable` are the families with a route."""

    def __call__(self, draw: Uniform | None = None, reachable: frozenset[Family] = ALL_FAMILIES) -> Machine:
        """A new machine, at its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """How requests of one kind leave: those of a registration, of a call, or of a contact that is qualified.

    `resolution` leads from the host to all targets, in the order of trying; `program` is the life, which is
    given this value and its lots. `request` and `resolution` are None where every round fails without DNS,
    and `dead_end` says why. `tls_host` is the host that a TLS certificate has to be for, as written.
    `credentials`: a challenge can be answered; `realms`: the only ones whose challenge can be, empty where
    any can. `loopback` are the types whose transport is bound to the
    loopback address, so that nothing can leave. `transports` names the local transport that each type is
    sent from; who has `pinned` one shares no connection of another. `timeout` says which timer ends an
    attempt that gets no answer, and what sets it.
    """

    policy: Policy
    program: Callable[[Any, Lots], Program | OneRound]
    request: Request | None
    resolution: Resolving | None
    timers: Timers
    tls: Mapping[TransportType, TlsSettings]
    tls_host: str = ""
    pinned: TransportType | None = None
    transports: Mapping[TransportType, str] = field(default_factory=dict)
    credentials: bool = True
    realms: tuple[str, ...] = ()
    dead_end: str = ""
    timeout: str = "Timer F"
    loopback: frozenset[TransportType] = frozenset()
    notes: tuple[str, ...] = field(default=())
    method: Method = Method.REGISTER

    def live(self, lots: Lots) -> Program | OneRound:
        """The program of this sender, at its beginning."""
        return self.program(self, lots)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Sender):
    """A loaded registration. `keep_alive_interval` in seconds, 0 for none."""

    registration: Registration
    keep_alive_interval: int = 0


# ---------------------------------------------------------------- commands, and what they are answered with


class StartRound(NamedTuple):
    """A new round begins. Answered with None."""

    cause: Cause
    why: str


class Resolve(NamedTuple):
    """Run the plan's resolution to its end. Answered with Resolved.

    `patience`: after so many µs the round goes on without it; the list that comes later is told all the same,
    and its first target is sent to once, which nobody waits for.
    """

    patience: int | None = None


class Resolved(NamedTuple):
    """The end of a resolution, or None where patience ran out. `took` in µs."""

    resolution: Resolution | None
    took: int = 0


class ListTargets(NamedTuple):
    """Say which targets are known now, where the program asked the DNS itself. Answered with None."""

    targets: tuple[Target, ...]
    why: str


class Try(NamedTuple):
    """Send the request to a target and wait for the end. Answered with an Outcome.

    `message` numbers the request: a later attempt with the same number sends the very same message.
    `ticks`: Timer E runs until a reliable transport has taken the message. `unsuitable` says why the
    target cannot be sent to at all, which costs no time unless the message waits elsewhere. `spent`: how much
    of Timer F has passed already, in µs. `expires`: the seconds that the request asks for, where it does.
    """

    target: Target
    message: int
    credentials: bool
    ticks: bool = True
    unsuitable: str = ""
    spent: int = 0
    expires: int | None = None


class Tell(NamedTuple):
    """Say what follows the attempt that just ended. Answered with None."""

    step: Step
    why: str


class Sleep(NamedTuple):
    """Wait for `wait` µs. Answered with Woken.

    `memory` is all that the program remembers and that bears on what it does later, but for the retries that
    `counted` counts: where it, the world and the network are as they were at an earlier waking, what follows
    is the same again. `step` says what kind of wait it is; `lifetime` how long a registration is valid from
    now, in µs. `counted` retries have been made of `limit`, of which this wait counts as `adds`.
    """

    wait: int
    step: Step
    why: str
    memory: Hashable
    lifetime: int | None = None
    counted: int = 0
    limit: int = 0
    adds: int = 0


class Woken(NamedTuple):
    """The end of a wait. `closed`: the connection that registered closed before the time was up.

    `repeated`: retries that were passed over because they repeat the last ones exactly.
    """

    closed: bool = False
    repeated: int = 0


class GiveUp(NamedTuple):
    """Stop for good, as rejected or, where a registration was ended by its own expiration, as lapsed.
    Answered with None.
    """

    why: str
    state: State = State.REJECTED


Command: TypeAlias = StartRound | Ask | Resolve | ListTargets | Try | Tell | Sleep | GiveUp
Reply: TypeAlias = Answers | Resolved | Outcome | Woken | None
Part: TypeAlias = Generator[Command, Reply, T]
"""A part of a program, which ends with a value."""
Program: TypeAlias = Part[None]
"""A life without an end of its own."""
OneRound: TypeAlias = Part[Outcome]


def _typed(reply: Reply, kind: type[T]) -> T:
    if not isinstance(reply, kind):
        raise TypeError(f"the program waits for {kind.__name__} and is sent {reply!r}")
    return reply


def start_round(cause: Cause, why: str) -> Part[None]:
    """Begin a round."""
    yield StartRound(cause, why)


def ask(queries: Sequence[Query]) -> Part[tuple[Answer, ...]]:
    """The answers to one set of queries, in its order."""
    return _typed((yield Ask(tuple(queries))), Answers).of_set


def resolve(patience: int | None = None) -> Part[Resolved]:
    """Run the plan's resolution; see Resolve."""
    return _typed((yield Resolve(patience)), Resolved)


def list_targets(targets: Sequence[Target], why: str) -> Part[None]:
    """Say which targets are known now."""
    yield ListTargets(tuple(targets), why)


def attempt(order: Try) -> Part[Outcome]:
    """How an attempt ends."""
    return _typed((yield order), Outcome)


def tell(step: Step, why: str) -> Part[None]:
    """Say what follows the attempt that just ended."""
    yield Tell(step, why)


def sleep(order: Sleep) -> Part[Woken]:
    """Wait, and how the wait ended."""
    return _typed((yield order), Woken)


def give_up(why: str, state: State = State.REJECTED) -> Part[None]:
    """Stop for good: the last command of a program."""
    yield GiveUp(why, state)


class Stack(Protocol):
    """A SIP stack whose registrations can be predicted."""

    name: str
    title: str
    verified: str
    policy: Policy

    def load(self, config: Config, registration: Registration) -> Plan | Refused:
        """What the stack makes of the registration before any DNS."""

    def reasons(self, plan: Plan, resolution: Resolution, target: Target) -> Sequence[str]:
        """Why it registers with this target of its first list and no other way: a sentence each."""
