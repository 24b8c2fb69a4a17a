"""The ladder: its rows, in the terminal, as SVG and as Mermaid."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from functools import cache
from xml.etree import ElementTree

import pytest

from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.run import simulate_scenario
from pjresolve.render.label import cells
from pjresolve.render.ladder.ladder import RungKind, ladder, rows
from pjresolve.render.ladder.svg import ladder_svg
from pjresolve.render.ladder.text import ladder_text
from pjresolve.render.mermaid import ladder_mermaid
from pjresolve.trace import ConnectStarted, DatagramSent
from tests.render.worlds import NAMES, predicted, scenario

ALL = [*NAMES, "hostile"]

UDP_DROP1 = """\
    time  Asterisk                     2001:db8:5::1                 203.0.113.1
            │                                │                                │
   0.000 s  ○ round 1: the registration was loaded                            │
            ? DNS: 10 queries, 4 targets     │                                │
            │── REGISTER udp ×11 ───────────✗│                                │
            ┆ 32 s, 10 retransmissions       ┆                                ┆
  32.000 s  · [2001:db8:5::1]:5060 (UDP/IPv6): no answer after 32 s           │
            │── REGISTER udp ────────────────┼───────────────────────────────▶│
            │◀─ 401 Unauthorized ────────────┼────────────────────────────────│
            │── REGISTER udp with credentials ───────────────────────────────▶│
            │◀─ 200 OK ──────────────────────┼────────────────────────────────│
            ● registered with 203.0.113.1:5060 (UDP/IPv4)                     │
            · 3600 s are granted; the next round starts 10 s before their end │

  2001:db8:5::1 is p1.example.net
  203.0.113.1 is p1.example.net
"""


@cache
def wandering() -> Prediction:
    """A run that talks to more hosts than there are lanes: 20 of them, none of which answers."""
    silent = replace(scenario("many"), hosts={}, events=(), duration=2000.0, stop="duration")
    return simulate_scenario(silent)


def test_a_dead_primary_reads_as_it_should() -> None:
    assert ladder_text(predicted("udp-drop1")) == UDP_DROP1


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("width", [80, 60])
def test_no_line_is_wider_than_the_terminal_or_moves_its_cursor(name: str, width: int) -> None:
    for line in ladder_text(predicted(name), width=width).split("\n"):
        assert cells(line) <= width, line
        assert line.isprintable(), line


@pytest.mark.parametrize("name", NAMES)
def test_everything_on_the_wire_is_counted(name: str) -> None:
    prediction = predicted(name)
    made = ladder(prediction, most=10_000)
    sends = [line for line in made.rungs if line.kind is RungKind.SEND]
    udp = sum(line.count for line in sends if line.text.startswith("REGISTER udp"))
    connects = sum(line.text.startswith("connect ") for line in sends)
    stored = prediction.log.events  # exact repetitions are told, not drawn
    assert udp == sum(isinstance(event, DatagramSent) for event in stored)
    assert connects == sum(isinstance(event, ConnectStarted) for event in stored)


@pytest.mark.parametrize("name", NAMES)
def test_rows_run_forward_in_time(name: str) -> None:
    times = [line.t for line in ladder(predicted(name)).rungs]
    assert times == sorted(times)


def test_silence_is_one_row_however_long() -> None:
    _, drawn = rows(ladder(predicted("rereg")), 3)
    gaps = [row.text for row in drawn if row.kind == "gap"]
    assert "50 s" in gaps
    assert not any(a.kind == b.kind == "gap" for a, b in itertools.pairwise(drawn))


def test_a_lane_is_given_on_where_there_are_more_hosts_than_lanes() -> None:
    made = ladder(wandering())
    first, drawn = rows(made, 3)
    assert len(made.peers) > 3
    holder = list(first)
    for row in drawn:
        if row.kind == "lane" and row.lane is not None:
            holder[row.lane] = row.peer
        elif row.rung is not None and row.lane is not None:
            assert holder[row.lane] == row.rung.peer
    text = ladder_text(wandering())
    assert all(peer.address in text for peer in made.peers)


def test_an_exact_repetition_is_told_once() -> None:
    year = replace(scenario("rereg-primary-dead"), duration=31_536_000.0, stop="duration")
    text = ladder_text(simulate_scenario(year))
    assert "more times, every 82 s" in text
    assert len(text.splitlines()) < 80


def test_a_long_run_is_cut_and_says_so() -> None:
    made = ladder(predicted("event-tcp-outage"), most=10)
    assert len(made.rungs) == 11
    assert re.fullmatch(r"\d+ more events are left out here", made.rungs[-1].text)


def test_colour_changes_nothing_but_colour() -> None:
    for name in ("base", "rereg-primary-dead"):
        coloured = ladder_text(predicted(name), colour=True)
        assert "\x1b[" in coloured
        assert re.sub(r"\x1b\[\d+m", "", coloured) == ladder_text(predicted(name))


@pytest.mark.parametrize("name", ALL)
def test_the_svg_is_well_formed_and_describes_itself(name: str) -> None:
    root = ElementTree.fromstring(ladder_svg(predicted(name)))
    names = [child.tag.partition("}")[2] for child in root]
    assert names[:3] == ["title", "desc", "style"]
    assert root[0].text
    assert root[1].text
    tags = {element.tag.partition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "line", "path", "polygon", "circle", "text", "g"}


def test_the_mermaid_text_is_one_statement_a_line() -> None:
    allowed = re.compile(
        r"sequenceDiagram|    (participant [A-Z]\d* as .+|(A(->>|-x)(D|P\d+)|P\d+-->>A): .+|Note over A: .+)"
    )
    for name in ALL:
        text = ladder_mermaid(predicted(name))
        for line in text.splitlines():
            assert allowed.fullmatch(line), line
            free = re.sub(r"#\d+;", "", line.partition(": ")[2] or line)
            assert not set(free) & set('<>;#%&"`'), line
