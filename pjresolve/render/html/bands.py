"""The registered and lapsed times of a run as bands over a scale of time, with its attempts below.

Rules of this file:
- the scale is true: what takes twice as long is twice as wide, but for what would be too narrow to be seen;
- an exact repetition that happens very often is one band that says so.
"""

from __future__ import annotations

from dataclasses import dataclass

from pjresolve.prediction.prediction import Prediction
from pjresolve.render.label import safe, sans_width
from pjresolve.render.svg import SANS, Svg
from pjresolve.render.tones import css
from pjresolve.sip.timers import seconds
from pjresolve.story.lines import STATE_TONES, Kind, Tone
from pjresolve.story.tell import More, unrolled
from pjresolve.trace import State
from pjresolve.words import clock, span

WIDTH, LEFT, RIGHT = 960.0, 92.0, 24.0
BAND, TOP = 26.0, 20.0
NARROWEST = 2.0
MOST_TIMES = 40
"""Times that a repetition is drawn one by one."""
READ = (Kind.STATE, Kind.ENDED)
"""The lines that are drawn."""
STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400)


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of time, in seconds, with a state or an attempt; `name` only for a state.

    `more` says what it was.
    """

    start: float
    end: float
    name: str
    tone: Tone
    more: str


def bands_of(prediction: Prediction) -> tuple[list[Band], list[Band]]:
    """The states of a run one after the other, and its attempts."""
    states: list[Band] = []
    attempts: list[Band] = []
    since, state, why = 0.0, State.TRYING, "the first round is under way"
    for item in unrolled(prediction.log, READ, MOST_TIMES):
        if isinstance(item, More):
            end = since + seconds(item.times * item.period)
            states.append(Band(since, end, "repeats", Tone.QUIET, f"the same {item.times:,} more times"))
            since = end
        elif item.state is not None:
            t = seconds(item.t)
            if t > since:
                states.append(Band(since, t, state, STATE_TONES[state], why))
            since, state, why = t, item.state, item.why
        elif item.attempt is not None:
            attempt = item.attempt
            more = f"{attempt.target}: {attempt.ending} {attempt.status}"
            attempts.append(Band(seconds(item.t - attempt.lasted), seconds(item.t), "", attempt.tone, more))
    if prediction.end > since:
        states.append(Band(since, prediction.end, state, STATE_TONES[state], why))
    return states, attempts


def bands_svg(prediction: Prediction, *, inline: bool = False) -> str:
    """The bands as a picture; the empty string where no time passes."""
    if not prediction.loaded or prediction.end < 0.001:
        return ""
    states, attempts = bands_of(prediction)
    svg = Svg("States over time", _desc(prediction, states), ident="bands")
    scale = (WIDTH - LEFT - RIGHT) / prediction.end
    svg.text(LEFT - 12, TOP + 18, "state", "small quiet", anchor="end")
    for band in states:
        _draw(svg, band, scale, TOP, BAND)
    svg.text(LEFT - 12, TOP + BAND + 20, "attempts", "small quiet", anchor="end")
    svg.add("line", x1=LEFT, y1=TOP + BAND + 15, x2=WIDTH - RIGHT, y2=TOP + BAND + 15, class_="lane")
    for band in attempts[:600]:
        _draw(svg, band, scale, TOP + BAND + 10, 10.0)
    bottom = TOP + BAND + 34
    _axis(svg, prediction.end, scale, bottom)
    draw = svg.inline if inline else svg.document
    return draw(WIDTH, bottom + 34)


def _draw(svg: Svg, band: Band, scale: float, y: float, height: float) -> None:
    x = LEFT + band.start * scale
    width = max(NARROWEST, (band.end - band.start) * scale)
    more = f"{clock(band.start)} s to {clock(band.end)} s: {band.name} {safe(band.more, 120)}"
    kind = css("box" if band.name else "band", band.tone)
    with svg.group(title=" ".join(more.split())):
        svg.add("rect", x=x, y=y, width=width, height=height, class_=kind)
        if band.name and sans_width(band.name, SANS) + 8 < width:
            svg.text(x + width / 2, y + 18, band.name, css("small", band.tone), anchor="middle")


def _axis(svg: Svg, end: float, scale: float, y: float) -> None:
    svg.add("line", x1=LEFT, y1=y, x2=WIDTH - RIGHT, y2=y, class_="lane")
    step = next((s for s in STEPS if end / s <= 9), None) or STEPS[-1] * (1 + int(end / STEPS[-1] / 9))
    if end < 2:
        step = 0  # nothing but both ends
    ticks = [0.0, *([n * step for n in range(1, int(end / step) + 1)] if step else []), end]
    last = -1e9
    for t in (0.0, end, *ticks[1:-1]):
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


def _desc(prediction: Prediction, states: list[Band]) -> str:
    told = "; ".join(f"{clock(b.start)} s to {clock(b.end)} s {b.name}" for b in states[:20])
    more = "; and more" if len(states) > 20 else ""
    return f"{told}{more}. Without a valid registration: {span(prediction.unregistered)}."
