"""A run told in rounds: an attempt is one entry, however many datagrams it took, its challenge included.

Rules of this file:
- entries stand in the order in which what they tell began;
- what a reader can see for himself (that the next target comes next) is left out;
- rounds are compared by what happened in them, never by the words for it.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pjresolve.model import Target
from pjresolve.prediction.happened import Lived
from pjresolve.simulation.log import Repeat
from pjresolve.sip.outcome import Ending
from pjresolve.sip.timers import seconds
from pjresolve.story.lines import Attempt, Kind, Line, Tone
from pjresolve.story.tell import told
from pjresolve.story.words import target_words
from pjresolve.trace import Cause, State, Step
from pjresolve.words import clock, plural, span

SLOW = 500_000
"""Microseconds that a resolution takes before it is worth an entry."""
COLOURED = (State.REGISTERED, State.LAPSED, State.REJECTED)
"""States that an entry's tone tells; that it waits can be seen from what follows."""


@dataclass(slots=True)
class Round:
    """The lines of a round, from its first query to the next round's. Times in microseconds.

    `number` counts from 0, and is -1 for what happens outside any round. `known` is when its list was known,
    `ended` when its last attempt was over, -1 where that never came. `attempts` holds skipped targets too, as
    UNSUITABLE; one that answers a challenge stands for the attempt before it. `after` says what follows the
    round, `over` whether that is known.
    """

    number: int
    t: int
    why: str = ""
    lines: list[Line] = field(default_factory=list)
    known: int = -1
    ended: int = -1
    attempts: list[Attempt] = field(default_factory=list)
    after: str = ""
    over: bool = False
    rejected: bool = False

    def add(self, line: Line) -> None:
        """Take a line up, in the order of the story."""
        self.lines.append(line)
        if line.kind is Kind.LIST:
            self.known = line.t
        elif line.kind is Kind.SKIPPED and line.target is not None:
            ending = Ending.UNSUITABLE
            self.attempts.append(
                Attempt(line.target, line.t, failure=line.why, ending=ending, status=ending.counts_as)
            )
        elif line.kind is Kind.ENDED and line.attempt is not None:
            self.ended = line.t
            if line.attempt.challenge is not None:
                del self.attempts[-1:]
            self.attempts.append(line.attempt)
        elif line.step is not None:
            self.after, self.over = line.why, line.step.waits or line.step is Step.DNS_TOO_LATE
        elif line.state is State.REJECTED:
            self.after, self.ended, self.over, self.rejected = line.why, line.t, True, True


def rounds(lived: Lived) -> Iterator[Round | Repeat]:
    """The run in rounds, with each repetition in its place."""
    now: Round | None = None
    for item in told(lived):
        if isinstance(item, Line) and item.kind is not Kind.ROUND:
            now = now or Round(-1, item.t)
            now.add(item)
            continue
        if now is not None:
            yield now
        now = None
        if isinstance(item, Repeat):
            yield item
        else:
            now = Round(item.round, item.t, item.why)
            now.add(item)
    if now is not None:
        yield now


# ---------------------------------------------------------------- entries


class Entry(NamedTuple):
    """A line of the timeline, at `t` µs. `facts` are what makes it the same as another.

    `background`: it is no step of the round that it falls into.
    """

    t: int | None
    text: str
    tone: Tone = Tone.PLAIN
    facts: Hashable = None
    background: bool = False


def places(lived: Lived) -> dict[Target, int]:
    """The number of each target in the first list, from 1."""
    return {target: number for number, target in reversed(list(enumerate(lived.targets, 1)))}


