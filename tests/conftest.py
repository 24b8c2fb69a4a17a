"""What all tests share: the programs that some of them need.

A test that needs a program which is not installed is skipped, with the reason. In CI (environment variable
`CI=true`) it fails instead, so that nothing is skipped there unseen.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
"""The checkout."""

# A stack that another package brings, as if it were installed: whatever takes every stack there is takes it
# too
sys.path.append(str(ROOT / "tests" / "stacks" / "example"))


def unavailable(what: str) -> None:
    """Skip the running test because `what` is missing, or fail it in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}, and CI=true allows no skip", pytrace=False)
    pytest.skip(what)


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
