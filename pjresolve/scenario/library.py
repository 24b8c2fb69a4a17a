"""The scenario library: inside an installed package, at the top level of a checkout."""

from __future__ import annotations

import difflib
from pathlib import Path

from pjresolve.errors import BadInput, printable

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


def find_scenario(name: str) -> Path:
    """The file of that name, else the library's scenario: `NN-name`, `name` or `NN`, with or without `.yaml`.

    Raises BadInput with the closest names.
    """
    try:
        if name and ("/" in name or Path(name).exists()):
            return Path(name)
    except (OSError, ValueError):
        pass  # too long for a file name, or not one: it is looked for in the library, and named in the error
    library = scenario_paths()
    wanted = name.lower().removesuffix(".yaml")
    for stem, path in library.items():
        number, _, rest = stem.partition("-")
        if wanted in (stem, number, rest) or (wanted.isdecimal() and int(wanted[:9]) == int(number)):
            return path
    names = [stem.partition("-")[2] for stem in library]
    bare = wanted[:80].lstrip("0123456789-")
    close = difflib.get_close_matches(bare, names, 3, 0.5)
    hint = f"did you mean {' or '.join(close)}?" if close else "`pjresolve scenarios` lists those there are"
    raise BadInput(f"there is no file and no scenario called '{printable(name, 60)}'", hint=hint)
