"""The log told once: each event becomes a line, and no other module tells of the events of a run.

Rules of this file:
- the `match` over the events is complete, so that a new event is a type error here;
- a line says what happened and why; what is left out, joined or drawn is decided by who reads the lines;
- repetitions stay as they are stored: telling a year of refreshes takes no longer than telling one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import NamedTuple, assert_never

from pjresolve.model import Target
from pjresolve.prediction.happened import Lived
from pjresolve.simulation.log import Log, Repeat
from pjresolve.sip.outcome import Ending
from pjresolve.sip.status import is_challenge
from pjresolve.sip.timers import seconds
from pjresolve.sip.transaction import Method
from pjresolve.story.lines import STATE_TONES, Attempt, Kind, Line, Tone
from pjresolve.story.words import response_words, socket_words, target_words
from pjresolve.trace import (
    AttemptEnded,
    AttemptStarted,
    ConnectionClosed,
    ConnectionFailed,
    ConnectionOpened,
    ConnectionReused,
    ConnectStarted,
    ContactChanged,
    DatagramSent,
    LifeEvent,
    ListKnown,
    RequestHeld,
    RequestSent,
    Responded,
    RoundStarted,
    State,
    StateChanged,
    StepTaken,
    TargetSkipped,
    WorldChanged,
)
from pjresolve.words import plural, span


class Timeout(NamedTuple):
    """Which timer ends an attempt without an answer, in words, and after how many microseconds.

    `method` is that of the requests which wait for it.
    """

    words: str = ""
    length: int = 0
    method: Method = Method.REGISTER


class More(NamedTuple):
    """The lines of a repetition come `times` more times, every `period` µs, after `since` (µs)."""

    times: int
    period: int
    since: int


def told(lived: Lived) -> Iterator[Line | Repeat]:
    """The lines of a run, one for each stored event, with each repetition in its place."""
    sender, timeout = lived.sender, Timeout()
    if sender is not None:
        timeout = Timeout(sender.timeout, sender.timers.f, sender.method)
    return tell(lived.log, timeout)


NO_TIMEOUT = Timeout()


def tell(log: Log, timeout: Timeout = NO_TIMEOUT) -> Iterator[Line | Repeat]:
    """The lines of a log, with each repetition in its place."""
    teller, done = Teller(timeout), 0
    for repeat in log.repeats:
        yield from map(teller.tell, log.events[done : repeat.end])
        yield repeat
        done = repeat.end
    yield from map(teller.tell, log.events[done:])


def unrolled(
    log: Log, kinds: Collection[Kind] = frozenset(Kind), most: int | Callable[[Repeat], int] | None = None
) -> Iterator[Line | More]:
    """The lines of these kinds, with repetitions as often as they happen, each line at its time.

    Of a repetition `most` are unrolled at most, or as many as it says of one; a More tells of the others.
    Numbers of retries stay those of the first time.
    """
    lines: list[Line] = []
    for item in tell(log):
        if isinstance(item, Line):
            lines.append(item)
            if item.kind in kinds:
                yield item
            continue
        block = [line for line in lines[item.start : item.end] if line.kind in kinds]
        limit = most(item) if callable(most) else most
        times = item.times if limit is None else min(item.times, limit)
        for number in range(1, times + 1):
            for line in block:
                yield replace(line, t=line.t + number * item.period)
        if times < item.times:
            done = max((line.t for line in lines[item.start : item.end]), default=0) + times * item.period
            yield More(item.times - times, item.period, done)


class Teller:
    """Turns the events of one run into lines, one after the other."""

    def __init__(self, timeout: Timeout = NO_TIMEOUT) -> None:
        self._timeout = timeout
        self._begun = 0
        self._now: Attempt | None = None
        """The attempt under way."""
        self._last: Attempt | None = None
        """That or the one before."""
        self._challenged: Attempt | None = None
        """The one that ended last in this round, where its challenge can still be answered."""
        self._reuses = False
        """Whether the next request goes over a connection that was open already."""
        self._before: Line | None = None

    def tell(self, event: LifeEvent) -> Line:
        """The line of an event; the events come in the order of the log."""
        match event:
            case RoundStarted() | ListKnown():
                line = self._resolution(event)
            case TargetSkipped() | AttemptStarted() | AttemptEnded():
                line = self._attempt(event)
            case DatagramSent() | RequestSent() | RequestHeld() | Responded():
                line = self._message(event)
            case ConnectStarted() | ConnectionReused() | ConnectionOpened() | ConnectionFailed():
                line = self._connection(event)
            case ConnectionClosed(t, users, target, why):
                text = f"{target_words(target)}: connection closed: {why}"
                line = Line(t, _who(users), Kind.CLOSED, text, "closed", Tone.WARN, target, why)
            case StepTaken() | StateChanged():
                line = self._consequence(event)
            case ContactChanged(t, who, reachable, why):
                state = "reachable" if reachable else "unreachable"
                tone = Tone.GOOD if reachable else Tone.BAD
                line = Line(t, who, Kind.STATE, f"the contact is {state}: {why}", state, tone, why=why)
            case WorldChanged(t, host, what):
                text = f"event: {host} {what}"
                line = Line(t, "", Kind.WORLD, text, f"event: {host} is set {what}", Tone.ACCENT)
            case _:
                assert_never(event)
        self._before = line
        return line

    # ------------------------------------------------------------ rounds and attempts

    def _resolution(self, event: RoundStarted | ListKnown) -> Line:
        match event:
            case RoundStarted(t, who, number, cause, why):
                self._begun, self._now, self._challenged = t, None, None
                text, short = f"round {number + 1} starts: {why}", f"round {number + 1}"
                return Line(t, who, Kind.ROUND, text, short, Tone.ACCENT, why=why, round=number, cause=cause)
            case ListKnown(t, who, number, queries, targets, why):
                asked, found = plural(len(queries), "query"), plural(len(targets), "target")
                tone = Tone.PLAIN if targets else Tone.BAD
                text = f"{asked} made, {found} known: {why}"
                short = f"{asked if queries else 'no query is sent'}, {found}"
                line = Line(t, who, Kind.LIST, text, short, tone, why=why, round=number, took=t - self._begun)
                return replace(line, queries=len(queries), targets=len(targets))
            case _:
                assert_never(event)

    def _attempt(self, event: TargetSkipped | AttemptStarted | AttemptEnded) -> Line:
        name = target_words(event.target)
        match event:
            case TargetSkipped(t, who, number, target, why):
                short = f"skipped {socket_words(target)}"
                text = f"{name}: skipped, {why}"
                return Line(t, who, Kind.SKIPPED, text, short, Tone.QUIET, target, why, round=number)
            case AttemptStarted(t, who, number, target, credentials):
                self._now = self._last = Attempt(target, t, credentials)
                self._reuses = False
                self._now.challenge = self._challenged if credentials else None
                text = f"{name}: attempt{' with credentials' if credentials else ''}"
                return Line(t, who, Kind.ATTEMPT, text, target=target, attempt=self._now, round=number)
            case AttemptEnded():
                return self._ended(event, name)
            case _:
                assert_never(event)

    def _ended(self, event: AttemptEnded, name: str) -> Line:
        ended = self._now or Attempt(event.target, event.t - event.lasted, event.credentials)
        ended.ending, ended.status, ended.lasted = event.outcome, event.status, event.lasted
        self._now, self._last = None, ended
        self._challenged = ended if ended.challenged else None
        length = span(seconds(event.lasted))
        text = f"{name}: ends as {event.outcome} ({event.status}) after {length}"
        if event.outcome in (Ending.TIMEOUT, Ending.BLOCKED) and self._timeout.words:
            early = event.lasted < self._timeout.length
            text += f": {self._timeout.words}" + (", counted from the start of the round" if early else "")
        after = f" after {length}" if event.lasted else ""
        short = f"{socket_words(event.target)}: {event.outcome.words}{after}"
        return Line(
            event.t,
            event.who,
            Kind.ENDED,
            text,
            short,
            ended.tone,
            event.target,
            attempt=ended,
            round=event.round,
        )

    # ------------------------------------------------------------ messages and connections

    def _message(self, event: DatagramSent | RequestSent | RequestHeld | Responded) -> Line:
        now, name = self._now, target_words(event.target)
        match event:
            case DatagramSent(t, who, _, target, number):
                if now is not None:
                    now.datagrams += 1
                short = (
                    self._request(target) if not number else f"{self._timeout.method} {_over(target)} again"
                )
                text = f"{name}: datagram {number + 1}"
                return Line(t, who, Kind.DATAGRAM, text, short, target=target, attempt=now, number=number)
            case RequestSent(t, who, _, target):
                text, short = f"{name}: request sent", self._request(target)
                return Line(t, who, Kind.REQUEST, text, short, target=target, attempt=now)
            case RequestHeld(t, who, _, target, holder):
                if now is not None:
                    now.holder = holder
                waits = f"its message still waits on {socket_words(holder)}"
                short = f"{self._timeout.method} to {socket_words(target)} is not sent: {waits}"
                text = f"{name}: nothing sent, the message waits for {target_words(holder)}"
                return Line(t, who, Kind.HELD, text, short, Tone.WARN, target, attempt=now)
            case Responded(t, who, _, target, status, unread):
                dropped = f", dropped: its {unread} cannot be read" if unread else ""
                text = f"{name}: answers {status}{dropped}"
                return Line(
                    t,
                    who,
                    Kind.RESPONSE,
                    text,
                    f"{response_words(status)}{dropped}",
                    Tone.WARN if unread else _status_tone(status),
                    target,
                    attempt=now,
                )
            case _:
                assert_never(event)

    def _request(self, target: Target) -> str:
        now = self._now
        credentials = " with credentials" if now is not None and now.credentials else ""
        same = ", same connection" if self._reuses else ""
        return f"{self._timeout.method} {_over(target)}{credentials}{same}"

    def _connection(
        self, event: ConnectStarted | ConnectionReused | ConnectionOpened | ConnectionFailed
    ) -> Line:
        name = target_words(event.target)
        now = self._now
        own = now if now is not None and now.target == event.target else None
        match event:
            case ConnectStarted(t, who, _, target):
                if now is not None:
                    now.connected = False
                text, short = f"{name}: connect", f"connect {_over(target)} to port {target.port}"
                return Line(t, who, Kind.CONNECT, text, short, target=target, attempt=now)
            case ConnectionReused(t, who, _, target, state):
                is_open = state == "open"
                if now is not None:
                    now.connected = is_open
                self._reuses = is_open
                text = f"{name}: the {state} connection is used"
                waits = f"waits on the connection to {socket_words(target)}, still connecting"
                short, tone = ("", Tone.PLAIN) if is_open else (waits, Tone.WARN)
                return Line(t, who, Kind.REUSED, text, short, tone, target, attempt=now)
            case ConnectionOpened(t, users, target):
                if own is not None:
                    own.connected = True
                text, short = f"{name}: connected", f"{_over(target)} connection open"
                return Line(t, _who(users), Kind.OPENED, text, short, target=target, attempt=own)
            case ConnectionFailed(t, users, target, why):
                if own is not None:
                    own.failure = why
                text, short = f"{name}: no connection: {why}", f"connect to {socket_words(target)}"
                return Line(t, _who(users), Kind.FAILED, text, short, Tone.BAD, target, why, own)
            case _:
                assert_never(event)

    # ------------------------------------------------------------ what follows

    def _consequence(self, event: StepTaken | StateChanged) -> Line:
        match event:
            case StepTaken(t, who, number, step, rule, wait, _, limit):
                before = self._before
                return Line(
                    t,
                    who,
                    Kind.STEP,
                    f"next: {event.why}",
                    why=event.why,
                    round=number,
                    step=step,
                    rule=rule,
                    limit=limit,
                    wait=wait,
                    repeats=before is not None and before.kind is Kind.STATE and before.step is step,
                )
            case StateChanged(t, who, state, rule, _, limit, step):
                target = self._last.target if self._last else None
                with_ = f"registered with {socket_words(target)}" if target else state.value
                return Line(
                    t,
                    who,
                    Kind.STATE,
                    f"state {state}: {event.why}",
                    with_ if state is State.REGISTERED else state.value,
                    STATE_TONES[state],
                    target if state is State.REGISTERED else None,
                    event.why,
                    state=state,
                    step=step,
                    rule=rule,
                    limit=limit,
                )
            case _:
                assert_never(event)


def _who(users: tuple[str, ...]) -> str:
    return ", ".join(users)


def _over(target: Target) -> str:
    return target.transport.protocol.value


def _status_tone(status: int) -> Tone:
    if status == 200:
        return Tone.GOOD
    return Tone.BAD if status >= 300 and not is_challenge(status) else Tone.PLAIN
