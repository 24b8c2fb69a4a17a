"""The scenario library is found, and its files are named as a course."""

from __future__ import annotations

import re

from pjresolve.scenario.library import scenario_paths, scenarios_folder
from tests.conftest import ROOT


def test_a_checkout_reads_its_own_scenarios() -> None:
    assert scenarios_folder() == ROOT / "scenarios"
    assert {path.name for path in scenario_paths().values()} == {
        p.name for p in (ROOT / "scenarios").iterdir()
    }


def test_the_library_is_numbered_without_gaps() -> None:
    numbers = [re.fullmatch(r"(\d\d)-[a-z0-9]+(-[a-z0-9]+)*", name) for name in scenario_paths()]
    assert [int(m[1]) if m else None for m in numbers] == list(range(1, len(numbers) + 1))
