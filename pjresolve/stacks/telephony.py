"""What a stack does beside registering: calls out, and contacts that are asked whether they are there.

Rules of this file:
- it holds values, and the protocol of a stack that does this; what one stack does stands in its wing;
- a contact is named by its AoR and its URI as the file writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple, Protocol, TypeAlias

from pjresolve.config.dialplan import Context
from pjresolve.config.objects import Config
from pjresolve.model import Answer, Query
from pjresolve.sip.message import IncomingMessage
from pjresolve.sip.outcome import Ending
from pjresolve.stacks.protocol import Sender, Stack
from pjresolve.stacks.resolution import Machine, Request


class ContactName(NamedTuple):
    """A static contact: its AoR and its URI."""

    aor: str
    uri: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPlan(Sender):
    """One call: `uri` is the request URI, `contact` the one that was chosen, None where a URI was dialled.

    `ends_with`: answers which lead to the next target, and end the call all the same with their transaction.
    `handed_on`: ends of attempts after which the next target is only asked while somebody waits.
    """

    endpoint: str
    number: str
    uri: str
    contact: ContactName | None
    ends_with: frozenset[int] = frozenset()
    handed_on: frozenset[Ending] = frozenset(Ending)


class CallEnd(Enum):
    """How a call ends for whoever dialled: an answer, a failure with a status, the caller's own timeout, or
    nothing that is sent at all.
    """

    ANSWERED = auto()
    FAILED = auto()
    TIMEOUT = auto()
    NO_CHANNEL = auto()


class DialResult(NamedTuple):
    """What the dialplan is told of a call: `DIALSTATUS` and `HANGUPCAUSE` after `Dial`."""

    dialstatus: str
    hangupcause: int


class NoCall(NamedTuple):
    """A call that fails at once, without a query or a packet."""

    endpoint: str
    number: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QualifyPlan(Sender):
    """How a contact is qualified: every `frequency` seconds, with `qualify_timeout` seconds to answer.

    `only_2xx`: other answers leave it unreachable. `handed_on`: ends of attempts after which nothing limits
    the time of an answer but the transaction.
    """

    contact: ContactName
    frequency: int
    qualify_timeout: float
    only_2xx: bool = False
    handed_on: frozenset[Ending] = frozenset()


class Look(NamedTuple):
    """What one identifier made of a request. `endpoint` is what it found, or empty."""

    identifier: str
    endpoint: str
    why: str


@dataclass(frozen=True, slots=True)
class Received:
    """What becomes of a request. `status` is the first final answer, None for none and where it is not known.

    `endpoint`, `context` and `extension` are None where no call is set up. `taken_for` is the endpoint whose
    the request is, even if it gets no call; `looks` how it was found.
    """

    status: int | None
    why: str
    taken_for: str | None = None
    matched_by: str | None = None
    endpoint: str | None = None
    context: str | None = None
    extension: str | None = None
    looks: tuple[Look, ...] = ()


class Key(NamedTuple):
    """What a request from anywhere can hold that may lead to an endpoint: in words, as headers, as a URI."""

    words: str
    headers: Mapping[str, str]
    uri: str = ""


class Door(Protocol):
    """A configuration as loaded, which says what becomes of requests that come in."""

    def receive(self, message: IncomingMessage) -> Received:
        """What the stack makes of the request."""

    def ways_in(self) -> Iterable[Key]:
        """What strangers may try, the simplest first."""


Dialled: TypeAlias = CallPlan | NoCall
AskAll: TypeAlias = Callable[[tuple[Query, ...]], tuple[Answer, ...]]
"""Answers a set of queries, in its order."""


class Telephony(Protocol):
    """What a stack does with calls and contacts."""

    def dial(self, config: Config, endpoint: str, number: str, away: Container[ContactName]) -> Dialled:
        """A call of `number` through an endpoint. `away` are the contacts that are unreachable."""

    def dial_result(self, end: CallEnd, status: int) -> DialResult | None:
        """What the dialplan is told of a call that ends so, with the status of a failure; None where that is
        not known.
        """

    def qualified(self, config: Config) -> Sequence[QualifyPlan]:
        """The contacts that are qualified, in the order in which that happens."""

    def door(
        self, config: Config, ask: AskAll, lines: Mapping[str, str], dialplan: dict[str, Context] | None
    ) -> Door:
        """The door of a configuration, whose names are looked up by `ask`.

        `lines` maps each `line` parameter that was given out to its endpoint; without a `dialplan` every
        extension of every context is there.
        """

    def looked_up(self, config: Config) -> Sequence[str]:
        """The names that are looked up when the configuration is loaded, to recognise whoever calls."""

    def resolution(self, request: Request) -> Machine:
        """How a host is resolved."""

    def begins(self, config: Config) -> int:
        """When the first registration begins, in µs: later than the start where names are looked up first."""


def telephony_of(stack: Stack) -> Telephony | None:
    """What the stack does with calls and contacts, or None where that is not known."""
    found: Telephony | None = getattr(stack, "telephony", None)
    return found
