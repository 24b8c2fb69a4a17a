"""The main command: what it says of the bundled snapshots, of zones, configurations and faults."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import pjresolve
from pjresolve.cli.main import app
from pjresolve.story.lines import Tone
from pjresolve.story.verdict import verdict

SCRIPT = str(Path(sys.executable).parent / "pjresolve")
SIP6, PROXY = "sip6.voipgrid.nl", "sipproxy.voipgrid.nl"


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    assert result.stderr == ""
    return result.stdout


def predicted(*arguments: str, code: int = 0) -> Any:
    return json.loads(run(*arguments, "--json", code=code))


GOLDEN = """\
sip:sip6.voipgrid.nl, Asterisk 22 (res_pjsip)
answers from a bundled snapshot: illustrative, not a capture

DNS, in the order asked
  NAPTR sip6.voipgrid.nl             nothing of this type
  SRV   _sips._tcp.sip6.voipgrid.nl  no such name
  SRV   _sip._tcp.sip6.voipgrid.nl   10 10 5060 sbc-a.sip6.voipgrid.nl
  SRV   _sip._udp.sip6.voipgrid.nl   10 10 5060 sbc-a.sip6.voipgrid.nl
  AAAA  sip6.voipgrid.nl             2a06:2a80:1::60
        skipped: an SRV record of this set comes before addresses
  A     sip6.voipgrid.nl             nothing of this type
  these lead to 4 further queries:
  AAAA  sbc-a.sip6.voipgrid.nl  2a06:2a80:1::60
  A     sbc-a.sip6.voipgrid.nl  nothing of this type
  AAAA  sbc-a.sip6.voipgrid.nl  2a06:2a80:1::60
  A     sbc-a.sip6.voipgrid.nl  nothing of this type

Targets, in the order they are tried
  SRV 10 10 _sip._tcp.sip6.voipgrid.nl → sbc-a.sip6.voipgrid.nl
   1  TCP/IPv6  [2a06:2a80:1::60]:5060  AAAA
  SRV 10 10 _sip._udp.sip6.voipgrid.nl → sbc-a.sip6.voipgrid.nl
   2  UDP/IPv6  [2a06:2a80:1::60]:5060  AAAA

registers at sbc-a.sip6.voipgrid.nl over TCP/IPv6, [2a06:2a80:1::60]:5060, at
  once
  TCP: there is an SRV record for TCP, none for TLS
  IPv6: sbc-a.sip6.voipgrid.nl has no A record
  assumed: it answers, and accepts the account

If targets do not answer
    1  blocked: registers with 2, UDP/IPv6 [2a06:2a80:1::60]:5060, after 135.5 s
  1-2  blocked: never registers, gives up for good after 20 min 2 s
  blocked: a connect without answer keeps everything else from being sent
