"""`--ladder`, `--graph` and `--html`: what they write, and what is said where they cannot."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pjresolve.cli.pictures import Pictures, Shown
from pjresolve.prediction.run import simulate_scenario
from pjresolve.render.graph.files import FORMATS
from pjresolve.scenario.format import load_scenario
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

SCENARIO = ROOT / "scenarios" / "01-healthy-dual-stack.yaml"
OFFLINE = ("sipproxy.voipgrid.nl", "--offline")
SIMULATE = ("simulate", str(SCENARIO))


def run(*arguments: str, folder: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    """The program, as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "pjresolve", *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"} | environment,
    )


@pytest.mark.parametrize("command", [OFFLINE, SIMULATE], ids=["main", "simulate"])
def test_the_ladder_takes_the_place_of_the_lists(command: tuple[str, ...]) -> None:
    done = run(*command, "--ladder")
    assert (done.returncode, done.stderr) == (0, "")
    assert "│◀─ 200 OK" in done.stdout
    assert "registers at" in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_the_ladder_of_the_bundled_example_says_that_it_is_one() -> None:
    assert "illustrative, not a capture" in run(*OFFLINE, "--ladder").stdout


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("command", [OFFLINE, SIMULATE], ids=["main", "simulate"])
def test_a_graph_is_written_by_its_suffix(command: tuple[str, ...], suffix: str, tmp_path: Path) -> None:
    file = tmp_path / f"drawn{suffix}"
    done = run(*command, "--graph", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    begin = {".svg": "<?xml", ".dot": "digraph", ".mmd": "flowchart", ".graphml": "<?xml", ".json": "{"}
    assert file.read_text().startswith(("<graphml", begin[suffix]))
    assert os.listdir(tmp_path) == [file.name]


@pytest.mark.parametrize("command", [OFFLINE, SIMULATE], ids=["main", "simulate"])
def test_a_report_is_written_beside_the_usual_output(command: tuple[str, ...], tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text("an older one")
    done = run(*command, "--html", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == run(*command).stdout
    assert file.read_text().startswith("<!DOCTYPE html>")


def test_the_reports_scenario_runs_to_the_same_end(tmp_path: Path) -> None:
    from tests.render.test_report import Reader

    run(*OFFLINE, "--down", "ipv6", "--html", str(tmp_path / "report.html"))
    copied = tmp_path / "copied.yaml"
    copied.write_text(Reader((tmp_path / "report.html").read_text()).texts["yaml"])
    first = json.loads(run(*OFFLINE, "--down", "ipv6", "--json").stdout)
    again = json.loads(run("simulate", str(copied), "--json").stdout)
    assert again["registered"] == first["registered"]
    assert again["attempts"] == first["attempts"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--graph", "x.png"), ".svg, .dot, .mmd, .graphml, .json"),
        (("--graph", "x"), ".svg, .dot, .mmd, .graphml, .json"),
        (("--graph", "nowhere/x.svg"), "there is no folder"),
        (("--graph", "folder.svg"), "it is a folder"),
        (("--html", "pjsip.conf"), "end it in .html"),
        (("--html", "nowhere/x.html"), "there is no folder"),
        (("--html", "\x1b[31m\u202e.html/x.html"), "there is no folder"),
        (("--ladder", "--json"), "exclude each other"),
    ],
    ids=lambda value: " ".join(value).encode("unicode_escape").decode() if isinstance(value, tuple) else None,
)
@pytest.mark.parametrize(
    "command", [("nothing.invalid",), ("simulate", "nothing.yaml")], ids=["main", "simulate"]
)
def test_what_cannot_be_written_is_one_line_before_anything_is_computed(
    command: tuple[str, ...], options: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    (tmp_path / "folder.svg").mkdir()
    done = run(*command, *options, folder=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr[:-1].isprintable()
    assert words in done.stderr
    assert os.listdir(tmp_path) == ["folder.svg"]


@pytest.mark.parametrize("option", ["--graph", "--ladder-file"])
def test_several_predictions_do_not_fit_one_picture(option: str, tmp_path: Path) -> None:
    done = run(*SIMULATE, str(SCENARIO), option, str(tmp_path / "x.svg"))
    assert done.returncode == 2
    assert "one prediction" in done.stderr
    assert os.listdir(tmp_path) == []


def test_a_report_holds_several_predictions(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    assert run(*SIMULATE, "dead-primary-short-expiration", "--html", str(path)).returncode == 0
    text = path.read_text()
    assert '<section id="overview"' in text
    assert text.count("<article") == 2
    named = re.findall(r' id="([^"]+)"', text)
    assert len(named) == len(set(named))
    for link in re.findall(r'href="#([^"]+)"', text):
        assert link in named
    assert "Registers, with gaps: " in text


def test_a_file_that_cannot_be_written_whole_is_not_written(tmp_path: Path) -> None:
    full = Path("/dev/full")
    link = tmp_path / "full.html"
    link.symlink_to(full)
    done = run(*SIMULATE, "--html", str(link))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "cannot be written" in done.stderr


def test_what_draws_is_imported_only_where_something_is_drawn() -> None:
    heavy = "[m for m in ('networkx', 'yaml', 'dns') if m in sys.modules]"
    code = f"import sys; from pjresolve.cli.main import app; print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "[]\n"


def test_the_report_of_a_configuration_holds_its_findings(tmp_path: Path) -> None:
    conf = tmp_path / "pjsip.conf"
    conf.write_text(
        "[udp]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n"
        "[itsp]\ntype=registration\nserver_uri=sip:sip6.voipgrid.nl;transport=tcp\n"
        "client_uri=sip:me@sip6.voipgrid.nl\n"
    )
    page = tmp_path / "report.html"
    run("-c", str(conf), "--offline", "--html", str(page))
    assert "PJ202" in page.read_text()


@pytest.mark.parametrize(("suffix", "begins"), [("svg", "<"), ("mmd", "sequenceDiagram"), ("txt", " ")])
def test_the_ladder_is_written_to_a_file(tmp_path: Path, suffix: str, begins: str) -> None:
    path = tmp_path / f"ladder.{suffix}"
    done = run("simulate", "primary-503", "--ladder-file", str(path))
    assert done.returncode == 0, done.stderr
    assert path.read_text().startswith(begins)
    assert "503" in path.read_text()


def test_a_ladder_is_written_to_no_other_kind_of_file(tmp_path: Path) -> None:
    done = run("simulate", "primary-503", "--ladder-file", str(tmp_path / "ladder.gif"))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert ".svg, .mmd, .txt" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_terminal_is_told_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.txt"
    shown = [Shown(simulate_scenario(load_scenario(SCENARIO)))]
    Pictures(ladder_file=path).write(shown)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    Pictures(ladder_file=path).write(shown)
    assert capsys.readouterr().err == f"replaced: {path}\n"
