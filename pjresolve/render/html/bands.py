"""The registered and lapsed times of a run as bands over a scale of time, with its attempts and events below.

Rules of this file:
- the scale is true: what takes twice as long is twice as wide, but for what would be too narrow to be seen;
- what is bad lies on top, so that it is seen however short it is; what no pixel parts is one;
- an exact repetition that happens very often is one band that says so, and how much of it was registered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from math import inf

from pjresolve.prediction.prediction import Prediction
from pjresolve.render.label import safe, sans_cut, sans_width
from pjresolve.render.svg import SANS, Svg
from pjresolve.render.tones import css
from pjresolve.simulation.log import Repeat
from pjresolve.sip.outcome import Ending
from pjresolve.sip.timers import seconds
from pjresolve.story.lines import STATE_TONES, Kind, Line, Tone
from pjresolve.story.tell import More, unrolled
from pjresolve.story.words import socket_words
from pjresolve.trace import State
from pjresolve.words import clock, span

WIDTH, LEFT, RIGHT = 960.0, 92.0, 24.0
BAND, TOP = 26.0, 20.0
NARROWEST, NARROWEST_BAD, LAST = 2.0, 3.0, 14.0
"""Pixels of a band at least, of a bad one, and of a state that the run ends with at once."""
MOST_TIMES, SHORTEST = 40, 4.0
"""Times that a repetition is drawn one by one, where one takes so many pixels."""
MOST_LABELS = 16
"""Events with a label at most: of more, there is none."""
READ = (Kind.STATE, Kind.ENDED, Kind.WORLD)
"""The lines that are drawn."""
STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400)


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of time, in seconds, with a state or an attempt; `name` only for a state, `short` where
    there is little room.

    `more` says what it was.
    """

    start: float
    end: float
    name: str
    tone: Tone
    more: str
    short: tuple[str, ...] = ()


@dataclass(slots=True)
class Bands:
    """The states of a run one after the other, its attempts, and what happens to hosts; times in seconds."""

    states: list[Band] = field(default_factory=list)
    attempts: list[Band] = field(default_factory=list)
    events: list[tuple[float, str]] = field(default_factory=list)


class _Reader:
    """Makes bands of lines. Call `take` for each, then `end`."""

    def __init__(self) -> None:
        self.bands = Bands()
        self._since, self._state, self._why = 0.0, State.TRYING, "the first round is under way"
        self._with = ""
        """Where it is registered."""

    def take(self, item: Line | More) -> None:
        """Take a line up, or that a repetition goes on."""
        if isinstance(item, More):
            self._again(item)
        elif item.state is not None:
            self._until(seconds(item.t))
            self._state, self._why = item.state, item.why
            self._with = socket_words(item.target) if item.target else self._with
        elif item.kind is Kind.WORLD:
            self.bands.events.append((seconds(item.t), item.text))
        elif item.attempt is not None:
            attempt = item.attempt
            more = f"{attempt.target}: {attempt.failure or attempt.ending} {attempt.status}"
            start = seconds(item.t - attempt.lasted)
            self.bands.attempts.append(Band(start, seconds(item.t), "", attempt.tone, more))
            if attempt.ending is Ending.REGISTERED:
                self._registered(seconds(item.t), socket_words(attempt.target))

    def end(self, t: float) -> Bands:
        """The run is over."""
        self._until(t)
        if not self.bands.states or self.bands.states[-1].name != self._name():
            self.bands.states.append(self._band(t))
        return self.bands

    def _registered(self, t: float, where: str) -> None:
        """Another server took the refresh: a band of its own."""
        if self._state is State.REGISTERED and self._with and where != self._with:
            self._until(t)
        self._with = where

    def _name(self) -> str:
        return (
            f"registered with {self._with}" if self._state is State.REGISTERED and self._with else self._state
        )

    def _band(self, t: float) -> Band:
        short: tuple[str, ...] = (self._state.value,)
        if self._state is State.REGISTERED:
            short = (self._with, self._with.partition(" ")[0], *short)
        return Band(self._since, t, self._name(), STATE_TONES[self._state], self._why, short)

    def _until(self, t: float) -> None:
        if t > self._since:
            self.bands.states.append(self._band(t))
            self._since = t

    def _again(self, more: More) -> None:
        begun, length = seconds(more.since), seconds(more.times * more.period)
        self._until(begun)
        period = seconds(more.period)
        valid = sum(
            max(0.0, min(band.end, begun) - max(band.start, begun - period))
            for band in self.bands.states
            if band.tone is Tone.GOOD
        )
        share = int(100 * valid / period + 1e-6)
        told = f"the same {more.times:,} more times: registered for {share} % of the time"
        tone = Tone.GOOD if share == 100 else Tone.WARN if share else Tone.QUIET
        name = f"repeats, registered {share} %" if share else "repeats"
        self.bands.states.append(Band(begun, begun + length, name, tone, told, ("repeats",)))
        self._since = begun + length


