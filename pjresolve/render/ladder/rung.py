"""A row of a ladder.

Rules of this file: a rung says what happened, in words that are safe to be shown; nothing is drawn here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from pjresolve.story.lines import Tone


class RungKind(Enum):
    """What a rung is: towards the peer, back from it, or something that happens to the client alone."""

    SEND = auto()
    REPLY = auto()
    DNS = auto()
    NOTE = auto()
    STATE = auto()
    WORLD = auto()
    ROUND = auto()
    AGAIN = auto()
    """It stands for many events until `last`."""


@dataclass(slots=True)
class Rung:
    """Something that happened at `t` (µs).

    `short` is the text where room is scarce. `lost`: nothing came back. `count` are the transmissions that
    the rung stands for.
    """

    t: int
    kind: RungKind
    text: str
    short: str = ""
    peer: str = ""
    tone: Tone = Tone.PLAIN
    lost: bool = False
    count: int = 1
    last: int = -1

    @property
    def until(self) -> int:
        """When it was over: `t`, but for what stands for many events."""
        return max(self.t, self.last) if self.kind is RungKind.AGAIN else self.t
