"""`pjresolve scenarios`, and the library's scenarios by name in `pjresolve simulate`."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from pjresolve import resolve
from pjresolve.cli.main import app
from pjresolve.scenario.library import scenario_paths


def run(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result.output


def test_every_scenario_is_listed_on_a_line_of_its_own() -> None:
    lines = run("scenarios").splitlines()
    assert [line.split()[0] for line in lines] == list(scenario_paths())
    assert max(map(len, lines)) <= 80
    assert lines[17].split(None, 1) == ["18-no-srv", "No SRV records"]


@pytest.mark.parametrize("name", ["no-srv", "18", "18-no-srv", "18-no-srv.yaml"])
def test_a_scenario_runs_by_name(name: str) -> None:
    text = run("simulate", name)
    assert text.startswith("No SRV records: provider")
    assert text.endswith("\nas expected\n")


def test_the_whole_library_runs_at_once() -> None:
    names = list(scenario_paths())
    assert run("simulate", *names).count("\nas expected\n") == len(names)


def test_a_name_nobody_knows_has_its_closest() -> None:
    result = CliRunner().invoke(app, ["simulate", "retry-aftr"])
    assert result.exit_code == 2
    assert result.output == (
        "pjresolve: there is no file and no scenario called 'retry-aftr' (did you mean retry-after?)\n"
    )


def test_the_expectations_of_a_scenario_are_those_of_res_pjsip() -> None:
    text = run("simulate", "chan-sip-against-res-pjsip", "--stack", "asterisk-22,chan_sip", code=1)
    assert "203.0.113.2" in text


def test_what_a_snapshot_never_asked_is_not_guessed(tmp_path: Path) -> None:
    found = resolve("sip6.voipgrid.nl", offline=True)
    path = tmp_path / "other.yaml"
    found.scenario.with_zone(";; asked A sip6.voipgrid.nl nodata\n", "").save(path)
    result = CliRunner().invoke(app, ["simulate", str(path)])
    assert result.exit_code == 2
    assert "the snapshot holds no answer to A sip6.voipgrid.nl" in result.output
