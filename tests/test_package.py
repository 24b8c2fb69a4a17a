"""The package as people install it: its version, its start, what the wheel holds."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.lowest import lowest

HEAVY = {"asyncio", "dns", "idna", "matplotlib", "networkx", "pandas", "yaml"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in the wheel that this checkout builds."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    [built] = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return archive.namelist()


def test_the_wheel_holds_the_package_and_its_data(wheel: list[str]) -> None:
    checkout = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "pjresolve").rglob("*")
        if path.is_file() and path.suffix not in (".pyc", ".pyo")
    }
    assert checkout <= set(wheel)
    assert "pjresolve/py.typed" in wheel
    assert any(name.endswith("licenses/LICENSE") for name in wheel)


def test_the_wheel_holds_the_scenario_library(wheel: list[str]) -> None:
    names = {path.name for path in (ROOT / "scenarios").iterdir()}
    assert names
    assert {f"pjresolve/data/scenarios/{name}" for name in names} <= set(wheel)


def test_the_wheel_holds_nothing_else(wheel: list[str]) -> None:
    assert {name.split("/")[0].split("-")[0] for name in wheel} == {"pjresolve"}
    assert len(wheel) == len(set(wheel))


def test_the_installed_version_is_the_checkouts() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert metadata.version("pjresolve") == project["version"]
    assert f"## [{project['version']}]" in (ROOT / "CHANGELOG.md").read_text()


@pytest.mark.parametrize(
    "start",
    [[str(Path(sys.executable).parent / "pjresolve")], [sys.executable, "-m", "pjresolve"]],
    ids=["console script", "python -m"],
)
def test_both_starts_show_the_help(start: list[str]) -> None:
    done = subprocess.run([*start, "--help"], capture_output=True, text=True, timeout=60, check=True)
    assert "Usage" in done.stdout
    assert done.stderr == ""


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import atexit, sys; sys.argv = ['pjresolve', '--help']\n"
        "atexit.register(lambda: print('LOADED', *sys.modules))\n"
        "from pjresolve.cli.main import run; run()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    loaded = set(done.stdout.rpartition("LOADED")[2].split())
    assert "typer" in loaded
    assert not HEAVY & loaded


def test_every_dependency_has_a_lowest_version_that_ci_tries() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = [requirement.partition(">=")[0] for requirement in project["dependencies"]]
    assert [found.partition("==")[0] for found in lowest(project["dependencies"])] == names
    with pytest.raises(ValueError, match="no lower bound alone"):
        lowest(["typer"])
