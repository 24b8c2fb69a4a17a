"""Client transactions (RFC 3261 section 17.1), without IO and without a clock.

Rules of this file:
- a kind of transaction is its table of transitions, and the diagram in the documentation is drawn from it;
- an input is given, and what to do comes back as an action;
- Completed, in which repeated answers are absorbed until Timer K, is left out: nothing follows from it here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import TypeAlias

from pjresolve.sip.timers import Timers


class Method(StrEnum):
    """Requests that are sent; which one decides on the kind of the transaction."""

    REGISTER = "REGISTER"
    INVITE = "INVITE"
    OPTIONS = "OPTIONS"


class State(StrEnum):
    """States of figures 5 and 6; the first is called Calling for INVITE."""

    TRYING = auto()
    PROCEEDING = auto()
    TERMINATED = auto()


class Input(StrEnum):
    """What can happen to a transaction."""

    TIMER_E = auto()
    TIMER_F = auto()
    PROVISIONAL = auto()
    FINAL = auto()
    TRANSPORT_ERROR = auto()


class Action(StrEnum):
    """What a transition asks for."""

    SEND = auto()
    REPORT = auto()
    """Tell whoever waits how it ended; once in a transaction."""
    NOTHING = auto()


Transitions: TypeAlias = Mapping[tuple[State, Input], tuple[State, Action]]

NON_INVITE: Transitions = {
    (State.TRYING, Input.TIMER_E): (State.TRYING, Action.SEND),
    (State.TRYING, Input.TIMER_F): (State.TERMINATED, Action.REPORT),
    (State.TRYING, Input.PROVISIONAL): (State.PROCEEDING, Action.NOTHING),
    (State.TRYING, Input.FINAL): (State.TERMINATED, Action.REPORT),
    (State.TRYING, Input.TRANSPORT_ERROR): (State.TERMINATED, Action.REPORT),
    (State.PROCEEDING, Input.TIMER_E): (State.PROCEEDING, Action.SEND),
    (State.PROCEEDING, Input.TIMER_F): (State.TERMINATED, Action.REPORT),
    (State.PROCEEDING, Input.PROVISIONAL): (State.PROCEEDING, Action.NOTHING),
    (State.PROCEEDING, Input.FINAL): (State.TERMINATED, Action.REPORT),
    (State.PROCEEDING, Input.TRANSPORT_ERROR): (State.TERMINATED, Action.REPORT),
}
"""The non-INVITE client transaction (section 17.1.2, figure 6)."""


_STOPPED = ((State.PROCEEDING, Input.TIMER_E), (State.PROCEEDING, Input.TIMER_F))
INVITE: Transitions = {key: then for key, then in NON_INVITE.items() if key not in _STOPPED}
"""The INVITE client transaction (section 17.1.1, figure 5). Timer A stands as TIMER_E and Timer B as TIMER_F:
neither does anything once there was a provisional answer."""


class Transaction:
    """One transaction. `ticks` says whether Timer E runs at all: it does not over a reliable transport."""

    __slots__ = ("method", "number", "state", "ticks", "timers", "transitions")

    def __init__(self, timers: Timers, *, ticks: bool, method: Method = Method.REGISTER) -> None:
        self.timers, self.ticks, self.method = timers, ticks, method
        self.transitions = INVITE if method is Method.INVITE else NON_INVITE
        self.state = State.TRYING
        self.number = 0

    @property
    def over(self) -> bool:
        """A final answer, a timeout or an error was reported; nothing more will be."""
        return self.state is State.TERMINATED

    def take(self, happened: Input) -> Action:
        """Take one input. An input that the state does not know, such as a repeated final answer, does
        nothing.
        """
        known = self.transitions.get((self.state, happened))
        if known is None:
            return Action.NOTHING
        self.state, action = known
        if action is Action.SEND:
            self.number += 1
        return action

    def proceeds(self) -> bool:
        """Take a provisional answer. True for the first: it alone sets the clock (recording
        `bh-udp-trying-default`).
        """
        first = self.state is State.TRYING
        self.take(Input.PROVISIONAL)
        return first

    def next_e(self) -> int:
        """Microseconds from the last tick, or from a provisional answer, to the next one.

        While proceeding it is T2 (section 17.1.2.2; recording `trying-silent`). Timer A of an INVITE doubles
        without a limit (section 17.1.1.2; recording `co-cancel-silent2`).
        """
        if self.method is Method.INVITE:
            return self.timers.t1 << self.number
        return self.timers.t2 if self.state is State.PROCEEDING else self.timers.e(self.number)