def entries(round_: Round, place: Mapping[Target, int]) -> list[Entry]:
    """A round's entries, in the order of what they tell. `place` numbers the targets."""
    out: list[Entry] = []
    beside: list[Entry] = []
    now: Attempt | None = None
    challenged = -1
    for line in round_.lines:
        if line.kind is Kind.ATTEMPT:
            now = line.attempt
        elif line.kind is Kind.ENDED and line.attempt is not None:
            now = line.attempt
            entry = _attempt_entry(now, place)
            if now.challenge is not None and challenged >= 0:
                out[challenged] = entry
            else:
                challenged = len(out)
                out.append(entry)
            out, beside, now = out + beside, [], None
        elif line.attempt is None:
            entry_ = _entry(line, place)
            if entry_ is not None:
                (out if now is None else beside).append(entry_)
    if now is not None:
        text = f"{_numbered(now.target, place)}  {_under_way(now, place)}"
        out.append(Entry(now.t, text, facts=(now.target, "under way")))
    return out + beside


def _numbered(target: Target, place: Mapping[Target, int]) -> str:
    """The target with its number in the list, without two blanks in a row."""
    return f"{place[target]} {target_words(target)}" if target in place else target_words(target)


def _named(target: Target, place: Mapping[Target, int]) -> str:
    return str(place[target]) if target in place else target_words(target)


# ---------------------------------------------------------------- attempts


def _attempt_entry(attempt: Attempt, place: Mapping[Target, int]) -> Entry:
    first = attempt.challenge
    text, facts = ending_words(attempt, place)
    if first is not None:
        before, said = ending_words(first, place)
        text, facts = f"{before}, then {text}", (said, facts)
    # a failed attempt is not yet a failed round, nor is an answer
    tone = {Tone.BAD: Tone.WARN, Tone.WARN: Tone.PLAIN}.get(attempt.tone, attempt.tone)
    begun = first.t if first else attempt.t
    return Entry(begun, f"{_numbered(attempt.target, place)}  {text}", tone, (attempt.target, facts))


def ending_words(attempt: Attempt, place: Mapping[Target, int]) -> tuple[str, Hashable]:
    """How an attempt ended, in words, and what makes that the same as another's."""
    ending, lasted = attempt.ending, span(seconds(attempt.lasted))
    assert ending is not None
    took = f" after {lasted}" if attempt.lasted else ""
    said: Hashable = None
    if ending is Ending.ANSWERED:
        text, said = f"{attempt.status}{took}", attempt.status
    elif ending is Ending.BLOCKED:
        holder = _named(attempt.holder, place) if attempt.holder else "another"
        text, said = f"blocked {lasted} by the connect to {holder}", attempt.holder
    elif ending is Ending.TIMEOUT and attempt.datagrams:
        text, said = f"no answer to {plural(attempt.datagrams, 'datagram')} in {lasted}", attempt.datagrams
    elif ending is Ending.TIMEOUT:
        silent = "the connect gets no answer" if attempt.connected is False else "connected, but no answer"
        text, said = f"{silent} in {lasted}", attempt.connected
    elif ending is Ending.TLS_FAILED and attempt.failure:
        text, said = f"TLS fails: {attempt.failure}", attempt.failure
    else:
        text = f"{ending.words}{took}"
    return text, (ending, attempt.lasted, said)


def _under_way(attempt: Attempt, place: Mapping[Target, int]) -> str:
    if attempt.holder:
        return f"blocked by the connect to {_named(attempt.holder, place)} when the run ends"
    if attempt.connected is False:
        return "connecting when the run ends"
    return f"{plural(attempt.datagrams, 'datagram')} without answer when the run ends"


# ---------------------------------------------------------------- everything else


def _entry(line: Line, place: Mapping[Target, int]) -> Entry | None:
    """The entry of a line that stands for itself; None where others tell it already."""
    facts: Hashable = (line.kind, line.target, line.why)
    match line.kind:
        case Kind.ROUND:
            expected = line.round == 0 or line.cause is Cause.WAITED
            return Entry(line.t, f"{line.short}: {line.why}", Tone.QUIET, facts, expected)
        case Kind.LIST:
            return _list_entry(line)
        case Kind.SKIPPED if line.target is not None:
            return Entry(line.t, f"{_numbered(line.target, place)}  skipped: {line.why}", Tone.QUIET, facts)
        case Kind.STATE | Kind.STEP:
            return _consequence(line)
        case Kind.WORLD:
            return Entry(line.t, line.text, Tone.WARN, (line.kind, line.text))
        case Kind.FAILED if line.target is not None:
            text = f"the connect to {target_words(line.target)} ends: {line.why}"
            return Entry(line.t, text, Tone.QUIET, facts, background=True)
        case Kind.CLOSED if line.target is not None:
            text = f"the connection to {target_words(line.target)} is closed: {line.why}"
            return Entry(line.t, text, Tone.WARN, facts)
        case _:
            return None


