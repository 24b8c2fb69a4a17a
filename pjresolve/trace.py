"""What happened, one past-tense event for each decision: the only log there is.

Rules of this file:
- an event says what was decided and why, never how to print it;
- every event of a resolution is free of time: it happened where the resolution happened;
- every event of a simulated run begins with `t`, in microseconds from the first DNS query, and says who it is
  about: `who` names the registration, the call or the contact, `users` are those that have used a connection;
- what can be compared is an enum; sentences (`why`) are for people, and no code looks into them;
- text, JSON and HTML are all made from these and from nothing else.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, TypeAlias

from pjresolve.model import Answer, Query, Record, Target
from pjresolve.sip.outcome import Ending

# ---------------------------------------------------------------- states, steps, causes: words beside them


class State(StrEnum):
    """What a registration is at a moment; the JSON of a prediction uses the words as they are."""

    TRYING = "trying"
    """The first round is under way."""
    REGISTERED = "registered"
    """A granted registration has not run out."""
    LAPSED = "lapsed"
    """A registration ran out before it was refreshed."""
    WAITING = "waiting"
    """A round failed before anything was registered, and the next one is due."""
    REJECTED = "rejected"
    """It stopped for good."""


class Step(StrEnum):
    """What follows an attempt, or a round."""

    CHALLENGE = "challenge"
    """The same target again, with credentials."""
    UNANSWERED = "unanswered"
    """No credentials fit the challenge, which ends the round."""
    NEXT_TARGET = "next-target"
    LIST_END = "list-end"
    """No target is left."""
    ROUND_ENDED = "round-ended"
    """An answer, or the lack of one, ends the round."""
    REGISTERED = "registered"
    DNS_TOO_LATE = "dns-too-late"
    """The round is over before the DNS has answered."""
    RETRY = "retry"
    """A wait after a failed round; where it counts as a retry it has a number."""
    RETRY_AFTER = "retry-after"
    """A wait that the answer asked for (RFC 3261 section 20.33)."""
    REFRESH = "refresh"
    """The wait between a success and the next round."""
    START_OVER = "start-over"
    """A new round at once, since a connection is gone or the answer is met with the same request again."""
    STOP = "stop"

    @property
    def waits(self) -> bool:
        """Whether it is a wait between rounds."""
        return self in (Step.RETRY, Step.RETRY_AFTER, Step.REFRESH, Step.START_OVER)


class Cause(StrEnum):
    """Why a round begins."""

    LOADED = "loaded"
    DIALLED = "dialled"
    QUALIFY = "qualify"
    """A static contact is asked whether it is there."""
    WAITED = "waited"
    """A retry's wait is over."""
    REFRESH = "refresh"
    CLOSED = "closed"
    """The connection that registered was closed."""
    ANSWER = "answer"
    """The last answer asks for it: 423, or a challenge where each request is resolved anew."""


# ---------------------------------------------------------------- resolution: no time, only order


class SetAsked(NamedTuple):
    """A set of queries went out. `number` counts from 0; `unsent` are those no query goes out for."""

    number: int
    queries: tuple[Query, ...]
    unsent: tuple[Query, ...] = ()


class Answered(NamedTuple):
    """An answer of the set was taken up, in query order."""

    answer: Answer


class RecordUsed(NamedTuple):
    """A record led on: `added` are the queries it put into the next set."""

    record: Record
    added: tuple[Query, ...]
    why: str


class RecordSkipped(NamedTuple):
    """A record changed nothing, and why. `evidence` names a recording that shows the rule."""

    record: Record
    why: str
    evidence: str


class TargetListed(NamedTuple):
    """An address record became a target."""

    target: Target
    why: str


class TargetsDropped(NamedTuple):
    """Targets listed from this set were thrown away, since the set led to further queries."""

    targets: tuple[Target, ...]
    why: str
    evidence: str


class ListClosed(NamedTuple):
    """The resolution ended with this list, in the order of trying."""

    targets: tuple[Target, ...]
    why: str


ResolutionEvent: TypeAlias = (
    SetAsked | Answered | RecordUsed | RecordSkipped | TargetListed | TargetsDropped | ListClosed
)

# ---------------------------------------------------------------- a run: `t` first


class RoundStarted(NamedTuple):
    """A round began with its first query."""

    t: int
    who: str
    round: int
    cause: Cause
    why: str


