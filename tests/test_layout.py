"""The shape of the project: what stands where, how long a module may be, and what no file speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

TOP_LEVEL = {
    "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md",
    "pjresolve", "scenarios", "notebooks", "tests", "docs",
}  # fmt: skip
MADE_BY_TOOLS = {"build", "dist", "__pycache__"}
MODULES = sorted((ROOT / "pjresolve").rglob("*.py"))
LONGEST_MODULE = 300

# Each pattern matches what it forbids, so none is written out here
FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.-])/(?:wor[k]|roo[t]|hom[e]/\w)(?![\w-])"),
    "a folder beside the checkout": re.compile(r"(?<![\w-])share[d]/|(?<!\w)\.librar[y]\b"),
    "an issue's number": re.compile(r"\bissu[e]s? +#?\d|\(#\d+\)", re.IGNORECASE),
}


def files() -> Iterator[Path]:
    """Every file of the project: dot files at the top level, and whatever stands in its folders."""
    tops = [path for path in ROOT.iterdir() if path.name in TOP_LEVEL | {".ci"} or path.is_file()]
    for top in tops:
        for path in [top] if top.is_file() else top.rglob("*"):
            if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts):
                yield path


def test_the_top_level_holds_nothing_else() -> None:
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    surplus = {name for name in found - TOP_LEVEL - MADE_BY_TOOLS if not name.endswith(".egg-info")}
    assert not surplus


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short(module: Path) -> None:
    assert len(module.read_text().splitlines()) <= LONGEST_MODULE


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {module.parent for module in MODULES}
    assert not [str(folder) for folder in folders if not (folder / "__init__.py").exists()]


def spoken_of(text: str) -> list[str]:
    """What a text speaks of and should not, with the words."""
    return [f"{what}: {m[0]}" for what, pattern in FORBIDDEN.items() for m in pattern.finditer(text)]


def test_the_project_speaks_only_of_itself() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {words}"
        for path in files()
        for words in spoken_of(path.read_bytes().decode("utf-8", "replace"))
    ]
    assert not found, "\n".join(found)


def test_the_patterns_find_what_they_forbid() -> None:
    bad = ["/wor" + "k/x", "see ../share" + "d/notes", "as issu" + "e 4 asks", "mend it (#1" + "2)"]
    assert [len(spoken_of(text)) for text in bad] == [1, 1, 1, 1]
    assert spoken_of("the colour #123456, 127.0.0.1#5353, at work/rest, the issues are few") == []
