"""Rules on calls and external addresses, held against what the real Asterisk did with each configuration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pjresolve.config.objects import load_path
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Severity
from pjresolve.lint.run import Selection, findings
from pjresolve.scenario.format import Scenario
from tests.lint.test_who_gets_in import context_of
from tests.recordings.library import recording

pytestmark = pytest.mark.recording

SHOWN = {
    "wi-match-all-4": "PJ312",
    "wi-match-all-0-0-0-0-mask": "PJ312",
    "wi-match-all-halves": "PJ312",
    "wi-match-all-6": "PJ312",
    "wi-match-all-and-phone": "PJ312",
    "wi-match-all-and-auth": "PJ312",
    "wi-anonymous-with-phones": "PJ313",
    "wi-trunk-in-phones-context": "PJ314",
    "wi-trunk-auth": "PJ317",
    "wi-trunk-auth-line": "PJ317",
    "wi-no-contact-user": "PJ215",
    "wi-nobody-recognises": "PJ216",
    "wi-registration": "PJ216",
    "wi-two-one-server": "PJ217",
    "wi-no-allow": "PJ319",
    "wi-disallow-only": "PJ319",
    "wi-no-allow-calling": "PJ319",
    "wi-untyped-global": "PJ529",
    "qu-off-dead": "PJ316",
    "qu-off-two": "PJ316",
    "dm-on": "PJ318",
    "na-loopback": "PJ117",
    "na-zero": "PJ117",
    "na-private": "PJ117",
    "na-comment": "PJ117",
    "na-no-name": "PJ117",
    "na-local-net-alone": "PJ118",
    "na-local-net-all": "PJ118",
}
"""Recordings that show what a rule speaks of."""
SILENT = {
    "wi-match-zero": "PJ312",
    "wi-identify-by-ip": "PJ312",
    "wi-phone-auth": "PJ313",
    "wi-identify": "PJ314",
    "wi-line": "PJ216",
    "wi-contact-user": "PJ215",
    "wi-phone-by-ip": "PJ319",
    "qu-on-dead": "PJ316",
    "dm-off-trunk": "PJ318",
    "dm-off-phone": "PJ318",
    "na-good": "PJ117",
    "na-unresolved": "PJ118",
}
"""Recordings in which what a rule speaks of does not happen."""


def found(name: str, code: str, folder: Path) -> list[Any]:
    return findings(context_of(name, folder), Selection((code,)))


@pytest.mark.parametrize(("name", "code"), SHOWN.items(), ids=list(SHOWN))
def test_a_rule_sees_what_the_recording_shows(name: str, code: str, tmp_path: Path) -> None:
    assert found(name, code, tmp_path)


@pytest.mark.parametrize(("name", "code"), SILENT.items(), ids=list(SILENT))
def test_a_rule_is_silent_where_it_does_not_happen(name: str, code: str, tmp_path: Path) -> None:
    assert not found(name, code, tmp_path)


def statuses(name: str) -> list[int]:
    """The final answers to requests that came in, in their order."""
    return [e["status"] for e in recording(name)["sip"] if e["kind"] == "response" and e["status"] >= 200]


def reached(name: str) -> list[tuple[str, str, str]]:
    """Extension, context and endpoint of each call that came in."""
    return [tuple(channel[1:]) for channel in recording(name)["channels"]]


def test_what_the_manuals_say_of_calls_was_recorded() -> None:
    assert statuses("wi-match-all-and-phone") == [404, 200, 200]
    assert statuses("wi-match-all-and-auth") == [401, 401, 401]
    assert reached("wi-anonymous-with-phones")[0] == ("100", "phones", "anonymous")
    assert ("0900123", "phones", "itsp") in reached("wi-trunk-in-phones-context")
    assert statuses("wi-trunk-auth")[0] == statuses("wi-trunk-auth-line")[0] == 401
    assert reached("wi-no-contact-user") == [("s", "from-itsp", "itsp")]
    assert reached("wi-contact-user") == [("31201234567", "from-itsp", "itsp")]
    assert statuses("wi-nobody-recognises") == [401, 401]
    assert {context for _, context, _ in reached("wi-two-one-server")} == {"from-itsp"}
    assert statuses("wi-no-allow") == statuses("wi-disallow-only") == [488]
    told = [e["method"] for e in recording("wi-no-allow-calling")["sip"] if e["kind"] == "sip"]
    assert told == ["INVITE", "ACK", "BYE"]
    assert statuses("wi-guesses") == [401] * 40


def test_what_the_manuals_say_of_qualifying_was_recorded() -> None:
    def ended(name: str) -> float:
        return float(recording(name)["calls"][0][0]) - float(recording(name)["scenario"]["calls"][0]["at"])

    assert ended("qu-off-dead") == pytest.approx(32, abs=0.1)
    assert ended("qu-on-dead") == pytest.approx(0, abs=0.1)
    assert recording("qu-on-dead")["contacts"][0][3] == "Unreachable"
    assert "completed" in recording("qu-off-two")["calls"][0][1]
    assert "failed" in recording("qu-on-two")["calls"][0][1]


def test_what_qualifying_hides_was_recorded(tmp_path: Path) -> None:
    """The consequence that PJ420 simulates, from a healthy world, is what both recordings show."""

    def told(name: str) -> list[Any]:
        scenario = recording(name)["scenario"]
        (tmp_path / "pjsip.conf").write_text(scenario["pjsip"])
        world = Scenario(name, zone=scenario["zone"])
        context = Context.in_world(load_path(tmp_path / "pjsip.conf"), world)
        return findings(context, Selection(("PJ420",)))

    (finding,) = told("qu-on-two")
    assert finding.severity is Severity.INFO
    assert (
        "each call fails at once; without qualify_frequency it is answered after 32 s at 203.0.113.20:5060"
        in (finding.consequence)
    )
    assert not told("qu-off-two")
    assert not told("qu-on-dead")


def test_what_the_manuals_say_of_sound_was_recorded() -> None:
    def invited(name: str) -> list[str]:
        sip = recording(name)["sip"]
        return [e["address"] for e in sip if e["kind"] == "sip" and e["method"] == "INVITE"]

    assert invited("dm-on").count("192.168.1.50") == 2, "away from Asterisk, and back at the end"
    assert invited("dm-off-trunk") == invited("dm-off-phone") == ["203.0.113.10"]


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("na-good", "192.0.2.77"),
        ("na-private", "192.168.1.10"),
        ("na-loopback", "127.0.0.1"),
        ("na-zero", "0.0.0.0"),
        ("na-comment", "198.51.100.10"),
        ("na-no-name", "198.51.100.10"),
        ("na-local-net-alone", "198.51.100.10"),
        ("na-local-net-all", "198.51.100.10"),
    ],
)
def test_the_contact_is_what_the_manuals_say(name: str, host: str) -> None:
    register = next(e for e in recording(name)["sip"] if e["kind"] == "sip")
    assert f"@{host}:5060>" in register["contact"]