class ListKnown(NamedTuple):
    """The round's resolution ended. `queries` are those that were sent, in order."""

    t: int
    who: str
    round: int
    queries: tuple[Query, ...]
    targets: tuple[Target, ...]
    why: str


class TargetSkipped(NamedTuple):
    """A target was passed over without an attempt, at no cost in time."""

    t: int
    who: str
    round: int
    target: Target
    why: str


class AttemptStarted(NamedTuple):
    """A transaction towards a target began. `credentials`: it answers a challenge."""

    t: int
    who: str
    round: int
    target: Target
    credentials: bool


class DatagramSent(NamedTuple):
    """A UDP request left. `number` counts the transmissions of this transaction from 0."""

    t: int
    who: str
    round: int
    target: Target
    number: int


class ConnectStarted(NamedTuple):
    """The first SYN of a new connection left."""

    t: int
    who: str
    round: int
    target: Target


class ConnectionReused(NamedTuple):
    """A connection that was there already carries the request. `state`: open or connecting."""

    t: int
    who: str
    round: int
    target: Target
    state: str


class ConnectionOpened(NamedTuple):
    """A connection was established (for TLS: its handshake too)."""

    t: int
    users: tuple[str, ...]
    target: Target


class ConnectionFailed(NamedTuple):
    """A connection could not be established. `why` in words."""

    t: int
    users: tuple[str, ...]
    target: Target
    why: str


class ConnectionClosed(NamedTuple):
    """An established connection ended."""

    t: int
    users: tuple[str, ...]
    target: Target
    why: str


class RequestSent(NamedTuple):
    """A request left over a connection. `unread`: the far end does not get to see it, or not now."""

    t: int
    who: str
    round: int
    target: Target
    unread: bool = False


class RequestHeld(NamedTuple):
    """A request could not be sent: its message still waits on another, connecting socket."""

    t: int
    who: str
    round: int
    target: Target
    holder: Target


class Responded(NamedTuple):
    """An answer arrived. `unread` names the header that the stack cannot read: it drops the answer."""

    t: int
    who: str
    round: int
    target: Target
    status: int
    unread: str = ""


class AttemptEnded(NamedTuple):
    """A transaction ended. `outcome`: how; `status` its answer or what it counts as.

    `lasted` is in microseconds.
    """

    t: int
    who: str
    round: int
    target: Target
    outcome: Ending
    status: int
    lasted: int
    credentials: bool


class StepTaken(NamedTuple):
    """What followed the attempt that ended last. `wait` is in microseconds, where it was a wait.

    Where that wait counts as a retry, it is number `retry` of `limit`.
    """

    t: int
    who: str
    round: int
    step: Step
    rule: str
    wait: int | None = None
    retry: int = 0
    limit: int = 0

    @property
    def why(self) -> str:
        """The rule, with the number of the retry."""
        return counted(self.rule, self.retry, self.limit)


class StateChanged(NamedTuple):
    """The state changed. `retry` and `limit` as in StepTaken; `step` is the wait that goes with it."""

    t: int
    who: str
    state: State
    rule: str
    retry: int = 0
    limit: int = 0
    step: Step | None = None

    @property
    def why(self) -> str:
        """The rule, with the number of the retry."""
        return counted(self.rule, self.retry, self.limit)


def counted(rule: str, retry: int, limit: int) -> str:
    """A rule in words, with the number of the retry where it is one."""
    return f"{rule}, retry {retry} of {limit}" if retry else rule


class ContactChanged(NamedTuple):
    """A qualified contact was found reachable, or not, and was not so before. `who` names the contact."""

    t: int
    who: str
    reachable: bool
    why: str


class WorldChanged(NamedTuple):
    """An event of the scenario came to pass."""

    t: int
    host: str
    what: str


LifeEvent: TypeAlias = (
    RoundStarted
    | ListKnown
    | TargetSkipped
    | AttemptStarted
    | DatagramSent
    | ConnectStarted
    | ConnectionReused
    | ConnectionOpened
    | ConnectionFailed
    | ConnectionClosed
    | RequestSent
    | RequestHeld
    | Responded
    | AttemptEnded
    | StepTaken
    | StateChanged
    | ContactChanged
    | WorldChanged
)
