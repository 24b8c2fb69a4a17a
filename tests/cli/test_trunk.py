"""`pjresolve trunk`: where each kind of request goes, what outages cost, and where the kinds part."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

import pytest
from typer.testing import CliRunner, Result

import pjresolve
from pjresolve.cli.main import app
from tests.prediction.test_call import CONF, QUALIFIED, ZONE

FREE = "[free]\ntype=endpoint\naors=itsp\nallow=alaw\n"
BARE = "[bare]\ntype=endpoint\nallow=alaw\n"
ALONE = CONF.replace(FREE, "").replace(BARE, "")
HELD = ALONE + "[itsp]\ntype=identify\nendpoint=itsp\nmatch=203.0.113.0/24\n"
POLLED = HELD.replace("type=aor\n", "type=aor\nqualify_frequency=60\n")
PINNED = HELD.replace("aors=itsp\n", "aors=itsp\ntransport=tcp\n").replace(
    "type=registration\n", "type=registration\ntransport=udp\n"
)
TCP = ZONE + "_sip._tcp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.\n"


class Ask(Protocol):
    """Runs the command."""

    def __call__(self, *options: str, conf: str = HELD, zone: str = ZONE) -> Result: ...


@pytest.fixture
def trunk(tmp_path: Path) -> Ask:
    def run(*options: str, conf: str = HELD, zone: str = ZONE) -> Result:
        (tmp_path / "zone").write_text(zone, encoding="utf-8")
        (tmp_path / "pjsip.conf").write_text(conf, encoding="utf-8")
        where = ("-c", str(tmp_path / "pjsip.conf"), "--zone", str(tmp_path / "zone"))
        return CliRunner().invoke(app, ["trunk", *where, *options], env={"COLUMNS": "120"})

    return run


def told(found: Result, outage: str) -> str:
    """The row of an outage."""
    return next(line for line in found.stdout.splitlines() if line.startswith(outage) and "  " in line)


def test_kinds_stand_side_by_side(trunk: Ask) -> None:
    found = trunk()
    lines = [" ".join(line.split()) for line in found.stdout.splitlines()]
    assert "REGISTER a.example.net 203.0.113.10:5060 UDP/IPv4 no" in lines
    assert "INVITE out a.example.net 203.0.113.10:5060 UDP/IPv4 no" in lines
    assert any(
        line.startswith("INVITE in from 203.0.113.10, 203.0.113.20: endpoint itsp by ip") for line in lines
    )


def test_a_silent_server_costs_both_the_same(trunk: Ask) -> None:
    found = trunk()
    assert told(found, "203.0.113.10 is silent").split()[3:] == ["+6.4", "s", "→", "203.0.113.20"] * 2


def test_a_qualified_contact_costs_every_call(trunk: Ask) -> None:
    found = trunk(conf=POLLED)
    assert found.exit_code == 1
    assert "registered at b.example.net, and every call fails at once" in found.stdout
    assert told(found, "203.0.113.10 is silent").endswith("unreachable  fails at once")
    assert told(found, "203.0.113.10 falls silent").endswith("+6.4 s → 203.0.113.20")


def test_a_silent_dns_costs_everything(trunk: Ask) -> None:
    assert told(trunk(), "the DNS is silent").split()[4] == "never"
    assert "fails after" in told(trunk(), "the DNS is silent")


def test_calls_that_leave_another_way_are_told(trunk: Ask) -> None:
    found = trunk(conf=PINNED, zone=TCP)
    assert "calls leave another way than the registration: TCP/IPv4" in found.stdout
    assert found.exit_code == 1


def test_addresses_that_nobody_recognises_are_told(trunk: Ask) -> None:
    found = trunk(conf=ALONE)
    assert "calls that come from 203.0.113.10, 203.0.113.20 reach no context" in found.stdout


def test_an_endpoint_without_registration_is_a_trunk(trunk: Ask) -> None:
    found = json.loads(trunk("--json", conf=CONF).stdout)
    named = [(one["registration"], one["endpoint"]) for one in found["trunks"]]
    assert named == [("itsp", "itsp"), (None, "free")]


def test_a_registration_without_an_endpoint_registers_all_the_same(trunk: Ask) -> None:
    lonely = HELD.replace("type=endpoint", "type=acl").replace("type=aor", "type=acl")
    found = trunk(conf=lonely)
    assert "INVITE out  no call: no endpoint belongs to it" in found.stdout
    assert "itsp: registration itsp, no endpoint" in found.stdout


def test_faults_hold_in_every_run(trunk: Ask) -> None:
    found = trunk("--down", "203.0.113.10", conf=POLLED)
    assert "registered at b.example.net, but a call fails at once" in found.stdout


def test_json_has_the_costs(trunk: Ask) -> None:
    (found,) = json.loads(trunk("--json", conf=POLLED).stdout)["trunks"]
    (silent,) = [o for o in found["outages"] if o["outage"] == "203.0.113.10 is silent"]
    assert [(cost["kind"], cost["lost"]) for cost in silent["costs"]] == [
        ("REGISTER", 6.4),
        ("OPTIONS", None),
        ("INVITE out", None),
    ]
    assert [way["target"]["ip"] for way in found["ways"]] == ["ipv4", "ipv4", "ipv4"]


@pytest.mark.parametrize(
    ("options", "conf", "said"),
    [
        (("nobody",), HELD, "no trunk is called nobody (there is only itsp)"),
        ((), "[udp]\ntype=transport\nbind=0.0.0.0\n", "there is no trunk"),
        (("--dial-timeout", "x"), HELD, "--dial-timeout: 'x'"),
        (("--down", "192.0.2.1"), HELD, "matches no target"),
    ],
)
def test_what_cannot_be_asked_is_one_line(trunk: Ask, options: tuple[str, ...], conf: str, said: str) -> None:
    found = trunk(*options, conf=conf)
    assert found.exit_code == 2
    assert said in found.stderr
    assert found.stderr.count("\n") == 1


def test_a_narrow_page_puts_the_kinds_below_each_other(tmp_path: Path) -> None:
    (tmp_path / "zone").write_text(ZONE, encoding="utf-8")
    (tmp_path / "pjsip.conf").write_text(POLLED, encoding="utf-8")
    where = ["-c", str(tmp_path / "pjsip.conf"), "--zone", str(tmp_path / "zone")]
    found = CliRunner().invoke(app, ["trunk", *where], env={"COLUMNS": "60"})
    assert "  203.0.113.10 is silent\n    REGISTER    +6.4 s → 203.0.113.20\n" in found.stdout
    assert max(map(len, found.stdout.splitlines())) <= 60


def test_the_api_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "pjsip.conf").write_text(QUALIFIED, encoding="utf-8")
    (tmp_path / "zone").write_text(ZONE, encoding="utf-8")
    found = pjresolve.trunk(tmp_path / "pjsip.conf", "itsp", zone=tmp_path / "zone")
    assert [(one.registration, one.endpoint) for one in found] == [("itsp", "itsp")]
    assert any("every call fails at once" in warning for warning in found[0].warnings)
    assert [way["kind"] for way in found[0].ways()] == ["REGISTER", "OPTIONS", "INVITE out"]
    assert {row["kind"] for row in found[0].outages()} == {"REGISTER", "OPTIONS", "INVITE out"}
    assert found[0].incoming()[0]["status"] == 401
    assert "While all is well" in str(found[0])
    assert "<pre>" in found[0]._repr_html_()
