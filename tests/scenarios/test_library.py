"""The scenario library: a course whose every claim holds, each world run by the real Asterisk."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pjresolve import scenarios, simulate
from pjresolve.errors import BadInput
from pjresolve.scenario.library import find_scenario, scenario_paths
from tests.recordings.library import recording

LIBRARY = scenario_paths()
NAMES = list(LIBRARY)


def world(scenario: dict[str, Any]) -> dict[str, Any]:
    """A scenario without what a recording does not hold."""
    return {key: value for key, value in scenario.items() if key not in ("name", "expect")}


def test_the_library_is_a_course_in_order() -> None:
    assert [int(name.partition("-")[0]) for name in NAMES] == list(range(1, len(NAMES) + 1))
    assert len(NAMES) >= 20
    titles = scenarios()
    assert list(titles) == NAMES
    assert len(set(titles.values())) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_expected_comes_out(name: str) -> None:
    prediction = simulate(name)
    assert prediction.scenario.expect is not None
    assert prediction.differences() == []


@pytest.mark.parametrize("name", NAMES)
def test_an_expectation_says_who_registers_and_the_list(name: str) -> None:
    expect = yaml.safe_load(LIBRARY[name].read_text())["expect"]
    assert "registered" in expect
    assert expect.get("refused") or "targets" in expect
    assert ("within" in expect) == (expect["registered"] != "none")


@pytest.mark.parametrize("name", NAMES)
def test_an_expectation_speaks_of_all_that_goes_on(name: str) -> None:
    scenario = yaml.safe_load(LIBRARY[name].read_text())
    for kind in ("calls", "incoming"):
        assert len(scenario["expect"].get(kind, [])) == len(scenario.get(kind, [])), kind
    assert ("contacts" in scenario["expect"]) == ("qualify_frequency=" in scenario["pjsip"])


@pytest.mark.parametrize("name", NAMES)
def test_a_comment_says_what_to_look_at(name: str) -> None:
    comment = re.match(r"(?:# .*\n)+", LIBRARY[name].read_text())
    assert comment is not None
    assert len(comment[0].splitlines()) >= 3
    assert re.search(r"\b(Look|compare)\b", comment[0])


@pytest.mark.recording
@pytest.mark.parametrize("name", NAMES)
def test_the_real_asterisk_ran_this_very_world(name: str) -> None:
    recorded = recording(name.partition("-")[2])
    assert world(recorded["scenario"]) == world(yaml.safe_load(LIBRARY[name].read_text()))
    assert recorded["asterisk"].startswith("22.10.1")
    assert not recorded.get("died")


@pytest.mark.parametrize("name", NAMES)
def test_only_names_and_addresses_for_documentation(name: str) -> None:
    text = LIBRARY[name].read_text()
    for address in re.findall(r"\b\d+\.\d+\.\d+\.\d+\b", text):
        assert address.startswith(("203.0.113.", "198.51.100.")) or address == "0.0.0.0"
    for host in re.findall(r"\b(?:[a-z0-9-]+\.)+(?:net|nl|com|org)\b", text):
        assert host.endswith(("example.net", "sip6.voipgrid.nl"))


@pytest.mark.parametrize(
    "name", ["18-no-srv", "no-srv", "18", "18-no-srv.yaml", "NO-SRV", str(LIBRARY["18-no-srv"])]
)
def test_a_scenario_is_found_by_its_names(name: str) -> None:
    assert find_scenario(name) == LIBRARY["18-no-srv"]


def test_a_file_goes_before_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "no-srv").write_text("name: mine\n")
    assert find_scenario("no-srv") == Path("no-srv")
    assert find_scenario("./missing") == Path("./missing")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no-srvs", "did you mean no-srv?"),
        ("18-no-srvs", "did you mean no-srv?"),
        ("wildcart", "did you mean wildcard-one-label?"),
        ("99", "`pjresolve scenarios` lists"),
        ("", "no scenario called ''"),
        ("x" * 9000, "…"),
        ("a\x1b[31m\x00", "a\\x1b[31m\\x00"),
    ],
)
def test_a_name_nobody_knows(name: str, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        find_scenario(name)
    assert said in str(caught.value)
    assert len(str(caught.value)) < 300
