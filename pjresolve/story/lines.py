"""What the story of a run is made of: lines, each with its time, its tone and its reason.

Rules of this file:
- whatever is compared or counted is a field or an enum; texts are there to be printed;
- a tone says what a line means for the registration; how that looks is each output's own affair.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from pjresolve.model import Target
from pjresolve.sip.outcome import Ending
from pjresolve.sip.status import is_challenge
from pjresolve.trace import Cause, State, Step


class Tone(StrEnum):
    """What a line, box or band means: one set for every output."""

    PLAIN = ""
    HEAD = "head"
    """It names what follows."""
    QUIET = "quiet"
    """It can be passed over."""
    ACCENT = "accent"
    """It parts what comes before from what follows."""
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


STATE_TONES = {
    State.TRYING: Tone.QUIET,
    State.REGISTERED: Tone.GOOD,
    State.LAPSED: Tone.BAD,
    State.WAITING: Tone.WARN,
    State.REJECTED: Tone.BAD,
}


def ending_tone(ending: Ending | None) -> Tone:
    """What an attempt's end means by itself; None is one that has not ended."""
    match ending:
        case None:
            return Tone.PLAIN
        case Ending.REGISTERED:
            return Tone.GOOD
        case Ending.ANSWERED | Ending.UNSUITABLE:
            return Tone.WARN
        case _:
            return Tone.BAD


class Kind(Enum):
    """What a line tells: one kind for each kind of event."""

    ROUND = auto()
    LIST = auto()
    SKIPPED = auto()
    ATTEMPT = auto()
    DATAGRAM = auto()
    CONNECT = auto()
    REUSED = auto()
    OPENED = auto()
    FAILED = auto()
    CLOSED = auto()
    REQUEST = auto()
    HELD = auto()
    RESPONSE = auto()
    ENDED = auto()
    STEP = auto()
    STATE = auto()
    WORLD = auto()


@dataclass(slots=True)
class Attempt:
    """A transaction, as far as it has been told. Times in microseconds.

    `connected` is None where no connection is needed; `holder` is the target whose connect the message waits
    for; `failure` says why there is no connection, or why the target was skipped. `ending` is None while it
    is under way. `challenge` is the attempt whose challenge this one answers.
    """

    target: Target
    t: int
    credentials: bool = False
    datagrams: int = 0
    connected: bool | None = None
    holder: Target | None = None
    failure: str = ""
    ending: Ending | None = None
    status: int = 0
    lasted: int = 0
    challenge: Attempt | None = None

    @property
    def challenged(self) -> bool:
        """Whether it ended with a challenge that can still be answered."""
        return is_challenge(self.status) and not self.credentials

    @property
    def tone(self) -> Tone:
        """What its end means by itself."""
        granted = self.ending is Ending.ANSWERED and 200 <= self.status < 300
        return Tone.GOOD if granted else ending_tone(self.ending)

    @property
    def lasted_in_all(self) -> int:
        """How long it lasted, with the attempt whose challenge it answers."""
        return self.lasted + (self.challenge.lasted if self.challenge else 0)


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened to `who` at `t` (µs).

    `text` is the whole sentence; `short` is for a picture that shows time and peer by itself, and may be
    followed by `why`. `target` is the peer. `attempt` is the attempt under way that the line belongs to.
    `round` counts from 0, `cause` says why that round begins. `queries` and `targets` are counts, `took` is
    how long the DNS took (µs). `number` counts the transmissions of a datagram from 0. `wait` is in
    microseconds, `limit` the retries there can be. `repeats`: it says what the line before it says.
    """

    t: int
    who: str
    kind: Kind
    text: str
    short: str = ""
    tone: Tone = Tone.PLAIN
    target: Target | None = None
    why: str = ""
    attempt: Attempt | None = None
    round: int = -1
    cause: Cause | None = None
    queries: int = 0
    targets: int = 0
    took: int = 0
    number: int = 0
    state: State | None = None
    step: Step | None = None
    rule: str = ""
    limit: int = 0
    wait: int | None = None
    repeats: bool = False
