"""`pjresolve check` and `pjresolve rule` from the command line: output, exit codes, bad input."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import dns.message
import dns.rdatatype
import pytest
from typer.testing import CliRunner, Result

from pjresolve.cli.main import app
from pjresolve.lint.registry import rules
from pjresolve.scenario.examples import bundled
from tests.dns.servers import Faulty, reply
from tests.lint.composing import GOOD, TRUNK, ZONE, composed

PINNED = composed("[itsp]\ntype=registration\ntransport=transport-udp6")
REFUSED = composed("[itsp]\ntype=registration\nline=no")


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(app, [str(a) for a in args])


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    files = {"good.conf": TRUNK, "pinned.conf": PINNED, "refused.conf": REFUSED, "trunk.zone": ZONE}
    for name, text in files.items():
        Path(name).write_text(text)
    Path("binary.conf").write_bytes(b"\x7fELF\0\0")
    Path("open.conf").write_text("[itsp\n")
    Path("loop.conf").write_text("#include loop.conf\n")
    Path("deep.conf").write_text("#include 0.inc\n")
    for i in range(30):
        Path(f"{i}.inc").write_text(f"#include {i + 1}.inc\n")
    Path("bad.zone").write_text("nonsense\n")
    with open("huge.conf", "wb") as file:
        file.truncate(100 * 1024 * 1024)
    return tmp_path


def test_a_clean_file_exits_with_0(here: Path) -> None:
    result = run("check", "good.conf", "--zone", "trunk.zone")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "nothing found in 1 file, answers from zone file trunk.zone"
    assert result.stdout.startswith("itsp: registers at [2001:db8:5::1]:5060 over UDP/IPv6")


def test_the_published_configuration_is_clean(here: Path) -> None:
    snapshot = bundled("sip6.voipgrid.nl")
    assert snapshot is not None
    arguments = ("check", GOOD / "published.conf", "--snapshot", snapshot)
    assert run(*arguments).exit_code == 0
    # but for what the provider publishes: TCP before UDP
    result = run(*arguments, "--fail-on", "info", "--ignore", "PJ416")
    assert result.exit_code == 0
    assert "nothing found" in result.stdout


def test_findings_exit_with_1(here: Path) -> None:
    result = run("check", "pinned.conf", "--zone", "trunk.zone")
    assert result.exit_code == 1
    assert "PJ201 warning" in result.stdout
    assert "IPv6 outage: not registered until it ends" in " ".join(result.stdout.split())


@pytest.mark.parametrize(("fail_on", "code"), [("error", 0), ("warning", 1), ("info", 1)])
def test_fail_on(here: Path, fail_on: str, code: int) -> None:
    result = run("check", "pinned.conf", "--no-dns", "--fail-on", fail_on)
    assert result.exit_code == code


def test_select_and_ignore(here: Path) -> None:
    assert run("check", "pinned.conf", "--no-dns", "--select", "PJ5").exit_code == 0
    assert run("check", "pinned.conf", "--no-dns", "--ignore", "PJ2", "--ignore", "PJ301").exit_code == 0


def test_json_comes_whole(here: Path) -> None:
    result = run("check", "pinned.conf", "--zone", "trunk.zone", "--format", "json")
    whole = json.loads(result.stdout)
    assert {f["code"] for f in whole["findings"]} == {"PJ201"}
    assert whole["verdicts"][0]["registers"] is True


def test_a_file_that_another_includes_is_checked_with_it(here: Path) -> None:
    Path("main.conf").write_text("#include good.conf\n")
    whole = json.loads(run("check", "good.conf", "main.conf", "--no-dns", "--format", "json").stdout)
    assert len(whole["verdicts"]) == 1


def test_an_old_asterisk_is_named_by_its_version(here: Path) -> None:
    assert "PJ102" in run("check", "good.conf", "--no-dns", "--asterisk", "13.10").stdout


def test_a_missing_include_is_a_finding_and_the_rest_is_checked(here: Path) -> None:
    """Nothing is said to be missing that may stand there, and sections of its templates are left out."""
    Path("part.conf").write_text(
        PINNED + "#include none.conf\n"
        "[a](elsewhere)\ntype=endpoint\nnonsense=1\n[b](a)\n[c](+)\nallow=ulaw\n"
        "[d]\ntype=endpoint\naors=d\nauth=e\nallow=ulaw\nnonsense=1\n"
    )
    result = run("check", "part.conf", "--zone", "trunk.zone", "--format", "json")
    assert result.exit_code == 1
    whole = json.loads(result.stdout)
    found = {(f["code"], f["line"]) for f in whole["findings"]}
    lines = Path("part.conf").read_text().splitlines()
    assert ("PJ512", lines.index("#include none.conf") + 1) in found
    assert ("PJ502", len(lines)) in found
    assert {code for code, _ in found} <= {"PJ201", "PJ502", "PJ512", "PJ307", "PJ316"}
    assert "PJ201" in {code for code, _ in found}
    assert [v["registers"] for v in whole["verdicts"]] == [False]
    assert "refuses the file" in whole["verdicts"][0]["text"]


def test_a_missing_include_ends_what_predicts(here: Path) -> None:
    Path("part.conf").write_text(TRUNK + "#include none.conf\n")
    for args in (
        ["show", "registrations", "-c", "part.conf"],
        ["resolve", "-c", "part.conf", "--zone", "trunk.zone"],
    ):
        result = run(*args)
        assert result.exit_code == 2, args
        assert len(result.stderr.splitlines()) == 1
        assert "does not exist" in result.stderr


BAD_INPUT = [
    (["missing.conf"], "missing.conf: cannot read"),
    (["binary.conf"], "binary"),
    (["open.conf"], "open.conf:1: "),
    (["loop.conf"], "includes itself"),
    (["huge.conf"], "is larger than"),
    (["."], "Is a directory"),
    (["good.conf", "--zone", "bad.zone"], "bad.zone"),
    (["good.conf", "--snapshot", "missing.yaml"], "missing.yaml"),
    (["good.conf", "--no-dns", "--zone", "trunk.zone"], "exclude each other"),
    (["good.conf", "--no-dns", "--format", "xml"], "use text, json, sarif, github, junit, nagios"),
    (["good.conf", "--no-dns", "--fail-on", "bad"], "use error, warning or info"),
    (["good.conf", "--no-dns", "--select", "PJ999"], "no rule is called PJ999"),
    (["good.conf", "--no-dns", "--asterisk", "new"], "write 22 or 13.10"),
    (["good.conf", "--nameserver", "nobody"], "is no name server"),
    ([], "FILE"),
]


@pytest.mark.parametrize(
    ("args", "words"), BAD_INPUT, ids=lambda v: " ".join(v) if isinstance(v, list) else v
)
def test_bad_input_is_one_line_and_exit_code_2(here: Path, args: list[str], words: str) -> None:
    needs = ["--no-dns"] if len(args) == 1 else []
    result = run("check", *args, *needs)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert words in result.stderr


def test_includes_that_are_too_deep_end_in_one_line(here: Path) -> None:
    result = run("check", "deep.conf", "--no-dns")
    assert len((result.stderr or result.stdout).splitlines()) >= 1
    assert "Traceback" not in result.output


NOBODY = "127.0.0.1#1"
"""A name server that is not there."""


@pytest.mark.network
def test_dns_that_cannot_be_asked_exits_with_3(here: Path) -> None:
    result = run("check", "good.conf", "--nameserver", NOBODY, "--timeout", "0.2")
    assert result.exit_code == 3
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.network
def test_nagios_says_unknown_where_the_check_cannot_be_made(here: Path) -> None:
    result = run("check", "good.conf", "--nameserver", NOBODY, "--timeout", "0.2", "--format", "nagios")
    assert result.exit_code == 3
    assert result.stdout.startswith("PJRESOLVE UNKNOWN - no name server answers")


@pytest.mark.parametrize(
    ("name", "code", "state"),
    [("good.conf", 0, "OK"), ("pinned.conf", 1, "WARNING"), ("refused.conf", 2, "CRITICAL")],
)
def test_nagios_has_its_own_exit_codes(here: Path, name: str, code: int, state: str) -> None:
    result = run("check", name, "--zone", "trunk.zone", "--format", "nagios")
    assert result.exit_code == code
    assert result.stdout.startswith(f"PJRESOLVE {state} - ")
    assert " | errors=" in result.stdout.splitlines()[0]


def test_what_the_answers_do_not_hold_is_not_checked_and_never_green(here: Path) -> None:
    Path("other.zone").write_text("other.example. 300 IN A 203.0.113.4\n")
    text = run("check", "good.conf", "--zone", "other.zone")
    assert text.exit_code == 2
    assert "not checked: sip.example.net, which they do not hold" in " ".join(text.stdout.split())
    nagios = run("check", "good.conf", "--zone", "other.zone", "--format", "nagios")
    assert (nagios.exit_code, nagios.stdout.split()[1]) == (3, "UNKNOWN")
    whole = run("check", "good.conf", "--zone", "other.zone", "--format", "json")
    assert (whole.exit_code, json.loads(whole.stdout)["unanswered"]) == (2, ["sip.example.net"])
    junit = run("check", "good.conf", "--zone", "other.zone", "--format", "junit")
    assert '<error type="registration"' in junit.stdout
    assert run("check", "refused.conf", "--zone", "other.zone").exit_code == 1, "findings come first"
    assert run("check", "good.conf", "--no-dns").exit_code == 0, "nobody wanted to know"


def test_a_file_without_a_section_is_no_good_file(here: Path) -> None:
    Path("empty.conf").write_text("; nothing yet\n")
    result = run("check", "empty.conf", "--no-dns")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "empty.conf: no section stands in it: there is nothing to check" in result.stderr
    nagios = run("check", "empty.conf", "--no-dns", "--format", "nagios")
    assert (nagios.exit_code, nagios.stdout.split()[1]) == (3, "UNKNOWN")
    assert run("check", "empty.conf", "good.conf", "--no-dns").exit_code == 0, "the other file was checked"


def test_a_file_without_registrations_needs_no_dns(here: Path) -> None:
    Path("phones.conf").write_text(TRUNK[: TRUNK.index("[itsp]")])
    result = run("check", "phones.conf", "--nameserver", NOBODY, "--timeout", "0.2")
    assert result.exit_code == 0
    assert "no DNS needed" in result.stdout


def answers(query: dns.message.Message, tcp: bool) -> bytes | None:
    """As the zone says."""
    name = query.question[0].name.to_text(omit_final_dot=True).lower()
    rtype = dns.rdatatype.to_text(query.question[0].rdtype)
    lines = [line.replace(" IN ", " ") for line in ZONE.splitlines() if line.startswith(f"{name}. ")]
    found = [line for line in lines if f" {rtype} " in line]
    return reply(query, *found, authority="example.net 60 SOA a. b. 1 1 1 1 60")


@pytest.fixture
def server() -> Iterator[Faulty]:
    """A name server for the zone, in a thread."""
    faulty, loop, ready = Faulty(answers), asyncio.new_event_loop(), threading.Event()
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


@pytest.mark.network
def test_live_answers_are_asked_for_until_nothing_is_missing(here: Path, server: Faulty) -> None:
    args = ["check", "pinned.conf", "--format", "json", "--nameserver", f"127.0.0.1#{server.port}"]
    whole = json.loads(run(*args).stdout)
    assert {f["code"] for f in whole["findings"]} == {"PJ201"}
    assert whole["verdicts"][0]["registers"] is True
    questions = [(rtype, name) for rtype, name, _ in server.seen]
    assert ("SRV", "_sips._tls.sip.example.net") in questions
    assert len(questions) == len(set(questions)), "each question once"


def test_rule_prints_a_manual(here: Path) -> None:
    result = run("rule", "pj201")
    assert result.exit_code == 0
    assert result.stdout.startswith("PJ201 A pinned `transport=` bars failover to the other IP version.\n")
    assert "Bad:\n\n    [itsp]\n" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_rule_without_a_code_lists_all(here: Path) -> None:
    lines = run("rule").stdout.splitlines()
    assert [line.split()[0] for line in lines if line.startswith("  ")] == list(rules())


def test_an_unknown_rule_names_the_closest(here: Path) -> None:
    result = run("rule", "PJ2O1")
    assert result.exit_code == 2
    assert "did you mean PJ201" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_the_hook_is_defined() -> None:
    import yaml

    from tests.conftest import ROOT

    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["entry"] == "pjresolve check"
    assert run(*hook["entry"].split()[1:], *hook["args"], GOOD / "trunk.conf").exit_code == 0
    staged = ("pjsip.conf", "etc/pjsip.conf", "pjsip_notify.conf", "pjsip_wizard.conf", "pjsip.d/10-reg.conf")
    assert [name for name in staged if re.search(hook["files"], name)] == ["pjsip.conf", "etc/pjsip.conf"]
