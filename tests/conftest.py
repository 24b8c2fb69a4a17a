"""What all tests share: the programs that some of them need, and which of them are fast.

A test that needs a program which is not installed is skipped, with the reason. In CI (environment variable
`CI=true`) it fails instead, so that nothing is skipped there unseen.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
"""The checkout."""

# A stack that another package brings, as if it were installed: whatever takes every stack there is takes it
# too
sys.path.append(str(ROOT / "tests" / "stacks" / "example"))


MULTIPLIED = 100
"""Cases from which on a test counts as multiplied, mostly by the recordings."""
SAMPLE = 17
"""Of a multiplied test, every 17th case is fast: a prime, so that each part of a recording has its turn."""


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as fast what neither is slow nor draws: every test with few cases, and a sample of the others."""
    tests: dict[str, list[pytest.Item]] = {}
    for item in items:
        tests.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for cases in tests.values():
        for item in cases[:: SAMPLE if len(cases) >= MULTIPLIED else 1]:
            draws = hasattr(getattr(item, "obj", None), "hypothesis")
            if not draws and item.get_closest_marker("slow") is None:
                item.add_marker("fast")


def unavailable(what: str) -> None:
    """Skip the running test because `what` is missing, or fail it in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}, and CI=true allows no skip", pytrace=False)
    pytest.skip(what)


def need_pandas() -> None:
    """Skip the running test where pandas is missing, or fail it in CI."""
    if find_spec("pandas") is None:
        unavailable("needs pandas (pip install 'pjresolve[notebook]')")


@pytest.fixture(scope="session")
def program() -> Callable[..., str]:
    """`program("nsd", package="nsd")`: the path of an installed program; skips (in CI: fails) without it."""

    def find(name: str, *, package: str) -> str:
        # Daemons stand in /usr/sbin, which an ordinary user's PATH lacks
        found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
        if found is None:
            unavailable(f"needs {name} (Debian: apt-get install {package})")
        assert found is not None
        return found

    return find


@pytest.fixture(scope="session")
def axe_core() -> Path:
    """The path of axe-core's `axe.min.js`, named by `AXE_CORE`; skips (in CI: fails) without it."""
    named = os.environ.get("AXE_CORE", "")
    if not Path(named).is_file():
        unavailable("needs axe-core (npm install axe-core, then AXE_CORE=…/node_modules/axe-core/axe.min.js)")
    return Path(named)