"""


def test_the_whole_text() -> None:
    assert run(SIP6, "--offline") == GOLDEN


@pytest.mark.parametrize(
    "arguments",
    [["--offline", SIP6], ["resolve", SIP6, "--offline"], ["resolve", "--offline", SIP6.upper() + "."]],
)
def test_options_may_stand_anywhere_and_the_command_may_be_named(arguments: list[str]) -> None:
    assert run(*arguments) == GOLDEN


def test_the_console_script_says_the_same_without_colour() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([SCRIPT, SIP6, "--offline"], capture_output=True, timeout=60, env=environment)
    assert done.stdout.decode() == GOLDEN.replace("→", "\\u2192")
    assert done.returncode == 0


def test_a_closed_pipe_is_no_traceback() -> None:
    command = f"{SCRIPT} {PROXY} --offline --json --until 30d --fault '*={{expires: 20}}' | head -c 10"
    done = subprocess.run(["bash", "-c", command], capture_output=True, timeout=60)
    assert done.stdout.startswith(b"{")
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_line() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([SCRIPT, SIP6, "--offline"], stdout=full, stderr=subprocess.PIPE, timeout=60)
    assert (done.returncode, done.stderr) == (2, b"pjresolve: standard output: No space left on device\n")


@pytest.mark.parametrize(
    ("uri", "registered"),
    [
        (SIP6, ("tcp", "2a06:2a80:1::60", 5060)),
        (f"sip:{SIP6};transport=tls", ("tls", "2a06:2a80:1::60", 5061)),
        (f"sips:{SIP6}", ("tls", "2a06:2a80:1::60", 5061)),
        (f"{SIP6}:5070", ("udp", "2a06:2a80:1::60", 5070)),
        (PROXY, ("udp", "2a06:2a80:1::11", 5060)),
        (f"sip:user@{PROXY};transport=tcp", ("tcp", "2a06:2a80:1::11", 5060)),
        ("192.0.2.1", ("udp", "192.0.2.1", 5060)),
        ("2001:db8::1", ("udp", "2001:db8::1", 5060)),
        ("sip:[2001:db8::1];transport=tcp", ("tcp", "2001:db8::1", 5060)),
    ],
)
def test_forms_of_the_domain(uri: str, registered: tuple[str, str, int]) -> None:
    found = predicted(uri, "--offline")
    assert tuple(found["registered"][k] for k in ("transport", "address", "port")) == registered


def test_an_address_needs_no_name_server() -> None:
    found = predicted("192.0.2.1", "--nameserver", "127.0.0.1#1")
    assert (found["dns"], found["registered"]["t"]) == ([], 0)


def test_transports_and_pin() -> None:
    assert (
        "UDP/IPv4 transport" in predicted(PROXY, "--offline", "--transports", "tcp6,tcp", code=1)["refusal"]
    )
    for pin in ("tcp6", "transport-tcp6"):
        found = predicted(SIP6, "--offline", "--pin", pin)
        assert found["why"][0] == "TCP: transport=transport-tcp6 pins TCP/IPv6"
        assert found["provenance"][0]["transport"] == "tcp"


def test_orders_have_their_probabilities() -> None:
    found = predicted(PROXY, "--offline")
    assert [o["probability"] for o in found["orders"]] == [0.5, 0.5]
    text = run(PROXY, "--offline")
    assert "     50 %  1-6\n     50 %  3-4 1-2 5-6\n" in text


def test_a_seed_draws_the_order() -> None:
    first = {predicted(PROXY, "--offline", "--seed", str(n))["registered"]["address"] for n in range(12)}
    assert first == {"2a06:2a80:1::11", "2a06:2a80:2::12"}


# ---------------------------------------------------------------- faults


def test_a_fault_before_and_one_after_at() -> None:
    text = run(PROXY, "--offline", "--at", "30", "--down", "proxy-a." + PROXY, "--until", "2h")
    assert "       30  event: 2a06:2a80:1::11 down\n       30  event: 185.103.76.11 down\n" in text
    assert (
        "registers at proxy-a.sipproxy.voipgrid.nl over UDP/IPv6, [2a06:2a80:1::11]:5060,\n  at once" in text
    )
    text = run(PROXY, "--offline", "--down", "proxy-a." + PROXY, "--until", "2h")
    assert "event:" not in text
    assert "[2a06:2a80:2::12]:5060,\n  after 64 s" in text


def test_the_order_of_options_counts() -> None:
    early = predicted(SIP6, "--offline", "--down", "*", "--at", "600", "--fault", "*=up", "--until", "1h")
    late = predicted(SIP6, "--offline", "--at", "600", "--down", "*", "--at", "900", "--fault", "*=up")
    assert early["registered"]["t"] > 600
    assert late["registered"]["t"] == 0


@pytest.mark.parametrize("option", ["ipv6", "*", "sipproxy.voipgrid.nl", "udp"])
def test_what_a_fault_can_name(option: str) -> None:
    found = predicted(PROXY, "--offline", "--fault", f"{option}=silent", code=0 if option == "ipv6" else 1)
    assert found["attempts"][0]["outcome"] == "timeout"


def test_families_and_dns_faults() -> None:
    assert predicted(PROXY, "--offline", "--no-ipv6")["registered"]["address"] == "185.103.76.11"
    slow = predicted(PROXY, "--offline", "--dns-fault", f"{PROXY} NAPTR=drop")
    assert slow["registered"]["t"] == 10
    assert slow["dns"][0]["status"] == "timeout"


def test_time_without_a_registration_is_told() -> None:
    text = run(
        PROXY,
        "--offline",
        "--fault",
        "ipv6=silent",
        "--fault",
        "ipv4={expires: 60}",
        "--until",
        "260",
        code=1,
    )
    assert "  after 32 s, but is not registered at the end, after 260 s\n" in text
    assert "  without a valid registration for 80 s of 260 s\n" in text
    assert "… round 3 the same way, at 164" in text


def test_a_year_is_folded() -> None:
    text = run(SIP6, "--offline", "--until", "365d", "--fault", "tcp={expires: 120}")
    assert "the same way, the last at 31535" in text
    assert len(text.splitlines()) < 50


# ---------------------------------------------------------------- a configuration

CONF = """\
[t-udp]
type=transport
protocol=udp
bind=0.0.0.0
[a]
type=registration
server_uri=sip:sip6.voipgrid.nl
client_uri=sip:x@sip6.voipgrid.nl
[b]
type=registration
server_uri=sip:sipproxy.voipgrid.nl
client_uri=sip:x@sipproxy.voipgrid.nl
outbound_auth=b
[b]
type=auth
auth_type=userpass
username=x
password=y
"""


def test_all_registrations_of_a_file_or_one(tmp_path: Path) -> None:
    conf = tmp_path / "pjsip.conf"
    conf.write_text(CONF)
    both = predicted("-c", str(conf), "--offline", code=1)
    assert [p["registration"] for p in both] == ["a", "b"]
    assert predicted("-c", str(conf), "-r", "b", "--offline")["registered"]["address"] == "185.103.76.11"
    assert predicted("-c", str(conf), PROXY, "--offline")["registration"] == "b"


def test_the_lack_of_credentials_is_named(tmp_path: Path) -> None:
    conf = tmp_path / "pjsip.conf"
    conf.write_text(CONF.replace("outbound_auth=b\n", ""))
    text = run("-c", str(conf), "-r", "b", "--offline", code=1)
    assert "the server asks for credentials, and the registration has no outbound_auth" in text


# ---------------------------------------------------------------- what comes from outside is escaped

HOSTILE = r"""
$TTL 300
sip.example. IN SRV 1 1 5060 x.
_sip._udp.sip.example. IN SRV 1 1 5060 a\027[31m\226\128\174b.example.
_sip._udp.sip.example. IN SRV 1 1 5060 {long}.example.
a\027[31m\226\128\174b.example. IN A 192.0.2.1
{long}.example. IN A 192.0.2.2
sip.example. IN NAPTR 1 1 "s" "\027]0;x\007" "" .
"""


@pytest.mark.parametrize("more", [[], ["--explain"], ["--until", "10m", "--down", "*"]])
def test_hostile_names_are_escaped_and_80_columns_kept(tmp_path: Path, more: list[str]) -> None:
    zone = tmp_path / "zone"
    zone.write_text(HOSTILE.format(long=".".join(["x" * 63] * 3)))
    text = run("sip.example", "--zone", str(zone), *more, code=1 if "--down" in more else 0)
    for line in text.splitlines():
        assert line.isprintable()
        assert len(line) <= 80
    assert "\\027" in text


def test_explain_names_the_recordings() -> None:
    text = run(SIP6, "--offline", "--explain")
    assert "[recording base]" in "".join(text.split("\n          ")).replace("addresses[", "addresses [")
    assert "connect" in text
    assert max(map(len, text.splitlines())) <= 80


# ---------------------------------------------------------------- what the verdict does not keep to itself


def test_a_registration_that_is_lost_is_no_success() -> None:
    text = run(SIP6, "--offline", "--at", "30", "--down", "*", code=1)
    assert "but is not registered at the end, gives up for good" in " ".join(text.split())
    assert "without a valid registration for 1 h 30 s of 2 h 30 s" in text
    lost = predicted(SIP6, "--offline", "--at", "30", "--down", "*", code=1)
    assert (lost["registers"], lost["status"]) == (False, "rejected")
    assert lost["registered"] is not None


def test_a_registration_with_gaps_is_told_as_one() -> None:
    found = pjresolve.resolve(
        PROXY,
        offline=True,
        transports="udp6,udp",
        faults="*={expires: 60}",
        events=[("5m", "ipv6=down")],
        until=3550,
    )
    said = verdict(found)
    assert (said.registers, said.label, said.tone) == (True, "registers, with gaps: 75 %", Tone.WARN)
    assert found.status == "registered"


TLS_THEN_UDP = """\
_sips._tcp.example.net. 300 IN SRV 1 1 5061 p.example.net.
_sip._udp.example.net. 300 IN SRV 1 1 5060 p.example.net.
p.example.net. 300 IN A 203.0.113.1
"""


def test_a_way_into_the_clear_is_marked(tmp_path: Path) -> None:
    zone = tmp_path / "x.zone"
    zone.write_text(TLS_THEN_UDP)
    well = run("example.net", "--zone", str(zone))
    assert "where TLS fails, target 2 can take the registration in the clear\n" in well
    assert "its certificate is not verified: any is taken, a self-signed one too\n" in well
    assert "at once, in the clear" not in well
    fallen = " ".join(run("example.net", "--zone", str(zone), "--fault", "tls=reject").split())
    assert "203.0.113.1:5060, at once, in the clear" in fallen
    assert "without encryption: everybody on the way can read it, and change it" in fallen
    told = predicted("example.net", "--zone", str(zone), "--fault", "tls=reject")
    assert told["in_the_clear"] == {"transport": "udp", "address": "203.0.113.1", "port": 5060}
    pinned = run("example.net", "--zone", str(zone), "--pin", "tls")
    assert "in the clear" not in pinned


def test_a_later_way_into_the_clear_is_told(tmp_path: Path) -> None:
    zone = tmp_path / "x.zone"
    zone.write_text(TLS_THEN_UDP)
    text = run("example.net", "--zone", str(zone), "--at", "30", "--fault", "tls=reject", "--until", "3h")
    assert "later it registers in the clear: UDP/IPv4 203.0.113.1:5060 takes it" in " ".join(text.split())


# ---------------------------------------------------------------- one world for all commands

SRV = ("_sips._tcp", "_sip._tcp", "_sip._udp")
ONE_OF_EACH = """\
[t-udp]
type=transport
protocol=udp
bind=0.0.0.0
[t-udp6]
type=transport
protocol=udp
bind=[::]
[itsp]
type=registration
server_uri=sip:{host}
client_uri=sip:me@{host}
outbound_auth=itsp
[itsp]
type=auth
username=me
password=secret
"""
DEAD_FIRST = """\
zone: |
  example.net. 300 IN AAAA 2001:db8::1
  example.net. 300 IN A 203.0.113.1
hosts:
  "2001:db8::1": down
"""


def shown(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def test_all_commands_live_in_the_world_of_the_snapshot(tmp_path: Path) -> None:
    conf, snapshot = tmp_path / "pjsip.conf", tmp_path / "s.yaml"
    conf.write_text(ONE_OF_EACH.format(host="example.net"))
    snapshot.write_text(DEAD_FIRST)
    source = ("--snapshot", str(snapshot))
    assert predicted("-c", str(conf), *source)["registered"]["t"] == 32
    assert "after 32 s" in shown("check", str(conf), *source)[1]
    assert "Unregistered" in shown("show", "registrations", "-c", str(conf), *source, "--at", "20")[1]
    back = predicted("-c", str(conf), *source, "--at", "20", "--fault", "2001:db8::1=up", "--until", "4m")
    assert back["registered"]["t"] < 32
    # of the host that the file says to be down nothing is taken for granted, of the other it is
    assert predicted("-c", str(conf), *source)["assumed"] == "assumed: it answers, and accepts the account"
    snapshot.write_text(DEAD_FIRST.replace("down", "{udp/5060: ok}"))
    assert predicted("-c", str(conf), *source)["assumed"] == ""
    snapshot.write_text(DEAD_FIRST + "client: {ipv6: false}\n")
    assert predicted("-c", str(conf), *source)["registered"]["t"] == 0


def test_events_of_a_snapshot_are_said_to_be_left_out(tmp_path: Path) -> None:
    snapshot = tmp_path / "s.yaml"
    snapshot.write_text(DEAD_FIRST + 'events: [{at: 5, host: "2001:db8::1", set: down}]\n')
    assert "; the events in " in predicted("example.net", "--snapshot", str(snapshot))["answers_from"]


def test_a_domain_that_the_answers_do_not_hold_is_refused_by_all(tmp_path: Path) -> None:
    conf, zone = tmp_path / "pjsip.conf", tmp_path / "x.zone"
    conf.write_text(ONE_OF_EACH.format(host="example.org"))
    zone.write_text(TLS_THEN_UDP)
    for command in (["-c"], ["show", "registrations", "-c"], ["show", "register", "-c"]):
        code, text = shown(*command, str(conf), "--zone", str(zone))
        assert (code, "there is nothing of example.org in it" in text) == (2, True), text


def test_several_files_answer_together(tmp_path: Path) -> None:
    hosts = ("a.example.net", "b.example.org")
    conf, files = tmp_path / "pjsip.conf", []
    second = ONE_OF_EACH.format(host=hosts[1]).replace("[itsp]", "[other]").replace("auth=itsp", "auth=other")
    conf.write_text(ONE_OF_EACH.format(host=hosts[0]) + second[second.index("[other]") :])
    for number, host in enumerate(hosts):
        files.append(tmp_path / f"{number}.yaml")
        asked = "".join(
            f"  ;; asked {rtype} {name} nxdomain\n"
            for rtype, name in (("NAPTR", host), *(("SRV", f"{p}.{host}") for p in SRV), ("AAAA", host))
        )
        files[-1].write_text(f"zone: |\n  {host}. 300 IN A 203.0.113.{number}\n{asked}")
    each = [option for path in files for option in ("--snapshot", str(path))]
    found = predicted("-c", str(conf), *each)
    assert [p["registered"]["address"] for p in found] == ["203.0.113.0", "203.0.113.1"]
    assert "does not register" not in shown("check", str(conf), *each)[1]
    assert shown("-c", str(conf), *each[:2])[0] == 2
    some = predicted("-c", str(conf), *each, "-r", "other")
    assert some["registration"] == "other"
    both = predicted("-c", str(conf), *each, "-r", "other", "-r", "itsp")
    assert [p["registration"] for p in both] == ["itsp", "other"]


def test_where_answers_come_from_is_a_value(tmp_path: Path) -> None:
    zone = tmp_path / "x.zone"
    zone.write_text(TLS_THEN_UDP)
    source = predicted("example.net", "--zone", str(zone))["source"]
    assert source == {"kind": "zone", "names": [str(zone)], "captured": True}
    bundled = predicted(SIP6, "--offline")["source"]
    assert (bundled["kind"], bundled["captured"]) == ("bundled", False)


def test_a_file_is_told_how_to_be_checked(tmp_path: Path) -> None:
    conf, zone = tmp_path / "pjsip.conf", tmp_path / "x.zone"
    conf.write_text(ONE_OF_EACH.format(host="example.net"))
    zone.write_text(TLS_THEN_UDP)
    text = run("-c", str(conf), "--zone", str(zone))
    assert f"pjresolve check {conf}" in " ".join(text.split())
    assert "pjresolve check" not in run("example.net", "--zone", str(zone))


def test_files_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    files = [tmp_path / "a.zone", tmp_path / "b.zone"]
    for number, path in enumerate(files):
        path.write_text(f"example.net. {300 + number} IN A 203.0.113.{number}\n")
    code, text = shown("example.net", "--zone", str(files[0]), "--zone", str(files[1]))
    assert code == 2
    assert "the answer to A example.net is not the same in" in text
    files[1].write_text("example.net. 60 IN A 203.0.113.0\n")
    assert shown("example.net", "--zone", str(files[0]), "--zone", str(files[1]))[0] == 0
    worlds = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    for state, path in zip(("down", "{udp/5060: ok}"), worlds, strict=True):
        path.write_text(f"zone: 'example.net. 300 IN A 203.0.113.0'\nhosts: {{203.0.113.0: {state}}}\n")
    code, text = shown("example.net", "--snapshot", str(worlds[0]), "--snapshot", str(worlds[1]))
    assert (code, "host 203.0.113.0 is not the same in" in text) == (2, True)


# ---------------------------------------------------------------- how wide text is


@pytest.mark.parametrize("width", [40, 57, 140])
def test_text_is_as_wide_as_the_columns(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for command in (("resolve", PROXY, "--offline", "--down", "ipv6"), ("stacks",), ("scenarios",)):
        lines = shown(*command)[1].splitlines()
        words = [line for line in lines if len(line.strip().split()) > 2]
        assert max(map(len, words)) <= width
        assert max(map(len, words)) > min(width, 100) * 0.7


def test_piped_text_has_80_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    for nonsense in ("", "0", "x", "-5"):
        monkeypatch.setenv("COLUMNS", nonsense)
        assert max(map(len, run(PROXY, "--offline", "--down", "ipv6").splitlines())) in range(70, 81)
