"""`pjresolve who`: whose a request is, who gets in, and one line for what cannot be asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

import pytest
from typer.testing import CliRunner, Result

from pjresolve.cli.main import app

CONF = """
[t-udp]
type=transport
protocol=udp
bind=0.0.0.0
[itsp]
type=registration
server_uri=sip:sip.example.net
client_uri=sip:me@sip.example.net
contact_user=0201
line=yes
endpoint=itsp
[itsp]
type=endpoint
context=from-itsp
allow=alaw
[itsp]
type=identify
endpoint=itsp
match=203.0.113.0/24
[desk]
type=endpoint
context=phones
auth=desk
allow=alaw
[desk]
type=auth
username=desk
password=a-long-one
"""
NAMED = CONF.replace("match=203.0.113.0/24", "match=sip.example.net")
ZONE = """
sip.example.net. 300 IN A 203.0.113.1
_sip._udp.sip.example.net. 300 IN SRV 10 10 5060 p1.sip.example.net.
_sip._udp.sip.example.net. 300 IN SRV 20 10 5060 p2.sip.example.net.
p1.sip.example.net. 300 IN A 203.0.113.10
p2.sip.example.net. 300 IN A 192.0.2.20
"""
INVITE = """INVITE sip:0201@198.51.100.10;line=abcdefg SIP/2.0
f: <sip:x@y.example>;tag=1
t: <sip:0201@z>

"""


class Ask(Protocol):
    """Runs the command."""

    def __call__(self, *args: str, conf: str = CONF, stdin: str = "") -> Result:
        """With a configuration, and something on standard input."""


@pytest.fixture
def who(tmp_path: Path) -> Ask:
    def ask(*args: str, conf: str = CONF, stdin: str = "") -> Result:
        path = tmp_path / "pjsip.conf"
        path.write_text(conf)
        return CliRunner().invoke(app, ["who", "-c", str(path), *args], input=stdin)

    return ask


def test_a_call_from_the_provider_is_found_by_its_address(who: Ask) -> None:
    found = who("--from", "203.0.113.7")
    assert found.exit_code == 0
    assert "endpoint itsp by ip: gets in; extension 100 of context from-itsp" in found.stdout


def test_a_telephone_is_challenged(who: Ask) -> None:
    found = who("--from", "198.51.100.7", "--header", "From: <sip:desk@example.org>", "--json")
    said = json.loads(found.stdout)
    assert (found.exit_code, said["status"], said["taken_for"], said["endpoint"]) == (1, 401, "desk", None)
    assert [look["identifier"] for look in said["looks"]] == ["line", "ip", "username"]


def test_the_contact_of_a_registration_leads_to_its_endpoint(who: Ask) -> None:
    found = who("--from", "198.51.100.7", "--contact", "itsp")
    assert "endpoint itsp by line: gets in; extension 0201 of context from-itsp" in found.stdout


def test_a_message_that_was_seen_is_taken_for_the_only_line_there_is(who: Ask) -> None:
    found = who("--from", "198.51.100.7", "--message", "-", stdin=INVITE)
    assert "its line parameter is taken for that of registration itsp" in found.stdout
    assert "endpoint itsp by line" in found.stdout


def test_strangers_get_in_by_a_name_in_from(who: Ask) -> None:
    found = who("--stranger")
    assert found.exit_code == 1
    assert "context from-itsp, as endpoint itsp by username" in found.stdout
    assert "phones" not in found.stdout


def test_nobody_gets_in_where_the_name_leads_nowhere(who: Ask) -> None:
    closed = CONF.replace("context=from-itsp", "context=from-itsp\nidentify_by=ip")
    found = who("--stranger", conf=closed)
    assert (found.exit_code, found.stdout) == (0, "no stranger reaches a context\n")


def test_addresses_of_a_provider_that_nobody_recognises(who: Ask, tmp_path: Path) -> None:
    (tmp_path / "zone").write_text(ZONE)
    found = who("--provider", "sip.example.net", "--zone", str(tmp_path / "zone"))
    assert found.exit_code == 1
    assert "203.0.113.10  endpoint itsp by ip: gets in" in found.stdout
    assert "192.0.2.20    nobody's: 401 Unauthorized" in found.stdout


def test_names_in_match_are_those_of_the_answers(who: Ask, tmp_path: Path) -> None:
    (tmp_path / "zone").write_text(ZONE)
    found = who("--from", "192.0.2.20", "--zone", str(tmp_path / "zone"), conf=NAMED)
    assert "endpoint itsp by ip" in found.stdout


def test_answers_that_do_not_hold_a_name_say_so(who: Ask, tmp_path: Path) -> None:
    (tmp_path / "zone").write_text("other.example. 300 IN A 203.0.113.1\n")
    found = who("--from", "192.0.2.20", "--zone", str(tmp_path / "zone"), conf=NAMED)
    assert found.exit_code == 2
    assert found.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "nothing is asked"),
        (["--stranger", "--from", "192.0.2.1"], "only one thing can be asked"),
        (["--from", "host.example"], "is no IP address"),
        (["--from", "192.0.2.1", "--transport", "ws"], "is no transport"),
        (["--from", "192.0.2.1", "--port", "0"], "is no port"),
        (["--stranger", "--uri", "sip:1@x"], "says nothing of --stranger"),
        (["--provider", "x.example", "--port", "5060"], "says nothing of --provider"),
        (["--from", "192.0.2.1", "--message", "m", "--method", "OPTIONS"], "says nothing of --message"),
        (["--from", "192.0.2.1", "--header", "nothing"], "is no header"),
        (["--from", "192.0.2.1", "--contact", "nobody"], "no registration is called nobody"),
        (["--message", "-"], "does not say where it came from"),
        (["--message", "-", "--from", "192.0.2.1"], "begins no SIP request"),
    ],
)
def test_bad_input_is_one_line(who: Ask, args: list[str], said: str) -> None:
    found = who(*args)
    assert found.exit_code == 2
    assert found.stdout == ""
    assert said in found.stderr
    assert found.stderr.count("\n") == 1
