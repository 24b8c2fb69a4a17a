"""`pjresolve call`: what is printed, as text and as JSON, and one line for what cannot be asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

import pytest
from typer.testing import CliRunner, Result

import pjresolve
from pjresolve.cli.main import app
from tests.prediction.test_call import CONF, QUALIFIED, ZONE


class Ask(Protocol):
    """Runs the command."""

    def __call__(self, *options: str, conf: str = CONF) -> Result: ...


@pytest.fixture
def call(tmp_path: Path) -> Ask:
    (tmp_path / "zone").write_text(ZONE, encoding="utf-8")

    def run(*options: str, conf: str = CONF) -> Result:
        (tmp_path / "pjsip.conf").write_text(conf, encoding="utf-8")
        named = [o.replace("pjsip.conf", str(tmp_path / "pjsip.conf")) for o in options]
        return CliRunner().invoke(app, ["call", *named, "--zone", str(tmp_path / "zone")])

    return run


def test_the_answer_stands_first(call: Ask) -> None:
    found = call("itsp", "0201", "-c", "pjsip.conf")
    assert found.exit_code == 0
    assert found.stdout.splitlines()[1].startswith("answered at a.example.net over UDP/IPv4")
    assert "while_registered begins with them" in " ".join(found.stdout.split())


def test_a_domain_needs_no_file(call: Ask) -> None:
    found = call("--to", "sip.example.net", "0201", "--down", "a.example.net")
    assert found.exit_code == 0
    assert "answered at b.example.net over UDP/IPv4, 203.0.113.20:5060, after 32 s" in found.stdout


def test_the_number_can_be_left_out(call: Ask) -> None:
    said = " ".join(call("--to", "sip.example.net").stdout.split())
    assert "request URI sip:sip.example.net, by contact sip:sip.example.net of AoR sip.example.net" in said


def test_nobody_answers_in_the_time_of_dial(call: Ask) -> None:
    found = call("itsp", "0201", "-c", "pjsip.conf", "--dial-timeout", "5", "--down", "*")
    assert found.exit_code == 1
    assert "fails after 5 s: no answer within 5 s" in found.stdout
    assert "DIALSTATUS=NOANSWER, HANGUPCAUSE=0" in found.stdout
    assert "target 2: not tried" in found.stdout


def test_a_running_machine_tells_how_it_stands(call: Ask) -> None:
    options = ("itsp", "0201", "-c", "pjsip.conf", "--while-registered", "--down", "a.example.net")
    found = call(*options, conf=QUALIFIED)
    assert found.exit_code == 1
    assert "registration itsp: registers at b.example.net" in found.stdout
    assert "contact itsp/sip:sip.example.net: unreachable" in found.stdout
    assert "If targets do not answer" in found.stdout


def test_json_holds_the_call_and_its_outages(call: Ask) -> None:
    found = json.loads(call("itsp", "0201", "-c", "pjsip.conf", "--json").stdout)
    assert found["format"] == "pjresolve.call/1"
    assert found["call"]["answered"]["address"] == "203.0.113.10"
    assert found["call"]["dialstatus"] == "ANSWER"
    assert [one["call"]["dialstatus"] for one in found["outages"]] == ["ANSWER", "CHANUNAVAIL"]


def test_faults_with_a_time_count_from_the_call(call: Ask) -> None:
    options = (
        "itsp",
        "0201",
        "-c",
        "pjsip.conf",
        "--while-registered",
        "--at",
        "0",
        "--down",
        "a.example.net",
    )
    assert "answered at b.example.net" in call(*options, conf=QUALIFIED).stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([], "neither --config nor --to is given"),
        (["itsp", "1"], "neither --config nor --to is given"),
        (["-c", "pjsip.conf"], "no endpoint is named (endpoints: itsp, free, bare, lost)"),
        (["itsp", "1", "-c", "pjsip.conf", "--pin", "udp"], "--pin: goes without --config"),
        (["x", "1", "--to", "sip.example.net"], "ENDPOINT: needs --config"),
        (["itsp", "a b", "-c", "pjsip.conf"], "NUMBER: 'a b' is nothing that can be called"),
        (["itpsp", "1", "-c", "pjsip.conf"], "no endpoint is called itpsp (did you mean itsp?"),
        (["itsp", "1", "-c", "pjsip.conf", "--dial-timeout", "soon"], "--dial-timeout: 'soon'"),
    ],
)
def test_what_cannot_be_asked_is_one_line(call: Ask, options: list[str], said: str) -> None:
    found = call(*options)
    assert found.exit_code == 2
    assert said in found.stderr
    assert found.stderr.count("\n") == 1


def test_the_api_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "pjsip.conf").write_text(CONF, encoding="utf-8")
    (tmp_path / "zone").write_text(ZONE, encoding="utf-8")
    found = pjresolve.call(
        "itsp", "0201", config=tmp_path / "pjsip.conf", zone=tmp_path / "zone", down="a.example.net"
    )
    assert found.answered
    assert (str(found.target), found.t, found.dialstatus) == ("udp 203.0.113.20:5060", 6.4, "ANSWER")
    assert [row["answered"] for row in found.outages()] == [True, False]
    assert found.attempts()[0]["outcome"] == "timeout"
    assert found.machine.traffic is not None
    assert "<pre>" in found._repr_html_()
    assert found.to_json()["format"] == "pjresolve.call/1"


def resolved(tmp_path: Path, *options: str, conf: str = CONF) -> Result:
    """What the main command says of the file."""
    (tmp_path / "pjsip.conf").write_text(conf, encoding="utf-8")
    (tmp_path / "zone").write_text(ZONE, encoding="utf-8")
    where = ("-c", str(tmp_path / "pjsip.conf"), "--zone", str(tmp_path / "zone"))
    return CliRunner().invoke(app, ["resolve", *where, *options])


def test_the_main_command_says_where_calls_go(tmp_path: Path) -> None:
    found = " ".join(resolved(tmp_path, "--down", "a.example.net").stdout.split())
    assert (
        "Calls through itsp: answered at b.example.net over UDP/IPv4, 203.0.113.20:5060, after 6.4 s" in found
    )


def test_the_main_command_says_that_calls_fail(tmp_path: Path) -> None:
    found = resolved(tmp_path, "--down", "a.example.net", conf=QUALIFIED)
    assert "Calls through itsp: fails at once: its contacts are all unreachable" in found.stdout
    assert found.exit_code == 0


def test_where_calls_go_is_not_known_without_answers(tmp_path: Path) -> None:
    elsewhere = CONF.replace("contact=sip:sip.example.net", "contact=sip:other.example.org")
    found = resolved(tmp_path, conf=elsewhere)
    assert "Calls through itsp: not known, there is nothing of other.example.org" in found.stdout


def test_where_calls_go_is_json_too(tmp_path: Path) -> None:
    found = json.loads(resolved(tmp_path, "--json").stdout)
    (one,) = found["calls_through"]
    assert (one["endpoint"], one["answered"], one["target"]["address"]) == ("itsp", True, "203.0.113.10")


def test_what_happens_later_leaves_calls_open(tmp_path: Path) -> None:
    assert "Calls through" not in resolved(tmp_path, "--at", "5", "--down", "a.example.net").stdout


def test_a_ladder_counts_from_the_call(call: Ask, tmp_path: Path) -> None:
    options = ("itsp", "0201", "-c", "pjsip.conf", "--while-registered", "--down", "a.example.net")
    found = call(*options, "--ladder", "--ladder-file", str(tmp_path / "ladder.svg"))
    assert found.stdout.splitlines()[1].startswith("answered at b.example.net")
    assert "INVITE udp" in found.stdout
    assert "REGISTER" not in found.stdout
    assert "the run ends, answered at b.example.net" in " ".join(found.stdout.replace("│", " ").split())
    times = [line.split()[0] for line in found.stdout.splitlines() if " s  " in line[:14]]
    assert (times[0], times[-1]) == ("0.000", "6.400")
    assert (tmp_path / "ladder.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_a_ladder_is_no_json(call: Ask) -> None:
    found = call("itsp", "0201", "-c", "pjsip.conf", "--ladder", "--json")
    assert (found.exit_code, found.stderr.count("\n")) == (2, 1)


@pytest.mark.parametrize("down", ["a.example.net", "*"])
def test_graph_and_report_of_a_call(call: Ask, tmp_path: Path, down: str) -> None:
    options = ("itsp", "0201", "-c", "pjsip.conf", "--while-registered", "--down", down)
    files = ("--graph", str(tmp_path / "call.json"), "--html", str(tmp_path / "call.html"))
    found = call(*options, *files)
    graph = json.loads((tmp_path / "call.json").read_text(encoding="utf-8"))
    assert graph["graph"]["endpoint"] == "itsp" if "graph" in graph else graph
    text = (tmp_path / "call.html").read_text(encoding="utf-8")
    assert ("Not answered" in text) == (found.exit_code == 1)
    for part in ("verdict", "before", "dns", "targets", "outages", "graphs", "timeline", "scenario"):
        assert f'<section id="{part}"' in text
    assert "a-long-one" not in text


def test_the_report_of_a_call_that_sends_nothing(call: Ask, tmp_path: Path) -> None:
    options = ("itsp", "0201", "-c", "pjsip.conf", "--while-registered", "--down", "a.example.net")
    found = call(*options, "--html", str(tmp_path / "call.html"), conf=QUALIFIED)
    assert found.exit_code == 1
    text = (tmp_path / "call.html").read_text(encoding="utf-8")
    assert "all unreachable" in text
