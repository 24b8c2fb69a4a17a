"""Where the scenario library stands: inside an installed package, at the top level of a checkout."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
INSTALLED = PACKAGE / "data" / "scenarios"
CHECKOUT = PACKAGE.parent / "scenarios"


def scenarios_folder() -> Path:
    """The folder that holds the library's `NN-name.yaml` files.

    A wheel carries `scenarios/` as `pjresolve/data/scenarios`; a checkout, also when it is installed in
    editable mode, has only the original.
    """
    return INSTALLED if INSTALLED.is_dir() else CHECKOUT


def scenario_paths() -> dict[str, Path]:
    """The library's scenario files by name (`NN-name`, without `.yaml`), in the course's order."""
    return {path.stem: path for path in sorted(scenarios_folder().glob("*.yaml"))}
