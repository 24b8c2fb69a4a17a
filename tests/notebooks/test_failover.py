"""The lesson, executed from start to end, its committed outputs compared with what came out.

After a change, write the outputs anew: `jupyter execute --inplace notebooks/failover.ipynb`
"""

from __future__ import annotations

import ast
import os
import time
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import pjresolve
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

# by name, since their types are there or not with the extra
nbclient: Any
nbformat: Any
try:
    nbclient, nbformat = import_module("nbclient"), import_module("nbformat")
except ImportError:
    if os.environ.get("CI") == "true":
        raise
    pytest.skip("needs the notebook extra", allow_module_level=True)

NOTEBOOK = ROOT / "notebooks" / "failover.ipynb"
SECONDS = 60
"""What the whole notebook may take."""

Cell = Any


def cells(kind: str) -> list[Cell]:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def said(cell: Cell) -> list[str]:
    """What a cell put out, as text: pictures and tables of HTML have one beside them."""
    texts = [out.get("text") or out.get("data", {}).get("text/plain", "") for out in cell.outputs]
    return [" ".join(text.split()) for text in texts]


@pytest.fixture(scope="module")
def executed(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Cell], float]:
    """The code cells after an execution in an empty folder, and the seconds it took."""
    notebook = deepcopy(nbformat.read(NOTEBOOK, as_version=4))
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    folder = str(tmp_path_factory.mktemp("notebook"))
    client = nbclient.NotebookClient(
        notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": folder}}
    )
    begun = time.monotonic()
    client.execute()
    return [cell for cell in notebook.cells if cell.cell_type == "code"], time.monotonic() - begun


@pytest.mark.filterwarnings("ignore")  # those of Jupyter's own parts
def test_it_runs_from_start_to_end_in_time(executed: tuple[list[Cell], float]) -> None:
    run, seconds = executed
    assert seconds < SECONDS
    assert len(run) >= 15


@pytest.mark.filterwarnings("ignore")
def test_the_committed_outputs_are_what_comes_out(executed: tuple[list[Cell], float]) -> None:
    run, _ = executed
    for number, (committed, now) in enumerate(zip(cells("code"), run, strict=True), 1):
        assert said(committed) == said(now), f"code cell {number}"
        assert [sorted(out.get("data", {})) for out in committed.outputs] == [
            sorted(out.get("data", {})) for out in now.outputs
        ]


def test_it_was_run_once_from_top_to_bottom_without_a_complaint() -> None:
    code = cells("code")
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    outputs = [out for cell in code for out in cell.outputs]
    assert not [out for out in outputs if out.output_type == "error" or out.get("name") == "stderr"]
    assert sum(out.output_type != "stream" and "image/png" in out.data for out in outputs) == 2
    assert sum(out.output_type != "stream" and "image/svg+xml" in out.data for out in outputs) >= 5


def test_it_uses_what_is_public_and_computes_nothing() -> None:
    trees = [ast.parse(cell.source) for cell in cells("code")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    imported = {alias.name for n in nodes if isinstance(n, ast.Import) for alias in n.names}
    imported |= {n.module or "" for n in nodes if isinstance(n, ast.ImportFrom)}
    assert imported == {"matplotlib.pyplot", "pandas", "pathlib", "pjresolve"}
    used = {
        n.attr
        for n in nodes
        if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == "pjresolve"
    }
    assert used <= set(pjresolve.__all__)
    assert not [n for n in nodes if isinstance(n, ast.ClassDef | ast.While | ast.Try)]


def test_it_asks_before_it_shows() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    asking = [n for n, cell in enumerate(notebook.cells) if "prediction, please" in cell.source]
    assert len(asking) >= 5
    assert all(notebook.cells[n + 1].cell_type == "code" for n in asking)


def test_it_is_small_and_clean() -> None:
    assert NOTEBOOK.stat().st_size < 1_000_000
    assert max(len(line) for cell in cells("code") for line in cell.source.splitlines()) <= 100
    assert not list(Path(NOTEBOOK.parent).glob("*checkpoint*"))
