"""The main command and `record` on live DNS: a name server of the test's own, in a thread."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dns.message
import dns.rdatatype
import pytest
from typer.testing import CliRunner

from pjresolve.cli.main import app
from tests.dns.servers import Faulty, reply

pytestmark = pytest.mark.network
SCRIPT = str(Path(sys.executable).parent / "pjresolve")
RECORDS = {
    ("SRV", "_sip._tcp.sip.example"): [
        "_sip._tcp.sip.example 300 SRV 10 50 5060 a.example.",
        "_sip._tcp.sip.example 300 SRV 10 50 5060 b.example.",
    ],
    ("AAAA", "a.example"): ["a.example 300 AAAA 2001:db8::a"],
    ("A", "b.example"): ["b.example 300 A 192.0.2.2"],
}


def answers(query: dns.message.Message, tcp: bool) -> bytes | None:
    name = query.question[0].name.to_text(omit_final_dot=True).lower()
    rtype = dns.rdatatype.to_text(query.question[0].rdtype)
    if "slow" in name:
        return None
    if "refused" in name or "gone" in name:
        return reply(query, rcode=5 if "refused" in name else 3, authority="example 60 SOA a. b. 1 1 1 1 60")
    return reply(query, *RECORDS.get((rtype, name), []), authority="example 60 SOA a. b. 1 1 1 1 60")


@pytest.fixture
def server() -> Iterator[Faulty]:
    """A name server that knows RECORDS, and is silent about whatever has `slow` in it."""
    faulty = Faulty(answers)
    ready, loop = threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with faulty.running():
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    yield faulty
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    loop.close()


@pytest.fixture
def at(server: Faulty) -> list[str]:
    return ["--nameserver", f"127.0.0.1#{server.port}"]


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result.stdout


def test_live_answers_are_simulated_on(server: Faulty, at: list[str]) -> None:
    found = json.loads(run("sip.example", *at, "--json"))
    assert found["registered"] == {"t": 0.0, "transport": "tcp", "address": "2001:db8::a", "port": 5060}
    assert [o["probability"] for o in found["orders"]] == [0.5, 0.5]
    assert found["answers_from"] == f"answers from 127.0.0.1#{server.port}"
    first = server.seen[:]
    run("sip.example", *at, "--seed", "1")
    assert sorted(server.seen[len(first) :]) == sorted(first), "every order asks the same questions"
    assert len(first) == len(set(first)) == 10, "each question once"


def test_what_times_out_costs_what_asterisk_waits(at: list[str]) -> None:
    found = json.loads(run("sip.example", *at, "--dns-fault", "sip.example NAPTR=drop", "--json"))
    assert found["registered"]["t"] == 10


def test_a_silent_name_server_could_not_be_asked(at: list[str]) -> None:
    result = CliRunner().invoke(app, ["slow.example", *at, "--timeout", "0.05"])
    assert (result.exit_code, result.stdout) == (3, "")
    assert "no name server answers" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_recorded_snapshot_answers_alike_and_for_other_transports(at: list[str], tmp_path: Path) -> None:
    file = tmp_path / "sip.yaml"
    run("record", "sip.example", *at, "-o", str(file))
    live = json.loads(run("sip.example", *at, "--json"))
    kept = json.loads(run("sip.example", "--snapshot", str(file), "--json"))
    assert (kept["source"]["kind"], live["source"]["kind"]) == ("snapshot", "nameserver")
    own: dict[str, object] = {"answers_from": "", "source": {}}
    assert {**kept, **own} == {**live, **own}
    assert "_sips._tcp.sip.example nodata" in file.read_text()
    assert run("sip:sip.example;transport=tls", "--snapshot", str(file), code=1)
    run("record", "sip.example", *at, "-o", str(file), code=2)
    run("record", "sip.example", *at, "-o", str(file), "--force")


@contextmanager
def interruptible() -> Iterator[None]:
    """What is started within heeds SIGINT, also where the tests were started by a shell that ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def in_terminal(command: list[str], then: Callable[[subprocess.Popen[bytes], int], None]) -> tuple[int, str]:
    """Run with standard error on a terminal; returns the exit code and what was written there."""
    main, side = pty.openpty()
    with interruptible():
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=side)
    os.close(side)
    try:
        then(process, main)
        process.wait(60)
    finally:
        process.kill()  # one that is left behind would fail a test that has nothing to do with it
        process.wait()
    out = b""
    try:
        while chunk := os.read(main, 4096):
            out += chunk
    except OSError:
        pass  # the other side is closed
    os.close(main)
    return process.returncode, out.decode()


