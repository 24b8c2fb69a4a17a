"""The bands: what happened when, and nothing at another time."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pjresolve
from pjresolve.render.html.bands import WIDTH, Band, bands_of, bands_svg
from pjresolve.story.lines import Tone

DOMAIN = "sipproxy.voipgrid.nl"


def run(**options: Any) -> pjresolve.Prediction:
    return pjresolve.resolve(DOMAIN, offline=True, transports="udp6,udp", **options)


def joined(states: list[Band]) -> None:
    for one, other in pairwise(states):
        assert one.end == other.start
    assert states[0].start == 0


def test_a_repetition_stands_where_it_happens() -> None:
    found = run(until="1d", faults="*={expires: 600}")
    bands = bands_of(found)
    joined(bands.states)
    (repeats,) = (band for band in bands.states if band.name.startswith("repeats"))
    assert repeats.name == "repeats, registered 100 %"
    last = max(attempt.end for attempt in bands.attempts if attempt.end <= repeats.start)
    assert repeats.start - last < 600
    assert not [a for a in bands.attempts if repeats.start + 1 < a.start < repeats.end - 1]


def test_what_of_a_repetition_was_registered_is_a_share() -> None:
    found = run(until="1d", faults=["*={expires: 60}", "ipv6=drop"])
    (repeats,) = (band for band in bands_of(found).states if band.name.startswith("repeats"))
    registered = 1 - found.unregistered / found.end
    assert repeats.name == f"repeats, registered {100 * registered:.0f} %"
    assert repeats.tone is Tone.WARN


def test_the_end_shows_that_it_registers() -> None:
    found = run(down="ipv6")
    assert bands_of(found).states[-1].tone is Tone.GOOD
    assert bands_of(found).states[-1].start == found.end


def test_events_and_who_registers_are_drawn() -> None:
    found = pjresolve.simulate("22")
    bands = bands_of(found)
    assert [t for t, _ in bands.events] == [20.0, 75.0]
    assert [band.name.split()[2] for band in bands.states] == [
        "203.0.113.1:5060",
        "203.0.113.2:5060",
        "203.0.113.1:5060",
    ]
    svg = bands_svg(found)
    assert "203.0.113.1 down" in svg
    assert "registered with 203.0.113.1:5060" in svg


def test_attempts_end_where_the_run_ends() -> None:
    events: list[tuple[float | str, str]] = [
        (float(t), f"ipv6={'down' if t % 240 else 'up'}") for t in range(120, 80_000, 120)
    ]
    found = run(until="1d", faults="*={expires: 60}", events=events)
    assert len(list(found.attempts())) > 600
    svg = bands_svg(found)
    drawn = [float(part.split('"')[1]) for part in svg.split("<rect x=")[1:]]
    assert max(drawn) > WIDTH - 30
    assert "not drawn" not in svg
    assert svg.count(">1 d</text>") == 1
