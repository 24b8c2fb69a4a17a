"""Recordings of calls, qualified contacts and incoming requests, held against predictions."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from typing import Any

import pytest

from pjresolve.prediction.run import simulate_scenario
from pjresolve.scenario.format import parse_scenario
from tests.recordings.compare_trunk import PARTS, differences, with_phases
from tests.recordings.library import CALL_NAMES, cases, recording

HUNG = "one of eight TLS handshakes hung instead of failing, and with it that OPTIONS"
KNOWN_DIVERGENCES: dict[tuple[str, str], str] = {
    ("c7-003", "wire"): "Timer F and the last retransmission within 20 ms of each other",
    ("c7-039", "wire"): HUNG,
    ("c7-039", "calls"): HUNG,
    ("c7-039", "contacts"): HUNG,
    ("c8-006", "calls"): "a race: of three calls one was sent credentials before a 408 ended it",
    ("cc-408-silent-udp", "calls"): "a race: Timer B of the second target and Timer D of the first",
    ("mg-two-accounts", "wire"): "one begins within max_random_initial_delay, which is drawn",
    ("mg-two-accounts", "registered"): "one begins within max_random_initial_delay, which is drawn",
    (
        "mg-who-gets-in",
        "incoming",
    ): "requests within a second: the comparison takes one's channel for another's",
    ("in-odd", "incoming"): "a log line cannot tell an @ in a context from the one before it",
}
"""(recording, part) → why the prediction differs from the real Asterisk. Each must go on differing."""


@cache
def prediction(name: str) -> dict[str, Any]:
    scenario = parse_scenario(json.dumps(with_phases(recording(name))), name=name, folder=None)
    found: dict[str, Any] = simulate_scenario(scenario).to_json()
    return found


@pytest.mark.recording
@pytest.mark.parametrize(("name", "part"), cases(CALL_NAMES, PARTS, KNOWN_DIVERGENCES))
def test_prediction_agrees_with_the_recording(name: str, part: str) -> None:
    found = [text for where, text in differences(recording(name), prediction(name)) if where == part]
    assert not found, "\n".join(found)


def test_known_divergences_name_recordings_that_exist() -> None:
    assert {name for name, _ in KNOWN_DIVERGENCES} <= set(CALL_NAMES)
    assert {part for _, part in KNOWN_DIVERGENCES} <= set(PARTS)


@pytest.mark.parametrize("part", PARTS)
def test_the_comparison_notices_a_wrong(part: str) -> None:
    name = {"contacts": "c7-004", "incoming": "i7-000"}.get(part, "c7-000")
    wrong = deepcopy(prediction(name))
    if part == "wire":
        wrong["wire"] = [{**w, "port": w["port"] + 1} for w in wrong["wire"]]
    elif part == "registered":
        wrong["registrations"][0]["registered"]["address"] = "192.0.2.1"
    elif part == "calls":
        wrong["calls"][0]["answered"] = None
        wrong["calls"][0]["ended"] = 1.0
    elif part == "contacts":
        wrong["contacts"][0]["status"] = "Unreachable"
    else:
        wrong["incoming"][0]["endpoint"] = "nobody"
    assert part in {where for where, _ in differences(recording(name), wrong)}