def test_progress_is_shown_after_a_second_and_an_interrupt_is_quiet(at: list[str]) -> None:
    def interrupt(process: subprocess.Popen[bytes], terminal: int) -> None:
        seen = os.read(terminal, 4096)
        assert b"1 s, asking 127.0.0.1#" in seen
        process.send_signal(signal.SIGINT)

    code, rest = in_terminal([SCRIPT, "slow.example", *at, "--timeout", "60"], interrupt)
    assert code == 130
    assert "Traceback" not in rest
    assert rest.endswith("\r\x1b[K")


def test_a_quick_answer_shows_no_progress(at: list[str]) -> None:
    assert in_terminal([SCRIPT, "sip.example", *at], lambda *_: None) == (0, "")


def test_waiting_is_told_once_where_nobody_sits_at_a_terminal(at: list[str]) -> None:
    done = subprocess.run(
        [SCRIPT, "slow.example", *at, "--timeout", "1"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    first, second = done.stderr.splitlines()
    assert first == f"asking 127.0.0.1#{at[1].partition('#')[2]}: NAPTR slow.example and 5 more …"
    assert second.startswith("pjresolve: no name server answers: ")


def test_all_domains_of_a_configuration_are_recorded(at: list[str], tmp_path: Path) -> None:
    conf = "[t]\ntype=transport\nprotocol=tcp\nbind=[::]\n[u]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n"
    for name, uri in {"a": "sip:sip.example", "b": "sip:b.example:5060", "c": "sip:192.0.2.7"}.items():
        conf += f"[{name}]\ntype=registration\nserver_uri={uri}\nclient_uri=sip:x@example\noutbound_auth=z\n"
    conf += "[z]\ntype=auth\nusername=x\npassword=y\n"
    (tmp_path / "pjsip.conf").write_text(conf)
    file = tmp_path / "dns.yaml"
    run("record", "-c", str(tmp_path / "pjsip.conf"), *at, "-o", str(file))
    found = json.loads(run("-c", str(tmp_path / "pjsip.conf"), "--snapshot", str(file), "--json"))
    assert [p["registered"]["address"] for p in found] == ["2001:db8::a", "192.0.2.2", "192.0.2.7"]


def test_a_snapshot_goes_to_standard_output(
    at: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("record", "sip.example", *at, "-o", "-").startswith("# Snapshot of sip.example\n")
    assert not list(tmp_path.iterdir())


def test_a_domain_that_does_not_exist_is_said_to_be_none(at: list[str], tmp_path: Path) -> None:
    file = str(tmp_path / "q.yaml")
    result = CliRunner().invoke(app, ["record", "gone.example", *at, "-o", file])
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "note: there is no domain gone.example: the snapshot says just that\n"
    for source in (at, ["--snapshot", file]):
        assert "no address was found: there is no domain gone.example;" in " ".join(
            run("gone.example", *source, code=1).split()
        )


def test_who_refuses_everything_is_no_verdict(at: list[str], tmp_path: Path) -> None:
    for arguments in (["refused.example"], ["record", "refused.example", "-o", str(tmp_path / "x")]):
        result = CliRunner().invoke(app, [*arguments, *at])
        assert (result.exit_code, result.stdout) == (3, "")
        assert "no name server has a usable answer to any of 6 queries: 127.0.0.1#" in result.stderr
    assert not (tmp_path / "x").exists()
