"""The ladder: its rows, in the terminal, as SVG and as Mermaid."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from functools import cache
from typing import Any
from xml.etree import ElementTree

import pytest

from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.run import simulate_scenario
from pjresolve.render.label import cells
from pjresolve.render.ladder import fold
from pjresolve.render.ladder.ladder import ladder, rows
from pjresolve.render.ladder.rung import RungKind
from pjresolve.render.ladder.svg import ladder_svg
from pjresolve.render.ladder.text import ladder_text
from pjresolve.render.mermaid import ladder_mermaid
from pjresolve.trace import ConnectStarted, DatagramSent
from tests.render.worlds import NAMES, in_a_row, predicted, scenario

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
    """A run that talks to more hosts than there are lanes: eight of them, one silent, the next refusing."""
    answers: list[Any] = ["silent", {"status": 503}]
    return in_a_row([answers[n % 2] for n in range(8)])


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("width", [80, 60])
def test_no_line_is_wider_than_the_terminal_or_moves_its_cursor(name: str, width: int) -> None:
    for line in ladder_text(predicted(name), width=width).split("\n"):
        assert cells(line) <= width, line
        assert line.isprintable(), line


@pytest.mark.parametrize("name", NAMES)
def test_everything_on_the_wire_is_counted(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fold, "FEWEST", 10**6)
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


def test_a_lane_is_one_hosts_from_top_to_bottom() -> None:
    made = ladder(wandering())
    heads, drawn = rows(made, len(made.peers))
    assert len(made.peers) > 3
    for row in drawn:
        assert row.lane is None or (row.rung and heads[row.lane] == row.rung.peer)
        assert not row.peer


def test_more_hosts_than_lanes_share_one_and_each_is_named() -> None:
    made = ladder(wandering())
    heads, drawn = rows(made, 3)
    assert heads == [f"{len(made.peers)} hosts"]
    named = ""
    for row in drawn:
        if row.rung is not None and row.lane is not None:
            named = row.peer or named
            assert (row.lane, row.rung.peer) == (0, named)
    text = ladder_text(wandering())
    assert all(peer.address in text for peer in made.peers)
    assert f"{len(made.peers)} hosts" in ladder_svg(wandering())


def test_what_hosts_do_in_the_same_way_is_told_once() -> None:
    """The first seven are silent for 32 s each."""
    made = ladder(in_a_row(["silent"] * 7 + ["ok"]))
    again = [rung for rung in made.rungs if rung.kind is RungKind.AGAIN]
    told = "the same with 6 more hosts: 203.0.113.2, 203.0.113.3 … 203.0.113.7, one every 32 s, until 224 s"
    assert [(rung.text, rung.t, rung.until) for rung in again] == [(told, 32_000_000, 224_000_000)]
    assert [peer.address for peer in made.peers] == ["203.0.113.1", "203.0.113.8"]


def test_a_host_that_does_something_else_is_not_folded() -> None:
    made = ladder(in_a_row(["silent"] * 3 + [{"status": 503}] + ["silent"] * 4))
    assert "203.0.113.4" in [peer.address for peer in made.peers]
    (again,) = [rung for rung in made.rungs if rung.kind is RungKind.AGAIN]
    assert again.text.startswith("the same with 3 more hosts: 203.0.113.6, 203.0.113.7 … 203.0.113.8")


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
