"""Every fix that a rule prints, applied: in the rules' examples and cases, the files, and the scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pjresolve.config.objects import load_text
from pjresolve.config.reader import Entry
from pjresolve.errors import Location
from pjresolve.lint.edits import Edit, add_line, applied, comment_out, is_sure, set_option, text_of, unset
from pjresolve.lint.manual import manual
from pjresolve.lint.rule import Rule
from pjresolve.lint.spelling import misspelt
from pjresolve.scenario.format import Scenario, load_scenario, parse_scenario
from tests.conftest import ROOT
from tests.lint.composing import ZONE, composed
from tests.lint.examples import VERSIONS, WORLDS
from tests.lint.mending import broken_promises
from tests.lint.test_rules import RULES, cases
from tests.recordings.library import NAMES, recorded_scenario, recording

SCENARIOS = sorted((ROOT / "scenarios").glob("*.yaml"))


def written(folder: Path, text: str) -> Path:
    path = folder / "pjsip.conf"
    path.write_text(text)
    return path


@pytest.mark.parametrize(("code", "case"), cases())
def test_the_fixes_of_a_case(code: str, case: dict[str, Any], tmp_path: Path) -> None:
    version = tuple(int(p) for p in case.get("asterisk", "22").split("."))
    world: Scenario | None = Scenario("zone", zone=case.get("zone", ZONE))
    if "hosts" in case:
        given = yaml.safe_dump({"zone": case["zone"], "hosts": case["hosts"]})
        world = parse_scenario(given, name="w", folder=None)
    if case.get("dns") is False:
        world = None
    path = written(tmp_path, composed(case.get("change", "")))
    assert list(broken_promises(path, world, version)) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_fixes_of_a_manual_s_example(rule: type[Rule], tmp_path: Path) -> None:
    examples = manual(rule).examples
    world = Scenario("zone", zone=examples.get("Bad zone", ZONE))
    if rule.code in WORLDS:
        world = parse_scenario(WORLDS[rule.code], name="w", folder=None)
    path = written(tmp_path, composed(examples.get("Bad", "")))
    assert list(broken_promises(path, world, VERSIONS.get(rule.code, (22,)))) == []


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_fixes_of_a_scenario(path: Path, tmp_path: Path) -> None:
    world = load_scenario(path)
    assert list(broken_promises(written(tmp_path, world.pjsip), world)) == []


@pytest.mark.recording
@pytest.mark.parametrize("name", NAMES[::3])  # all of them take some minutes
def test_the_fixes_of_a_recording_s_configuration(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, recording(name)["scenario"]["pjsip"])
    assert list(broken_promises(path, recorded_scenario(name))) == []


# ---------------------------------------------------------------- edits and their text


def test_what_is_printed_is_what_is_written() -> None:
    config = load_text("[a]\ntype=registration\nserver_uri=sip:x.example\nexpiration=60\n\n[b]\ntype=aor\n")
    section = config.document.sections[0]
    fix = [
        set_option(section, "server_uri", "sip:x.example;transport=udp"),
        set_option(section, "line", "yes", "a note"),
        unset(section, "expiration"),
    ]
    text = applied(fix, {"pjsip.conf": "[a]\ntype=registration\nserver_uri=sip:x.example\nexpiration=60\n\n"})
    assert text["pjsip.conf"].splitlines() == [
        "[a]",
        "type=registration",
        text_of(fix[:1]),
        ";expiration=60",
        "line=yes   ; a note",
        "",
    ]
    assert text_of(fix[:1]) == "server_uri=sip:x.example\\;transport=udp"


def test_lines_of_one_place_keep_their_order() -> None:
    section = load_text("[a]\ntype=identify\n").document.sections[0]
    fix = [add_line(section, "match=1"), add_line(section, "match=2"), append_to_end()]
    assert applied(fix, {"pjsip.conf": "[a]\ntype=identify\n; end\n"}) == {
        "pjsip.conf": "[a]\ntype=identify\nmatch=1\nmatch=2\n; end\n\n[b]\n"
    }


def append_to_end() -> Edit:
    return Edit(Location("pjsip.conf"), "\n[b]")


def test_an_option_that_a_template_gives_is_overridden_where_it_goes() -> None:
    text = "[t](!)\ntransport=udp\n[a](t)\ntype=registration\ntransport=tcp\n"
    section = load_text(text).document.sections[1]
    assert unset(section, "transport").text == "transport="
    assert unset(section, "transport").where.line == 5


def test_no_secret_is_printed() -> None:
    edit = comment_out(Entry("password", "hunter2", Location("f", 3)))
    assert "hunter2" not in text_of([edit])
    assert applied([edit], {"f": "a\nb\npassword=hunter2"})["f"].endswith(";password=hunter2")


@pytest.mark.parametrize("line", ["a=b ;-- a block begins", "a=b --;", "a+=b"])
def test_a_line_that_holds_more_than_its_option_is_left_alone(line: str) -> None:
    assert not is_sure([Edit(Location("f", 1), "a=c", True)], lambda where: line)
    assert is_sure([Edit(Location("f", 1), "a=c", True)], lambda where: "a=b ; a comment")


@pytest.mark.parametrize(
    ("name", "others", "meant"),
    [
        ("trasport-udp", ["transport-udp", "transport-udp6"], "transport-udp"),
        ("transport-upd", ["transport-tcp", "transport-udp"], "transport-udp"),
        ("Transport_UDP", ["transport-udp"], "transport-udp"),
        ("retry_intervall", ["retry_interval", "max_retries"], "retry_interval"),
        ("itps", ["itsp"], "itsp"),
        ("transport-wss", ["transport-ws"], ""),
        ("transport-tls", ["transport-tcp"], ""),
        ("transport-udp", ["transport-udp6"], ""),
        ("trunk1", ["trunk2"], ""),
        ("desk", ["deck", "dusk"], ""),
        ("transport", ["transport_reuse"], ""),
        ("a", ["b"], ""),
    ],
)
def test_what_may_be_taken_for_a_misspelling(name: str, others: list[str], meant: str) -> None:
    assert misspelt(name, others) == meant
