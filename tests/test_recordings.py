"""Every recording of the real Asterisk, held against the prediction for its scenario, part by part."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Any

import pytest

from tests.recordings.compare import PARTS, differences, drew_otherwise, observed
from tests.recordings.library import (
    CALL_NAMES,
    CHAN_SIP_NAMES,
    CONSOLE_NAMES,
    DIALPLAN_NAMES,
    FOLDER,
    INVITE_NAMES,
    MESSAGES,
    NAMES,
    SETS,
    cases,
    files,
    recorded_scenario,
    recording,
)

SEEDS = 200
"""Draws of the SRV weights to try before the recorded order counts as one that never comes."""

KNOWN_DIVERGENCES: dict[tuple[str, str], str] = {
    ("st-423-fatal", "queries"): "two rounds within 5 ms: the comparison joins their queries",
    ("st-423-ok", "queries"): "two rounds within 5 ms: the comparison joins their queries",
    ("ev-tcp-reject-refresh", "queries"): "two rounds within 10 ms: the comparison joins their queries",
    (
        "bh-udp-delay8-fast-accept",
        "registered",
    ): "the recorder notes a 200 that came after Timer F and that Asterisk ignored",
    ("st-202", "registered"): "the recorder only knows 200 as a success; the wire agrees",
    ("ct2-202", "registered"): "the recorder only knows 200 as a success; the wire agrees",
    **{
        (name, "registered"): "the recorder notes a 200 that Asterisk could not read and dropped"
        for name in (
            "ct2-contact-empty",
            "ct2-contact-malformed",
            "ct2-contact-malformed2",
            "ct2-expires-date",
            "ct3-expires-junk",
            "ct3-nohost",
        )
    },
    ("st-494", "queries"): "rounds within 5 ms now and then: the comparison joins their queries",
    ("st-494", "targets"): "900 rounds in 14 s, of which some follow in 4 ms and some in 30",
    ("tr-tls-badca", "loaded"): "whether a file exists on the other machine is not known",
    ("tr-bind-wrong", "loaded"): "whether the other machine has an address is not known",
    ("tls-capath", "wire"): "whether a folder holds hashed certificates is not known",
    ("tls-capath", "registered"): "whether a folder holds hashed certificates is not known",
    (
        "td-reg-dup",
        "loaded",
    ): 'the recorder takes the line "Scheduling" for loaded, written before the type is refused',
    ("mr-dns-queue-timer-f", "registered"): "to the recorder the answer to a stray request is a success",
    ("ub-all-drop", "targets"): "libunbound's own retry times depend on its estimate of the server",
    ("ub-all-drop", "queries"): "libunbound's own retry times depend on its estimate of the server",
    ("ca-tcp-inflight-c", "wire"): "a race: about one close in ten goes to the next target in the same round",
    ("ca-tls-5-exp20", "queries"): "two rounds within 10 ms: the comparison joins their queries",
    ("ca-tls-5-exp20", "wire"): "two rounds within 10 ms: the comparison joins their queries",
}
"""(recording, part) → why the prediction differs from the real Asterisk. Each must go on differing."""


@cache
def prediction(name: str) -> dict[str, Any]:
    """What the package predicts for the recording's scenario, weights drawn as Asterisk drew them."""
    from pjresolve.prediction.run import simulate_scenario

    scenario = recorded_scenario(name)
    for seed in (None, *range(SEEDS)):
        found: dict[str, Any] = simulate_scenario(scenario, seed=seed).to_json()
        if not drew_otherwise(recording(name), found):
            return found
    raise AssertionError(f"none of {SEEDS} seeds draws the order that Asterisk drew")


@pytest.mark.recording
@pytest.mark.parametrize(("name", "part"), cases(NAMES, PARTS, KNOWN_DIVERGENCES))
def test_prediction_agrees_with_the_recording(name: str, part: str) -> None:
    found = [text for where, text in differences(recording(name), prediction(name)) if where == part]
    assert not found, "\n".join(found)


def test_every_recording_stands_in_a_folder_of_its_stack_and_subject() -> None:
    subjects = {path.parent.parent.name for path in files("asterisk22").values()}
    assert subjects == {"asterisk22"}
    found = {path for path in FOLDER.rglob("*.json") if path.parent != MESSAGES}
    assert found == {path for stack in SETS for path in files(stack).values()}
    assert len({*NAMES, *CHAN_SIP_NAMES, *CALL_NAMES, *DIALPLAN_NAMES, *CONSOLE_NAMES, *INVITE_NAMES}) == len(
        found
    )


def test_known_divergences_name_recordings_that_exist() -> None:
    assert {name for name, _ in KNOWN_DIVERGENCES} <= set(NAMES)
    assert {part for _, part in KNOWN_DIVERGENCES} <= set(PARTS)


# ------------------------------------------------------------------ the comparison itself


COMPARED = ["base", "nosrv", "udp-drop1", "tcp-drop1", "seed-sip6"]
"""Recordings that try every part of the comparison."""


def as_prediction(name: str) -> dict[str, Any]:
    """A recording in the shape of the prediction that would agree with it to the millisecond."""
    story = observed(recording(name))

    def entry(place: tuple[str, str, int], transport: str = "transport", **more: float) -> dict[str, Any]:
        return {transport: place[0], "address": place[1], "port": place[2], **more}

    return {
        "loaded": story.loaded,
        "orders": [{"targets": [entry(p) for p in story.rounds[0].targets]}] if story.rounds else [],
        "rounds": [
            {"t": r.t, "queries": [list(q) for q in r.queries], "targets": [entry(p) for p in r.targets]}
            for r in story.rounds
        ],
        "wire": [entry(w.place, "event", t=w.t) for w in story.wire],
        "registered": story.registered and entry(story.registered[0], t=story.registered[1]),
    }


@pytest.mark.parametrize("name", COMPARED)
def test_a_recording_agrees_with_itself(name: str) -> None:
    assert differences(recording(name), as_prediction(name)) == []


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", COMPARED)
def test_the_comparison_notices_a_wrong(name: str, part: str) -> None:
    wrong = deepcopy(as_prediction(name))
    if part == "loaded":
        wrong["loaded"] = False
    elif part == "queries":
        wrong["rounds"][0]["queries"].pop()
    elif part == "targets":
        wrong["rounds"][0]["targets"].append({"transport": "udp", "address": "192.0.2.1", "port": 5060})
        wrong["orders"] = []
    elif part == "wire":
        wrong["wire"] = [{**w, "port": w["port"] + 1} for w in wrong["wire"]]
    elif wrong["registered"]:
        wrong["registered"]["address"] = "192.0.2.1"
    else:
        wrong["registered"] = {"transport": "udp", "address": "192.0.2.1", "port": 5060, "t": 1.0}
    assert part in {where for where, _ in differences(recording(name), wrong)}
