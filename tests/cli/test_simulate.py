"""`pjresolve simulate`, `stacks` and `--version`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pjresolve.cli.main import app
from tests.recordings.library import recording


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result.stdout


@pytest.fixture
def scenario(tmp_path: Path) -> Any:
    """`scenario("udp-drop1", expect=…)`: the file of a recording's scenario, with more keys."""

    def write(name: str, **more: object) -> str:
        content = recording(name)["scenario"] | more
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(content))
        return str(path)

    return write


TIMELINES = {
    "udp-drop1": """\
        0  round 1: the registration was loaded
        0  1 UDP/IPv6 [2001:db8:5::1]:5060  no answer to 11 datagrams in 32 s
       32  2 UDP/IPv4 203.0.113.1:5060  401, then 200, registered
""",
    "tcp-drop1": """\
        0  1 TCP/IPv6 [2001:db8:5::1]:5060  the connect gets no answer in 32 s
       32  2 TCP/IPv4 203.0.113.1:5060  blocked 32 s by the connect to 1
""",
    "event-tcp-outage": """\
       20  event: 2001:db8:5::1 down
       50  round 2: the registration is refreshed
       50  1 TCP/IPv6 [2001:db8:5::1]:5060  connected, but no answer in 32 s
       60  lapsed: the registration ran out before it was refreshed
       82  2 TCP/IPv4 203.0.113.1:5060  401, then 200, registered
""",
    "tls-selfsigned": "[2001:db8:5::1]:5061  TLS fails: the certificate is\n             self-signed\n",
    "dns-naptr-drop": "found, after 10 s of DNS\n",
    "maxretries": "       40  rejected: 503 after max_retries=2 retries\n",
}


@pytest.mark.parametrize("name", TIMELINES)
def test_the_timeline(name: str, scenario: Any) -> None:
    text = CliRunner().invoke(app, ["simulate", scenario(name)]).stdout
    assert TIMELINES[name] in text
    assert max(map(len, text.splitlines())) <= 80


def test_json_is_one_object_or_a_list(scenario: Any) -> None:
    one = json.loads(run("simulate", scenario("udp-drop1"), "--json"))
    assert (one["format"], one["registered"]["t"]) == ("pjresolve.prediction/1", 32.0)
    two = json.loads(run("simulate", scenario("udp-drop1"), scenario("maxretries"), "--json", code=1))
    assert [p["status"] for p in two] == ["registered", "rejected"]


def test_expectations_that_hold(scenario: Any) -> None:
    expect = {"registered": {"transport": "udp", "address": "203.0.113.1"}, "within": 40}
    assert run("simulate", scenario("udp-drop1", expect=expect)).endswith("\nas expected\n")
    assert run("simulate", scenario("maxretries", expect={"rejected": True})).endswith("\nas expected\n")
    assert run("simulate", scenario("nosrv-tcponly", expect={"refused": True})).endswith("\nas expected\n")


def test_expectations_that_fail_are_told(scenario: Any) -> None:
    expect = {
        "registered": {"transport": "tls"},
        "within": 5,
        "targets": [],
        "refused": True,
        "rejected": True,
    }
    text = run("simulate", scenario("udp-drop1", expect=expect), code=1)
    assert text.partition("not as expected:\n")[2] == (
        "  registered\n    expected   tls *:*\n    predicted  udp 203.0.113.1:5060\n"
        "  within\n    expected   5 s\n    predicted  32 s\n"
        "  targets\n    expected   none\n"
        "    predicted  udp [2001:db8:5::1]:5060, udp 203.0.113.1:5060, udp\n"
        "               [2001:db8:5::2]:5060, udp 203.0.113.2:5060\n"
        "  refused\n    expected   yes\n    predicted  loaded\n"
        "  rejected\n    expected   yes\n    predicted  registered\n"
    )
    found = json.loads(run("simulate", scenario("udp-drop1", expect=expect), "--json", code=1))
    assert [row["what"] for row in found["unexpected"]] == [
        "registered",
        "within",
        "targets",
        "refused",
        "rejected",
    ]


def test_none_is_expected_and_comes(scenario: Any) -> None:
    run("simulate", scenario("tcp-drop1", expect={"registered": "none"}))
    run("simulate", scenario("udp-drop1", expect={"registered": "none"}), code=1)


@pytest.mark.parametrize("name", ["01", "01-healthy-dual-stack", "healthy-dual-stack"])
def test_the_library_by_name(name: str) -> None:
    assert "as expected" in run("simulate", name)


def test_until_goes_on_after_registering(scenario: Any) -> None:
    text = run("simulate", scenario("udp-drop1"), "--until", "3h")
    assert "round 2: the registration is refreshed" in text
    assert "at the end, after 3 h: registered" in text


def test_stacks_and_version() -> None:
    assert "asterisk-22: Asterisk 22 (res_pjsip)\n  held against recordings" in run("stacks")
    assert run("--version").startswith("pjresolve 0.")
