"""Every recording that the code or the documentation names is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.recordings.library import MESSAGES, SETS, files

MESSAGE_NAMES = {path.stem for path in MESSAGES.iterdir()}
RECORDINGS = {name for stack in SETS for name in files(stack)} | MESSAGE_NAMES
SOURCES = sorted((ROOT / "pjresolve").rglob("*.py"))
DOCUMENTS = sorted((ROOT / "docs").glob("*.md"))

NAME = r"`[a-z0-9][a-zA-Z0-9_.-]*`"
NAMED = re.compile(rf"recordings?((?:[\s#,:]|and\s)*{NAME}(?:(?:[\s#,]|and\s|to\s)*{NAME})*)")
"""The word and the names after it, across the lines of a comment."""
ALONE = re.compile(rf"\(((?:{NAME}[\s#,]*)+)\)")
"""Names alone in parentheses; of these only what has a hyphen is taken for a recording."""
EVIDENCE = {"Refused", "RecordSkipped", "TargetsDropped", "skip"}
"""Calls whose last argument is the evidence."""


def names(text: str) -> set[str]:
    """The recordings that a text names."""
    found = {name.strip("`") for m in NAMED.finditer(text) for name in re.findall(NAME, m[1])}
    alone = {name.strip("`") for m in ALONE.finditer(text) for name in re.findall(NAME, m[1])}
    return found | {name for name in alone if "-" in name}


def evidence(source: str) -> Iterator[str]:
    """The recordings that strings of the code name: evidence arguments, and (reason, evidence) pairs."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            function = node.func
            called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            values = [k.value for k in node.keywords if k.arg == "evidence"]
            if called in EVIDENCE and len(node.args) >= 3:
                values.append(node.args[-1])
        elif isinstance(node, ast.Tuple) and len(node.elts) == 2 and said(node.elts[0]):
            values = [node.elts[1]]
        else:
            continue
        yield from (
            v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str) and v.value
        )


def said(node: ast.expr) -> bool:
    """Whether an expression is a sentence: a string with a space in it."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return any(isinstance(p, ast.Constant) and isinstance(p.value, str) and " " in p.value for p in parts)


DECIDING = [path for path in SOURCES if "stacks" in path.relative_to(ROOT).parts]


@pytest.mark.parametrize("path", SOURCES + DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_recording_named_is_there(path: Path) -> None:
    missing = names(path.read_text()) - RECORDINGS
    assert not missing


@pytest.mark.parametrize("path", DECIDING, ids=lambda path: path.stem)
def test_every_recording_given_as_evidence_is_there(path: Path) -> None:
    missing = set(evidence(path.read_text())) - RECORDINGS
    assert not missing


def rows(text: str) -> Iterator[tuple[str, list[str]]]:
    """The rows of every table whose last column is `evidence`: the statement, and the names."""
    within = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")] if line.startswith("|") else []
        within = bool(cells) and (within or cells[-1].strip(" |") == "evidence")
        if within and not set(line) <= set("|- ") and cells[-1].strip(" |") != "evidence":
            yield cells[0], re.findall(r"`([^`]+)`", cells[-1])


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_every_statement_of_a_table_has_evidence_that_is_there(path: Path) -> None:
    for statement, evident in rows(path.read_text()):
        assert evident, statement
        assert set(evident) <= RECORDINGS, statement


def test_the_rows_of_the_tables_are_found() -> None:
    assert len(list(rows((ROOT / "docs" / "stacks.md").read_text()))) > 100
    assert list(rows("| a | evidence |\n|---|---|\n| x | `y` `z` |\n\n| b | c |\n| d | `e` |")) == [
        ("x", ["y", "z"])
    ]


def test_names_are_found_where_they_stand() -> None:
    text = "x (recordings `a-b`, `c` and\n    # `d-e`). y (`f-g`) z (`udp`), recording: `h`; `not-one`"
    assert names(text) == {"a-b", "c", "d-e", "f-g", "h"}
    code = 'Refused(n, f"no {x}", "a")\nself.skip(r, why, "b")\nreturn "it is so", "c"\nx = ("one", "d")'
    assert sorted(evidence(code)) == ["a", "b", "c"]


# ---------------------------------------------------------------- docs/stacks.md holds them all


def test_the_documentation_of_the_stacks_holds_everything_that_the_code_cites() -> None:
    """Quirk and evidence stand in docs/stacks.md, whatever part of the code lives by it."""
    cited: set[str] = set()
    for path in SOURCES:
        if {"dns", "stacks", "sip", "simulation"} & set(path.relative_to(ROOT).parts):
            cited |= names(path.read_text()) & RECORDINGS
    cited |= {name for path in DECIDING for name in evidence(path.read_text())} & RECORDINGS
    told = set(re.findall(r"`([^`\n]+)`", (ROOT / "docs" / "stacks.md").read_text()))
    assert not cited - told
