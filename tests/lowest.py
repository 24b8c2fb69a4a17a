"""Print the lowest versions that pyproject.toml allows, for pip: what CI runs the fast tests with, too."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path


def lowest(requirements: list[str]) -> list[str]:
    """`typer>=0.12.5` as `typer==0.12.5`. Raises ValueError for a requirement without a lower bound."""
    found = [re.fullmatch(r"([\w-]+)>=([\d.]+)", requirement) for requirement in requirements]
    if None in found:
        raise ValueError(f"no lower bound alone: {requirements[found.index(None)]}")
    return [f"{match[1]}=={match[2]}" for match in found if match]


if __name__ == "__main__":
    project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]
    sys.stdout.write("\n".join(lowest(project["dependencies"])) + "\n")
