"""The fuzzer itself: every entrance takes its corpus, and what must not happen is found."""

from __future__ import annotations

import time

import pytest

from tests.fuzz.entrances import Entrance, entrances
from tests.fuzz.fuzz import search, use

NAMES = ("answer", "zone", "pjsip", "sip", "scenario", "uri", "options")


def test_every_entrance_is_tried() -> None:
    assert tuple(entrances()) == NAMES


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_few_inputs_of_each_entrance_find_nothing(name: str) -> None:
    entrance = entrances()[name]
    for text in entrance.corpus[:5]:
        use(entrance, text)
    assert search(name, entrance, 1, examples=25) == ""


def test_a_traceback_is_found_and_made_small() -> None:
    def fails(text: str) -> None:
        if "z" in text:
            raise IndexError(text)

    found = search("x", Entrance(fails, ("abc",), ("z",)), 1, examples=200)
    assert "IndexError" in found
    assert found.startswith("x: ")


def test_an_input_that_takes_too_long_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.fuzz.fuzz.LIMIT", 1)

    def hangs(text: str) -> None:
        time.sleep(30)

    assert "Hang" in search("x", Entrance(hangs, ("abc",)), 1, examples=1)
