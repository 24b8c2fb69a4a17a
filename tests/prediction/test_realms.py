"""What depends on the realm of a challenge, and what a world says of it itself."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pjresolve.cli.main import app
from pjresolve.prediction.ask import ask_scenario
from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.realms import challenging
from pjresolve.scenario.behaviour import OK, behaviour
from pjresolve.scenario.format import Scenario
from pjresolve.story.verdict import verdict
from pjresolve.trace import State
from tests.simulation.worlds import world

ADDRESS = "203.0.113.1"
SAYS_IT = {"challenges": ['WWW-Authenticate: Digest realm="a", nonce="1"']}
ZONE = (
    "_sip._udp.sip.example.net. 300 IN SRV 1 1 5060 p1.example.net.\np1.example.net. 300 IN A 203.0.113.1\n"
)


def of(said: Any, realm: str) -> Scenario:
    plain = world({ADDRESS: {"udp/5060": said}}, zone=ZONE)
    return replace(plain, pjsip=plain.pjsip.replace("password=x", f"password=x\nrealm={realm}"))


def predicted(said: Any, realm: str) -> Prediction:
    (found,) = ask_scenario(of(said, realm))
    return found


@pytest.mark.parametrize(("realm", "registers"), [("other", False), ("lab", True), ("LAB", True)])
def test_a_world_that_says_no_realm_has_the_recorder_s_and_both_are_told(realm: str, registers: bool) -> None:
    found = predicted("ok", realm)
    assert (found.registered is not None) is registers
    choice = found.realm
    assert choice is not None
    assert (choice.realms, choice.assumed) == ((realm,), "lab")
    assert choice.equal.registered is not None
    assert choice.other == (State.REJECTED, None)
    assert f'with "{realm}" it registers, with any other it does not register' in verdict(found).depends
    told = found.to_json()["realm"]
    assert (told["realms"], told["assumed"]) == ([realm], "lab")
    assert told["if_equal"]["registered"]["address"] == ADDRESS
    assert told["if_other"] == {"status": "rejected", "registered": None}


@pytest.mark.parametrize(
    ("said", "realm", "registers"),
    [
        (SAYS_IT, "a", True),
        (SAYS_IT, "lab", False),
        ("accept", "other", True),  # nobody asks
        ("silent", "other", False),
        ("ok", "", True),
        ("ok", "*", True),
        ("ok", '"lab"', False),  # no challenge can say that
    ],
)
def test_nothing_depends_on_a_realm_that_is_said_or_does_not_matter(
    said: Any, realm: str, registers: bool
) -> None:
    found = predicted(said, realm)
    assert (found.registered is not None) is registers
    assert found.realm is None
    assert verdict(found).depends == ""
    assert found.to_json()["realm"] is None


def test_only_what_challenges_without_saying_how_is_made_to_challenge_for_a_realm() -> None:
    said = {
        "status": 407,
        "after": 2,
        "then": {"status": 503, "then": SAYS_IT, "after": 3},
        "methods": {"INVITE": "ok", "OPTIONS": "silent"},
    }
    plain = world({ADDRESS: {"udp/5060": said, "tcp/5060": "drop"}, "203.0.113.2": "down"})
    events = [
        {"at": 3, "host": ADDRESS, "set": "down"},
        {"at": 5, "host": ADDRESS, "set": {"udp/5060": "ok"}},
    ]
    found = challenging(world({ADDRESS: {"udp/5060": said}}, events=events), ["x", "y"])
    line = 'Authenticate: Digest realm="{}", nonce="0123456789", algorithm=MD5'
    both = [line.format("x"), line.format("y")]
    asked = {**said, "challenges": [f"Proxy-{text}" for text in both]}
    asks = {"challenges": [f"WWW-{text}" for text in both]}
    asked["methods"] = {"INVITE": asks, "OPTIONS": "silent"}
    (state,) = (s for s in found.hosts.values() if not isinstance(s, str))
    assert list(state.values()) == [behaviour(asked, "x")]
    assert found.events[0].set == "down"
    change = found.events[1].set
    assert not isinstance(change, str)
    assert list(change.values()) == [behaviour(asks, "x")]
    assert challenging(plain, ()) is plain
    assert OK.challenges is None


def test_the_main_command_takes_the_realm_to_match_and_says_what_it_depends_on(tmp_path: Path) -> None:
    zone, conf = tmp_path / "a.zone", tmp_path / "pjsip.conf"
    zone.write_text(ZONE)
    conf.write_text(of("ok", "example.net").pjsip)
    said = CliRunner().invoke(app, ["resolve", "-c", str(conf), "--zone", str(zone)])
    assert said.exit_code == 0, said.output
    text = " ".join(said.output.split())
    assert (
        'with "example.net" it registers, with any other it does not register; taken here is "example' in text
    )
    told = json.loads(
        CliRunner().invoke(app, ["resolve", "-c", str(conf), "--zone", str(zone), "--json"]).output
    )
    assert told["realm"]["if_other"]["status"] == "rejected"
    assert told["depends"].startswith("depends on the realm")
