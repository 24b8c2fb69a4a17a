"""Ten thousand hostile answers and configurations: no traceback, no hang, within bounds."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.slow

MEGABYTES = 200


def test_ten_thousand_hostile_inputs_stay_within_200_mb() -> None:
    """Twice 1,500 replies read for two queries and 500 for two more, and 2,000 configurations."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.hostile"],
        cwd=ROOT,
        env=os.environ | {"PJRESOLVE_MANY": "2"},
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) < MEGABYTES * 1024