def bands_of(prediction: Prediction) -> Bands:
    """What is drawn of a run."""
    reader = _Reader()
    pixel = prediction.end / (WIDTH - LEFT - RIGHT)

    def times(repeat: Repeat) -> int:
        return MOST_TIMES if seconds(repeat.period) >= SHORTEST * pixel else 0

    for item in unrolled(prediction.log, READ, times):
        reader.take(item)
    return reader.end(prediction.end)


def bands_svg(prediction: Prediction, *, inline: bool = False) -> str:
    """The bands as a picture; the empty string where no time passes."""
    if not prediction.loaded or prediction.end < 0.001:
        return ""
    found = bands_of(prediction)
    svg = Svg("States over time", _desc(prediction, found), ident="bands")
    scale = (WIDTH - LEFT - RIGHT) / prediction.end
    svg.text(LEFT - 12, TOP + 18, "state", "small quiet", anchor="end")
    for band in sorted(_joined(found.states, 1 / scale), key=lambda band: band.tone is Tone.BAD):
        _draw(svg, band, scale, TOP, BAND)
    y = TOP + BAND
    svg.text(LEFT - 12, y + 20, "attempts", "small quiet", anchor="end")
    svg.add("line", x1=LEFT, y1=y + 15, x2=WIDTH - RIGHT, y2=y + 15, class_="lane")
    for band in sorted(_joined(found.attempts, 1 / scale), key=lambda band: band.tone is Tone.BAD):
        _draw(svg, band, scale, y + 10, 10.0)
    y += 34
    if found.events:
        y = _events(svg, found.events, scale, y)
    _axis(svg, prediction.end, scale, y)
    draw = svg.inline if inline else svg.document
    return draw(WIDTH, y + 34)


def _joined(bands: Iterable[Band], pixel: float) -> list[Band]:
    """The bands, those of one tone that are too narrow to be told apart as one."""
    out: list[Band] = []
    narrow: dict[Tone, int] = {}
    near = NARROWEST * pixel
    for band in bands:
        place = narrow.get(band.tone)
        last = out[place] if place is not None else None
        at_once = band.name and band.start == band.end  # the state that the run ends with
        if at_once or band.end - band.start > 2 * NARROWEST_BAD * pixel:
            out.append(band)
        elif last is None or place is None or band.start - last.end > near:
            narrow[band.tone] = len(out)
            out.append(band)
        else:
            more = f"{last.more.partition(' … ')[0]} … and more"
            out[place] = replace(last, end=max(last.end, band.end), more=more, name=last.name and band.name)
    return out


