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
from pjresolve.simulation.log import moved
from pjresolve.sip.outcome import Ending
from pjresolve.sip.timers import seconds
from pjresolve.trace import AttemptEnded, LifeEvent, StateChanged
from pjresolve.words import clock, span

WIDTH, LEFT, RIGHT = 960.0, 92.0, 24.0
BAND, TOP = 26.0, 20.0
NARROWEST = 2.0
MOST_TIMES = 40
"""Times that a repetition is drawn one by one."""
TONES = {
    "registered": "ok",
    "lapsed": "bad",
    "rejected": "bad",
    "waiting": "warn",
    "trying": "quiet",
    "repeats": "quiet",
}
STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400)


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of time, in seconds, in one state or with one attempt. `more` says what it was."""

    start: float
    end: float
    state: str
    more: str


def bands_of(prediction: Prediction) -> tuple[list[Band], list[Band]]:
    """The states of a run one after the other, and its attempts."""
    states: list[Band] = []
    attempts: list[Band] = []
    now: tuple[float, str, str] = (0.0, "trying", "the first round is under way")

    def take(event: LifeEvent) -> None:
        nonlocal now
        if isinstance(event, StateChanged):
            t = seconds(event.t)
            if t > now[0]:
                states.append(Band(now[0], t, now[1], now[2]))
            now = (t, event.state, event.why)
        elif isinstance(event, AttemptEnded):
            begun = seconds(event.t - event.lasted)
            tone = (
                "ok"
                if event.outcome == Ending.REGISTERED
                else "warn"
                if event.outcome == Ending.ANSWERED
                else "bad"
            )
            attempts.append(
                Band(begun, seconds(event.t), tone, f"{event.target}: {event.outcome} {event.status}")
            )

    log, done = prediction.log, 0
    for repeat in log.repeats:
        for event in log.events[done : repeat.end]:
            take(event)
        done = repeat.end
        for number in range(1, min(repeat.times, MOST_TIMES) + 1):
            for event in log.events[repeat.start : repeat.end]:
                take(moved(event, number * repeat.period, number * repeat.rounds))
        if repeat.times > MOST_TIMES:
            left = repeat.times - MOST_TIMES
            begun = now[0]
            states.append(
                Band(begun, begun + seconds(left * repeat.period), "repeats", f"the same {left:,} more times")
            )
            now = (states[-1].end, now[1], now[2])
    for event in log.events[done:]:
        take(event)
    if prediction.end > now[0]:
        states.append(Band(now[0], prediction.end, now[1], now[2]))
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
        _draw(svg, band, scale, TOP, BAND, TONES[band.state], named=True)
    svg.text(LEFT - 12, TOP + BAND + 20, "attempts", "small quiet", anchor="end")
    svg.add("line", x1=LEFT, y1=TOP + BAND + 15, x2=WIDTH - RIGHT, y2=TOP + BAND + 15, class_="lane")
    for band in attempts[:600]:
        _draw(svg, band, scale, TOP + BAND + 10, 10.0, band.state, named=False)
    bottom = TOP + BAND + 34
    _axis(svg, prediction.end, scale, bottom)
    draw = svg.inline if inline else svg.document
    return draw(WIDTH, bottom + 34)


def _draw(svg: Svg, band: Band, scale: float, y: float, height: float, tone: str, *, named: bool) -> None:
    x = LEFT + band.start * scale
    width = max(NARROWEST, (band.end - band.start) * scale)
    more = (
        f"{clock(band.start)} s to {clock(band.end)} s: {band.state if named else ''} {safe(band.more, 120)}"
    )
    with svg.group(title=" ".join(more.split())):
        svg.add(
            "rect", x=x, y=y, width=width, height=height, class_=f"box {tone}" if named else f"band {tone}"
        )
        if named and sans_width(band.state, SANS) + 8 < width:
            svg.text(x + width / 2, y + 18, band.state, f"small {tone}", anchor="middle")


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
    told = "; ".join(f"{clock(b.start)} s to {clock(b.end)} s {b.state}" for b in states[:20])
    more = "; and more" if len(states) > 20 else ""
    return f"{told}{more}. Without a valid registration: {span(prediction.unregistered)}."