def _consequence(line: Line) -> Entry | None:
    """What follows; the first round goes without saying, and so does what a change of state has said."""
    if line.kind is Kind.STATE:
        tone = line.tone if line.state in COLOURED else Tone.PLAIN
        text, facts = f"{line.state}: {line.why}", (line.kind, line.state, line.rule, line.limit)
        return None if line.state is State.TRYING else Entry(line.t, text, tone, facts)
    tone = Tone.GOOD if line.step is Step.REFRESH else Tone.PLAIN
    within = line.wait is None or line.repeats
    return None if within else Entry(line.t, line.why, tone, (line.kind, line.step, line.rule, line.limit))


def _list_entry(line: Line) -> Entry | None:
    slow = line.took >= SLOW
    if line.targets and not slow:
        return None
    text = f"{plural(line.targets, 'target')} found" if line.targets else line.why
    took = f", after {span(seconds(line.took))} of DNS" if slow else ""
    facts = (line.kind, line.targets, "" if line.targets else line.why, line.took if slow else 0)
    return Entry(line.t, text + took, facts=facts)


# ---------------------------------------------------------------- rounds that go the same way


def timeline(lived: Lived) -> Iterator[Entry]:
    """The entries of all rounds; of rounds that go the same way in a row, those of the first."""
    return _folded(rounds(lived), places(lived))


def _folded(story: Iterable[Round | Repeat], place: Mapping[Target, int]) -> Iterator[Entry]:
    last: Round | None = None
    course: list[Hashable] = []
    same, until = 0, 0
    for item in story:
        if isinstance(item, Round):
            now = entries(item, place)
            steps = [entry.facts for entry in now if not entry.background]
            if last is not None and item.number == last.number + same + 1 and steps == course:
                same, until = same + 1, item.t
                continue
        elif last is not None and item.rounds <= same + 1:  # all that repeats went the same way already
            same, until = same + item.rounds * item.times, until + item.times * item.period
            continue
        yield from _same_way(last, same, until)
        same = 0
        if isinstance(item, Round):
            yield from now
            last, course, until = item, steps, item.t
        else:
            yield again(item)
            last = None
    yield from _same_way(last, same, until)


def _same_way(round_: Round | None, same: int, until: int) -> Iterator[Entry]:
    """That `same` rounds after `round_` went the same way, the last of them at `until` µs."""
    if not same or round_ is None:
        return
    first, at = round_.number + 2, clock(seconds(until))
    which = f"round {first} the same way, at" if same == 1 else None
    more = which or f"rounds {first}-{first + same - 1} the same way, the last at"
    yield Entry(None, f"… {more} {at}", Tone.QUIET)


def again(repeat: Repeat) -> Entry:
    """That the last rounds repeat exactly."""
    count = "round" if repeat.rounds == 1 else plural(repeat.rounds, "round")
    text = f"… the last {count} {plural(repeat.times, 'time')} more, every {span(seconds(repeat.period))}"
    return Entry(None, text, Tone.QUIET)


def explained(lived: Lived) -> Iterator[Entry]:
    """Every line with its reason, but for those that say what the one before says."""
    for item in told(lived):
        if isinstance(item, Repeat):
            yield again(item)
        elif not item.repeats:
            yield Entry(item.t, item.text, item.tone if item.state in COLOURED else Tone.PLAIN)