def _events(svg: Svg, events: list[tuple[float, str]], scale: float, y: float) -> float:
    """What changes in the world, each at its time; returns where the picture goes on."""
    svg.text(LEFT - 12, y + 12, "events", "small quiet", anchor="end")
    free = [LEFT] * 4 if len(events) <= MOST_LABELS else []
    lowest = -1
    for t, text in _near(events, NARROWEST / scale):
        x = LEFT + t * scale
        shown = sans_cut(safe(text.removeprefix("event: "), 80), SANS, 260.0)
        width = sans_width(shown, SANS)
        left = min(x - 6, WIDTH - width)
        row = next((n for n, end in enumerate(free) if end <= left), None)
        with svg.group(title=f"{clock(t)} s: {safe(text, 160)}"):
            svg.add("line", x1=x, y1=TOP - 4, x2=x, y2=y + 4, class_="wire accent")
            svg.add("circle", cx=x, cy=y + 8, r=4.0, class_="tip accent")
            if row is not None:
                svg.text(left + 2, y + 27 + 16 * row, shown, "small")
                free[row] = left + width + 14
                lowest = max(lowest, row)
    return y + 38 + 16 * lowest


def _near(events: list[tuple[float, str]], near: float) -> Iterator[tuple[float, str]]:
    """The events, those less than `near` seconds after another as one with it."""
    first, count = (0.0, ""), 0
    for t, text in [*events, (inf, "")]:
        if count and t - first[0] < near:
            count += 1
            continue
        if count:
            yield first[0], first[1] + (f", and {count - 1:,} more" if count > 1 else "")
        first, count = (t, text), 1


def _draw(svg: Svg, band: Band, scale: float, y: float, height: float) -> None:
    x = LEFT + band.start * scale
    least = NARROWEST_BAD if band.tone is Tone.BAD else NARROWEST
    if band.name and band.start == band.end:
        least = LAST
    width = max(least, (band.end - band.start) * scale)
    more = f"{clock(band.start)} s to {clock(band.end)} s: {band.name} {safe(band.more, 120)}"
    # the frame of a box would be all that is seen of a narrow one
    framed = band.name and width > 2 * NARROWEST_BAD
    plain = band.name and band.tone is not Tone.BAD
    kind = css("box" if framed else "fill" if plain else "band", band.tone)
    with svg.group(title=" ".join(more.split())):
        svg.add("rect", x=x, y=y, width=width, height=height, class_=kind)
        shown = next((n for n in (band.name, *band.short) if n and sans_width(n, SANS) + 8 < width), "")
        if shown:
            svg.text(x + width / 2, y + 18, shown, css("small", band.tone), anchor="middle")


def _axis(svg: Svg, end: float, scale: float, y: float) -> None:
    svg.add("line", x1=LEFT, y1=y, x2=WIDTH - RIGHT, y2=y, class_="lane")
    step = next((s for s in STEPS if end / s <= 9), None) or STEPS[-1] * (1 + int(end / STEPS[-1] / 9))
    if end < 2:
        step = 0  # nothing but both ends
    ticks = [0.0, *([n * step for n in range(1, int(end / step) + 1)] if step else []), end]
    last = -1e9
    for t in (0.0, end, *(t for t in ticks[1:-1] if t < end)):
        x = LEFT + t * scale
        text = span(t)
        width = sans_width(text, SANS)
        left = x - width / 2
        if t == end:
            left = WIDTH - RIGHT - width
            goal = left
        elif t and (left < last + 6 or left + width > goal - 6):
            continue
        svg.add("line", x1=x, y1=y, x2=x, y2=y + 5, class_="lane")
        svg.text(left, y + 20, text, "small quiet")
        if t != end:
            last = left + width


def _desc(prediction: Prediction, found: Bands) -> str:
    told = [f"{clock(b.start)} s to {clock(b.end)} s {b.name}" for b in found.states]
    told += [f"{clock(t)} s {text}" for t, text in found.events]
    shown = "; ".join(safe(text, 160) for text in told[:24])
    more = "; and more" if len(told) > 24 else ""
    return f"{shown}{more}. Without a valid registration: {span(prediction.unregistered)}."
