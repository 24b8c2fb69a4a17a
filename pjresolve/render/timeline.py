"""A registration's life as text: when, what, towards whom, how it ended, and why the next step.

Rules of this file:
- it reads the log as it is stored: an exact repetition is one line, however often it happens;
- an attempt is one entry, with its retransmissions counted; `explain` shows every event instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from pjresolve.render.terminal import Page, clock, plural, span
from pjresolve.render.words import OUTCOMES, target_words
from pjresolve.simulate.prediction import Prediction
from pjresolve.sip import outcome as out
from pjresolve.sip.timers import seconds
from pjresolve.trace import (
    AttemptEnded,
    AttemptStarted,
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
    StateChanged,
    StepTaken,
    TargetSkipped,
    WorldChanged,
)

MOST_ENTRIES = 120
"""Entries shown without `explain`."""
STATE_TONES = {"registered": "good", "lapsed": "bad", "rejected": "bad", "waiting": "warn", "trying": ""}


class Entry(NamedTuple):
    """One line of the timeline, `t` seconds in."""

    t: float
    text: str
    tone: str = ""


def eventful(prediction: Prediction) -> bool:
    """Whether anything happens but registering at once with the first target."""
    if prediction.scenario.stop == "duration" or prediction.registered is None:
        return prediction.loaded
    tried = {a.target for a in prediction.attempts()}
    return prediction.registered.t >= 1 or len(tried) > 1 or prediction.registered.target != prediction.targets[0]


def put_timeline(page: Page, prediction: Prediction, explain: bool) -> None:
    """The whole life, one entry a line."""
    page.gap()
    page.put("Timeline, in seconds from the first query or packet", "head")
    entries = _explained(prediction) if explain else _told(prediction)
    for number, entry in enumerate(entries):
        if number == MOST_ENTRIES and not explain:
            page.put("… there is more: --explain shows all of it", "dim", indent=2)
            break
        page.put(f"{clock(entry.t):>9}  {entry.text}", entry.tone, hang=11)


def _blocks(prediction: Prediction) -> Iterator[LifeEvent | Entry]:
    """The stored events, with an entry in the place of each repetition."""
    log, done = prediction.log, 0
    later = 0
    for r in log.repeats:
        yield from log.events[done : r.end]
        done = r.end
        last = log.events[r.end - 1].t if r.end else 0
        begin = seconds(log.events[r.start].t)
        rounds = f"{plural(r.rounds, 'round')} from {clock(begin)} s on"
        yield Entry(
            seconds(last), f"… the {rounds} repeat {plural(r.times, 'time')} more, every {span(seconds(r.period))}", "dim"
        )
        later += 1
    yield from log.events[done:]


# ---------------------------------------------------------------- told: one entry an attempt


class _Attempt:
    """What has been seen of the attempt under way."""

    def __init__(self, event: AttemptStarted) -> None:
        self.event, self.datagrams, self.failure = event, 0, ""
        self.connected: bool | None = None
        self.holder = ""
        self.ticked = False


def _told(prediction: Prediction) -> Iterator[Entry]:
    """Attempts, states and events; `why` the next step follows the attempt it belongs to."""
    now: _Attempt | None = None
    ended: Entry | None = None
    for event in _blocks(prediction):
        if isinstance(event, StepTaken) and ended is not None:
            yield ended._replace(text=f"{ended.text}; {event.why}")
            ended = None
            continue
        if ended is not None:
            yield ended
            ended = None
        if isinstance(event, Entry):
            yield event
        elif isinstance(event, AttemptStarted):
            now = _Attempt(event)
        elif now is not None and _seen(now, event):
            continue
        elif isinstance(event, AttemptEnded):
            ended = _attempt_entry(now, event)
            now = None
        else:
            entry = _plain(event)
            if entry is not None:
                yield entry
    if ended is not None:
        yield ended
    if now is not None:
        yield Entry(seconds(now.event.t), f"{target_words(now.event.target)}: {_under_way(now)}, when the run ends")


def _seen(now: _Attempt, event: LifeEvent) -> bool:
    """Take note of an event that is part of the attempt under way."""
    if isinstance(event, DatagramSent):
        now.datagrams += 1
    elif isinstance(event, ConnectStarted):
        now.connected = False
    elif isinstance(event, ConnectionOpened) and event.target == now.event.target:
        now.connected = True
    elif isinstance(event, ConnectionReused):
        now.connected = event.state == "open"
    elif isinstance(event, ConnectionFailed) and event.target == now.event.target:
        now.failure = event.why
    elif isinstance(event, RequestHeld):
        now.holder = target_words(event.holder)
    elif not isinstance(event, RequestSent | Responded):
        return False
    return True


def _under_way(now: _Attempt) -> str:
    if now.holder:
        return f"nothing sent, the message waits for {now.holder}"
    if now.connected is False:
        return "connecting"
    return f"{plural(now.datagrams, 'datagram')} sent" if now.datagrams else "waiting for an answer"


def _attempt_entry(now: _Attempt | None, event: AttemptEnded) -> Entry:
    lasted = seconds(event.lasted)
    tone = "good" if event.outcome == out.REGISTERED else "warn" if event.outcome != out.ANSWERED else ""
    text = _outcome(now, event, lasted)
    return Entry(seconds(event.t) - lasted, f"{target_words(event.target)}: {text}", tone)


def _outcome(now: _Attempt | None, event: AttemptEnded, lasted: float) -> str:
    took = f" after {span(lasted)}" if lasted else ""
    if event.outcome == out.ANSWERED:
        return f"{event.status}{took}"
    if event.outcome == out.BLOCKED:
        holder = now.holder if now else ""
        return f"blocked for {span(lasted)}, nothing sent: the message still waits for {holder}"
    if event.outcome == out.TIMEOUT and now is not None:
        if now.datagrams:
            return f"no answer to {plural(now.datagrams, 'datagram')} in {span(lasted)}"
        said = "the connect gets no answer" if now.connected is False else "connected, but no answer"
        return f"{said}, given up after {span(lasted)}"
    if event.outcome == out.TLS_FAILED and now is not None and now.failure:
        return f"TLS fails: {now.failure}"
    return f"{OUTCOMES.get(event.outcome, event.outcome)}{took}"


def _plain(event: LifeEvent) -> Entry | None:
    """An event that stands for itself."""
    t = seconds(event.t)
    if isinstance(event, RoundStarted):
        return Entry(t, f"round {event.round + 1}: {event.why}", "dim")
    if isinstance(event, ListKnown):
        return Entry(t, f"{plural(len(event.targets), 'target')} known") if t or not event.targets else None
    if isinstance(event, TargetSkipped):
        return Entry(t, f"{target_words(event.target)}: skipped, {event.why}", "dim")
    if isinstance(event, StateChanged):
        return Entry(t, f"{event.state}: {event.why}", STATE_TONES[event.state]) if event.state != "trying" else None
    if isinstance(event, WorldChanged):
        return Entry(t, f"event: {event.host} {event.what}", "warn")
    if isinstance(event, StepTaken):
        return Entry(t, event.why)
    if isinstance(event, ConnectionFailed):
        return Entry(t, f"the connect to {target_words(event.target)} ends: {event.why}", "warn")
    if isinstance(event, ConnectionClosed):
        return Entry(t, f"the connection to {target_words(event.target)} is closed: {event.why}", "warn")
    return None


# ---------------------------------------------------------------- explained: one entry an event

_EXPLAINED: dict[type, Callable[..., str]] = {
    RoundStarted: lambda e: f"round {e.round + 1} starts: {e.why}",
    ListKnown: lambda e: f"{plural(len(e.queries), 'query')} made, {plural(len(e.targets), 'target')} known: {e.why}",
    TargetSkipped: lambda e: f"{target_words(e.target)}: skipped, {e.why}",
    AttemptStarted: lambda e: f"{target_words(e.target)}: attempt{' with credentials' if e.credentials else ''}",
    DatagramSent: lambda e: f"{target_words(e.target)}: datagram {e.number + 1}",
    ConnectStarted: lambda e: f"{target_words(e.target)}: connect",
    ConnectionReused: lambda e: f"{target_words(e.target)}: the {e.state} connection is used",
    ConnectionOpened: lambda e: f"{target_words(e.target)}: connected",
    ConnectionFailed: lambda e: f"{target_words(e.target)}: no connection: {e.why}",
    ConnectionClosed: lambda e: f"{target_words(e.target)}: connection closed: {e.why}",
    RequestSent: lambda e: f"{target_words(e.target)}: request sent",
    RequestHeld: lambda e: f"{target_words(e.target)}: nothing sent, the message waits for {target_words(e.holder)}",
    Responded: lambda e: f"{target_words(e.target)}: answers {e.status}",
    AttemptEnded: lambda e: f"{target_words(e.target)}: ends as {e.outcome} ({e.status}) after {span(seconds(e.lasted))}",
    StepTaken: lambda e: f"next: {e.why}",
    StateChanged: lambda e: f"state {e.state}: {e.why}",
    WorldChanged: lambda e: f"event: {e.host} {e.what}",
}


def _explained(prediction: Prediction) -> Iterator[Entry]:
    for event in _blocks(prediction):
        if isinstance(event, Entry):
            yield event
        else:
            tone = STATE_TONES.get(event.state, "") if isinstance(event, StateChanged) else ""
            yield Entry(seconds(event.t), _EXPLAINED[type(event)](event), tone)
