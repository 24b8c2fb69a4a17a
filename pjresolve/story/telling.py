"""A round told in entries: an attempt is one, however many datagrams it took, and a challenge belongs to it.

Rules of this file:
- entries stand in the order in which what they tell began;
- what a reader can see for himself (that the next target comes next) is left out.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pjresolve.model import Target
from pjresolve.prediction.prediction import Prediction
from pjresolve.sip.outcome import Ending
from pjresolve.sip.status import is_challenge
from pjresolve.sip.timers import seconds
from pjresolve.story.words import target_words
from pjresolve.trace import (
    AttemptEnded,
    AttemptStarted,
    Cause,
    ConnectionClosed,
    ConnectionFailed,
    ConnectionOpened,
    ConnectionReused,
    ConnectStarted,
    DatagramSent,
    LifeEvent,
    ListKnown,
    RequestHeld,
    RequestSent,
    Responded,
    RoundStarted,
    State,
    StateChanged,
    Step,
    StepTaken,
    TargetSkipped,
    WorldChanged,
)
from pjresolve.words import plural, span

STATE_TONES = {
    State.REGISTERED: "good",
    State.LAPSED: "bad",
    State.REJECTED: "bad",
    State.WAITING: "",
    State.TRYING: "",
}
_TONES = {Ending.REGISTERED: "good", Ending.ANSWERED: ""}
_COUNTER = re.compile(r"retry \d+|round \d+")
SLOW = 0.5
"""Seconds that a resolution takes before it is worth a line."""


class Entry(NamedTuple):
    """One line of the timeline, `t` seconds in. `background`: it is not a step of the round it falls into."""

    t: float | None
    text: str
    tone: str = ""
    background: bool = False


class Told:
    """A round's entries, in the order of what they tell."""

    def __init__(self, number: int, t: float) -> None:
        self.number, self.t = number, t
        self.entries: list[Entry] = []

    @property
    def gist(self) -> tuple[str, ...]:
        """What makes rounds alike: what was said, but for times, counters and the background."""
        return tuple(_COUNTER.sub("", e.text) for e in self.entries if not e.background)


class _Attempt:
    """What has been seen of the attempt under way."""

    def __init__(self, event: AttemptStarted) -> None:
        self.target, self.t = event.target, seconds(event.t)
        self.datagrams, self.failure = 0, ""
        self.connected: bool | None = None
        self.holder: Target | None = None


