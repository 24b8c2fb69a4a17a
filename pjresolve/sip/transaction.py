"""The non-INVITE client transaction (RFC 3261 section 17.1.2, figure 6), without IO and without a clock.

Rules of this file:
- transitions are data: TRANSITIONS is the whole machine, and the diagram in the documentation is drawn from
  it;
- an input is given with the time; what to do comes back as actions, timers as absolute times.
"""

from __future__ import annotations

from enum import StrEnum, auto

from pjresolve.sip.timers import Timers


class State(StrEnum):
    """States of figure 6."""

    TRYING = auto()
    PROCEEDING = auto()
    COMPLETED = auto()
    TERMINATED = auto()


class Input(StrEnum):
    """What can happen to a transaction."""

    TIMER_E = auto()
    TIMER_F = auto()
    TIMER_K = auto()
    PROVISIONAL = auto()
    FINAL = auto()
    TRANSPORT_ERROR = auto()


class Action(StrEnum):
    """What a transition asks for."""

    SEND = auto()
    REPORT = auto()
    TIMEOUT = auto()
    ERROR = auto()
    NOTHING = auto()


TRANSITIONS: dict[tuple[State, Input], tuple[State, Action]] = {
    (State.TRYING, Input.TIMER_E): (State.TRYING, Action.SEND),
    (State.TRYING, Input.TIMER_F): (State.TERMINATED, Action.TIMEOUT),
    (State.TRYING, Input.PROVISIONAL): (State.PROCEEDING, Action.NOTHING),
    (State.TRYING, Input.FINAL): (State.COMPLETED, Action.REPORT),
    (State.TRYING, Input.TRANSPORT_ERROR): (State.TERMINATED, Action.ERROR),
    (State.PROCEEDING, Input.TIMER_E): (State.PROCEEDING, Action.SEND),
    (State.PROCEEDING, Input.TIMER_F): (State.TERMINATED, Action.TIMEOUT),
    (State.PROCEEDING, Input.PROVISIONAL): (State.PROCEEDING, Action.NOTHING),
    (State.PROCEEDING, Input.FINAL): (State.COMPLETED, Action.REPORT),
    (State.PROCEEDING, Input.TRANSPORT_ERROR): (State.TERMINATED, Action.ERROR),
    (State.COMPLETED, Input.TIMER_K): (State.TERMINATED, Action.NOTHING),
}


class Transaction:
    """One transaction. `ticks` says whether Timer E runs at all: it does not over a reliable transport."""

    __slots__ = ("number", "state", "ticks", "timers")

    def __init__(self, timers: Timers, *, ticks: bool) -> None:
        self.timers, self.ticks = timers, ticks
        self.state = State.TRYING
        self.number = 0

    @property
    def over(self) -> bool:
        """A final answer, a timeout or an error was reported; nothing more will be."""
        return self.state in (State.COMPLETED, State.TERMINATED)

    def take(self, happened: Input) -> Action:
        """Take one input. An input that the state does not know, such as a repeated final answer, does
        nothing.
        """
        known = TRANSITIONS.get((self.state, happened))
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

        While proceeding it is T2 (section 17.1.2.2; recording `trying-silent`).
        """
        return self.timers.t2 if self.state is State.PROCEEDING else self.timers.e(self.number)
