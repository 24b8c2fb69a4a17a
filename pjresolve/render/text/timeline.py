"""A registration's life as text: when, what, towards whom, how it ended, and why the next step.

Rules of this file:
- it reads the log as it is stored: an exact repetition is one line, however often it happens;
- rounds that go the same way in a row are told once; `explain` shows every event instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from pjresolve.prediction.prediction import Prediction
from pjresolve.render.terminal import Page
from pjresolve.simulation.log import Repeat
from pjresolve.sip.timers import seconds
from pjresolve.story.telling import STATE_TONES, Entry, Teller, Told
from pjresolve.story.words import target_words
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
from pjresolve.words import clock, plural, span

MOST_ENTRIES = 120
"""Entries shown without `explain`."""


def eventful(prediction: Prediction) -> bool:
    """Whether anything happens but registering at once with the first target."""
    if prediction.scenario.stop == "duration" or prediction.registered is None:
        return prediction.loaded
    return prediction.registered.t >= 1 or prediction.registered.target != prediction.targets[0]


def put_timeline(page: Page, prediction: Prediction, explain: bool) -> None:
    """The whole life, one entry a line."""
    page.gap()
    page.put("Timeline, in seconds from the first query or packet", "head")
    entries = _explained(prediction) if explain else folded(_rounds(prediction))
    for number, entry in enumerate(entries):
        if number == MOST_ENTRIES and not explain:
            page.put("… there is more: --explain shows all of it", "dim", indent=2)
            break
        moment = "" if entry.t is None else clock(entry.t)
        page.put(f"{moment:>9}  {entry.text}", entry.tone, hang=13)


def _blocks(prediction: Prediction) -> Iterator[LifeEvent | Repeat]:
    """The stored events, with each repetition in its place."""
    log, done = prediction.log, 0
    for repeat in log.repeats:
        yield from log.events[done : repeat.end]
        yield repeat
        done = repeat.end
    yield from log.events[done:]


# ---------------------------------------------------------------- rounds, and those that go the same way


def _rounds(prediction: Prediction) -> Iterator[Told | Repeat]:
    """The life in rounds, each with its entries."""
    teller: Teller | None = None
    for event in _blocks(prediction):
        if isinstance(event, Repeat):
            if teller is not None:
                yield teller.close()
            teller = None
            yield event
        elif isinstance(event, RoundStarted):
            if teller is not None:
                yield teller.close()
            teller = Teller(prediction, Told(event.round + 1, seconds(event.t)))
            teller.tell(event)
        else:
            teller = teller or Teller(prediction, Told(0, seconds(event.t)))
            teller.tell(event)
    if teller is not None:
        yield teller.close()


def folded(rounds: Iterable[Told | Repeat]) -> Iterator[Entry]:
    """The entries of all rounds; of rounds that go the same way in a row, those of the first."""
    last: Told | None = None
    same, until = 0, 0.0

    def told() -> Iterator[Entry]:
        if same and last is not None:
            which = (
                f"round {last.number + 1}" if same == 1 else f"rounds {last.number + 1}-{last.number + same}"
            )
            yield Entry(
                None, f"… {which} the same way, {'at' if same == 1 else 'the last at'} {clock(until)}", "dim"
            )

    for item in rounds:
        if isinstance(item, Told):
            if last is not None and item.number == last.number + same + 1 and item.gist == last.gist:
                same, until = same + 1, item.t
                continue
        elif last is not None and item.rounds <= same + 1:  # all that repeats went the same way already
            same, until = same + item.rounds * item.times, until + item.times * seconds(item.period)
            continue
        yield from told()
        same = 0
        if isinstance(item, Told):
            yield from item.entries
            last, until = item, item.t
        else:
            yield _repeated(item)
            last = None
    yield from told()


def _repeated(repeat: Repeat) -> Entry:
    rounds, times = plural(repeat.rounds, "round"), plural(repeat.times, "time")
    return Entry(None, f"… the last {rounds} {times} more, every {span(seconds(repeat.period))}", "dim")


# ---------------------------------------------------------------- explained: one entry an event

_EXPLAINED: dict[type, Callable[..., str]] = {
    RoundStarted: lambda e: f"round {e.round + 1} starts: {e.why}",
    ListKnown: lambda e: (
        f"{plural(len(e.queries), 'query')} made, {plural(len(e.targets), 'target')} known: {e.why}"
    ),
    TargetSkipped: lambda e: f"{target_words(e.target)}: skipped, {e.why}",
    AttemptStarted: lambda e: (
        f"{target_words(e.target)}: attempt{' with credentials' if e.credentials else ''}"
    ),
    DatagramSent: lambda e: f"{target_words(e.target)}: datagram {e.number + 1}",
    ConnectStarted: lambda e: f"{target_words(e.target)}: connect",
    ConnectionReused: lambda e: f"{target_words(e.target)}: the {e.state} connection is used",
    ConnectionOpened: lambda e: f"{target_words(e.target)}: connected",
    ConnectionFailed: lambda e: f"{target_words(e.target)}: no connection: {e.why}",
    ConnectionClosed: lambda e: f"{target_words(e.target)}: connection closed: {e.why}",
    RequestSent: lambda e: f"{target_words(e.target)}: request sent",
    RequestHeld: lambda e: (
        f"{target_words(e.target)}: nothing sent, the message waits for {target_words(e.holder)}"
    ),
    Responded: lambda e: f"{target_words(e.target)}: answers {e.status}",
    AttemptEnded: lambda e: (
        f"{target_words(e.target)}: ends as {e.outcome} ({e.status}) after {span(seconds(e.lasted))}"
    ),
    StepTaken: lambda e: f"next: {e.why}",
    StateChanged: lambda e: f"state {e.state}: {e.why}",
    WorldChanged: lambda e: f"event: {e.host} {e.what}",
}


def _explained(prediction: Prediction) -> Iterator[Entry]:
    said = ""
    for event in _blocks(prediction):
        if isinstance(event, Repeat):
            yield _repeated(event)
        elif not (isinstance(event, StepTaken) and event.why == said):
            tone = STATE_TONES.get(event.state, "") if isinstance(event, StateChanged) else ""
            yield Entry(seconds(event.t), _EXPLAINED[type(event)](event), tone)
            said = event.why if isinstance(event, StateChanged) else ""  # the step that follows says it again