class Teller:
    """Takes the events of one round and tells them."""

    def __init__(self, prediction: Prediction, told: Told) -> None:
        self.told = told
        self._place = {t: n for n, t in reversed(list(enumerate(prediction.targets, 1)))}
        self._now: _Attempt | None = None
        self._aside: list[Entry] = []
        self._challenged: Entry | None = None
        self._state = ""

    def close(self) -> Told:
        """The round, at its end or at that of the run."""
        if self._now is not None:
            entry = Entry(self._now.t, f"{self._name(self._now.target)}  {self._under_way(self._now)}")
            self._attempt_told(entry, len(self.told.entries))
        return self.told

    def tell(self, event: LifeEvent) -> None:
        """Take one event."""
        if isinstance(event, AttemptStarted):
            self._now = _Attempt(event)
        elif self._now is not None and _seen(self._now, event):
            return
        elif isinstance(event, AttemptEnded):
            self._ended(event)
        else:
            entry = self._plain(event)
            if entry is not None:
                (self.told.entries if self._now is None else self._aside).append(entry)

    # ------------------------------------------------------------ attempts

    def _ended(self, event: AttemptEnded) -> None:
        begin = seconds(event.t - event.lasted)
        text = self._outcome(event, seconds(event.lasted))
        tone = (
            "good"
            if event.outcome == Ending.REGISTERED
            else ""
            if event.outcome == Ending.ANSWERED
            else "warn"
        )
        place, before = len(self.told.entries), self._challenged
        if before is not None and event.credentials:
            place = self.told.entries.index(before)
            self.told.entries.remove(before)
            begin, text = before.t or 0.0, f"{before.text.partition('  ')[2]}, then {text}"
        entry = Entry(begin, f"{self._name(event.target)}  {text}", tone)
        self._challenged = entry if is_challenge(event.status) and not event.credentials else None
        self._attempt_told(entry, place)

    def _attempt_told(self, entry: Entry, place: int) -> None:
        self.told.entries.insert(place, entry)
        self.told.entries += self._aside
        self._now, self._aside = None, []

    def _name(self, target: Target) -> str:
        """The target with its number in the list, without two blanks in a row."""
        number = f"{self._place[target]} " if target in self._place else ""
        return f"{number}{target_words(target)}"

    def _under_way(self, now: _Attempt) -> str:
        if now.holder:
            return f"blocked by the connect to {self._short(now.holder)} when the run ends"
        if now.connected is False:
            return "connecting when the run ends"
        return f"{plural(now.datagrams, 'datagram')} without answer when the run ends"

    def _short(self, target: Target) -> str:
        return str(self._place[target]) if target in self._place else target_words(target)

    def _outcome(self, event: AttemptEnded, lasted: float) -> str:
        now = self._now
        took = f" after {span(lasted)}" if lasted else ""
        if event.outcome == Ending.ANSWERED:
            return f"{event.status}{took}"
        if event.outcome == Ending.BLOCKED:
            holder = self._short(now.holder) if now and now.holder else "another"
            return f"blocked {span(lasted)} by the connect to {holder}"
        if event.outcome == Ending.TIMEOUT and now is not None:
            if now.datagrams:
                return f"no answer to {plural(now.datagrams, 'datagram')} in {span(lasted)}"
            said = "the connect gets no answer" if now.connected is False else "connected, but no answer"
            return f"{said} in {span(lasted)}"
        if event.outcome == Ending.TLS_FAILED and now is not None and now.failure:
            return f"TLS fails: {now.failure}"
        return f"{event.outcome.words}{took}"

    # ------------------------------------------------------------ everything else

    def _plain(self, event: LifeEvent) -> Entry | None:
        """An event that stands for itself."""
        t = seconds(event.t)
        if isinstance(event, RoundStarted):
            expected = event.round == 0 or event.cause is Cause.WAITED
            return Entry(t, f"round {event.round + 1}: {event.why}", "dim", expected)
        if isinstance(event, ListKnown):
            took = t - self.told.t
            if event.targets and took < SLOW:
                return None
            said = f"{plural(len(event.targets), 'target')} found" if event.targets else event.why
            return Entry(t, f"{said}, after {span(took)} of DNS" if took >= SLOW else said)
        if isinstance(event, TargetSkipped):
            return Entry(t, f"{self._name(event.target)}  skipped: {event.why}", "dim")
        if isinstance(event, StateChanged):
            self._state = event.why
            return (
                None
                if event.state is State.TRYING
                else Entry(t, f"{event.state}: {event.why}", STATE_TONES[event.state])
            )
        if isinstance(event, StepTaken):
            return self._step(event, t)
        return _background(event, t)

    def _step(self, event: StepTaken, t: float) -> Entry | None:
        """Steps within a round follow from their outcome, and a change of state has said why it waits."""
        state, self._state = self._state, ""
        if event.wait is None or event.why == state:
            return None
        return Entry(t, event.why, "good" if event.step is Step.REFRESH else "")


def _background(event: LifeEvent, t: float) -> Entry | None:
    """What happens beside the attempts."""
    if isinstance(event, WorldChanged):
        return Entry(t, f"event: {event.host} {event.what}", "warn")
    if isinstance(event, ConnectionFailed):
        return Entry(t, f"the connect to {target_words(event.target)} ends: {event.why}", "dim", True)
    if isinstance(event, ConnectionClosed):
        return Entry(t, f"the connection to {target_words(event.target)} is closed: {event.why}", "warn")
    return None


def _seen(now: _Attempt, event: LifeEvent) -> bool:
    """Take note of an event that is part of the attempt under way."""
    if isinstance(event, DatagramSent):
        now.datagrams += 1
    elif isinstance(event, ConnectStarted):
        now.connected = False
    elif isinstance(event, ConnectionOpened) and event.target == now.target:
        now.connected = True
    elif isinstance(event, ConnectionReused):
        now.connected = event.state == "open"
    elif isinstance(event, ConnectionFailed) and event.target == now.target:
        now.failure = event.why
    elif isinstance(event, RequestHeld):
        now.holder = event.holder
    else:
        return isinstance(event, RequestSent | Responded)
    return True
