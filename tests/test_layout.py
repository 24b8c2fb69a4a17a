"""The shape of the project: what a folder needs to be a package, and what no file speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

PACKAGE = ROOT / "pjresolve"
DOT_FOLDERS = {".ci", ".github"}
MADE_BY_TOOLS = {"build", "dist", "htmlcov", ".coverage", ".git"}  # `.git` is a file in a worktree

# Each pattern matches what it forbids, so none is written out here
FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.-])/(?:wor[k]|roo[t]|hom[e]/\w)(?![\w-])"),
    "a folder beside the checkout": re.compile(r"(?<![\w-])share[d]/|(?<!\w)\.librar[y]\b"),
}


def files() -> Iterator[Path]:
    """Every file of the project: those of its folders, and what stands at the top level."""
    for top in ROOT.iterdir():
        other = top.is_dir() and top.name[0] == "." and top.name not in DOT_FOLDERS
        if other or top.name in MADE_BY_TOOLS:
            continue
        for path in top.rglob("*") if top.is_dir() else [top]:
            made = {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
            if path.is_file() and not made:
                yield path


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {module.parent for module in PACKAGE.rglob("*.py")}
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
    bad = ["/wor" + "k/x", "see ../share" + "d/notes"]
    assert [len(spoken_of(text)) for text in bad] == [1, 1]
    assert spoken_of("at work/rest, (#12), issue 4, the shared state") == []
