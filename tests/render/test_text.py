"""The text of every recording's scenario: it can be told, in 80 columns, and says what was predicted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pjresolve.dns.source import Origin
from pjresolve.prediction.run import simulate_scenario
from pjresolve.render.terminal import Page
from pjresolve.render.text.compare import put_comparison
from pjresolve.render.text.page import put_prediction, put_simulation
from pjresolve.story.lines import Tone
from pjresolve.words import after, numbers, plural, span
from tests.recordings.library import NAMES, recorded_scenario


@pytest.mark.parametrize("name", NAMES)
def test_every_recording_can_be_told(name: str) -> None:
    prediction = simulate_scenario(recorded_scenario(name))
    for explain in (False, True):
        page = Page()
        put_simulation(page, prediction, (), explain=explain)
        put_prediction(page, prediction, (), answers=Origin("from here"), explain=explain)
        text = page.text()
        assert all(line.isprintable() and len(line) <= 80 for line in text.splitlines())
        assert ("\nregisters " in text) == (prediction.registered is not None)
        for target in prediction.targets:
            assert target.socket in text


def test_colour_wraps_whole_lines_and_counts_for_nothing() -> None:
    plain, coloured = Page(), Page(colour=True)
    for page in (plain, coloured):
        page.put("a\x1b[31m " + "word " * 40, Tone.BAD, indent=2)
        page.put("plain")
    assert "\x1b" not in plain.text()
    lines = coloured.text().splitlines()
    assert all(line.startswith("\x1b[31m") and line.endswith("\x1b[0m") for line in lines[:-1])
    assert [
        line.removeprefix("\x1b[31m").removesuffix("\x1b[0m") for line in lines
    ] == plain.text().splitlines()


def test_a_word_longer_than_the_page_is_broken() -> None:
    page = Page()
    page.put("x" * 500, indent=6)
    assert {len(line) for line in page.text().splitlines()[:-1]} <= {78, 80}


def test_words_for_numbers() -> None:
    assert [span(s) for s in (0, 0.0004, 32, 135.5, 599, 600, 3600, 97200)] == [
        "0 s", "0 s", "32 s", "135.5 s", "599 s", "10 min", "1 h", "1 d 3 h",
    ]  # fmt: skip
    assert (after(0), after(32)) == ("at once", "after 32 s")
    assert [numbers(n) for n in ([1], [1, 2, 3], [3, 4, 1, 2], [2, 1])] == ["1", "1-3", "3-4 1-2", "2 1"]
    assert [plural(n, "query") for n in (1, 1200)] == ["1 query", "1,200 queries"]


def test_stacks_stand_side_by_side() -> None:
    one = simulate_scenario(recorded_scenario("all-srv"))
    page = Page()
    put_comparison(page, [one, replace(one, stack="example")], Origin("from here"))
    lines = page.text().splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert "Asterisk 22 (res_pjsip)" in lines[3]
    assert "an example of another package" in " ".join(lines[3:5])
    assert [line.split()[0] for line in lines[4:] if line[0] != " "] == [
        "queries", "targets", "verdict", "why", "status",
    ]  # fmt: skip
