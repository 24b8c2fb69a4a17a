"""Every module can be imported under another name, and pydoc finds it: no name of the API hides one."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

NAMES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in (ROOT / "pjresolve").rglob("*.py")
    if path.name != "__main__.py"  # it runs the program
)
IMPORTS = """
import sys
for name in sys.argv[1:]:
    try:
        exec(f"import {name} as found")
        if found.__name__ != name:
            print(f"import {name} as found: it is {found.__name__}")
    except Exception as exc:
        print(f"import {name} as found: {exc!r}")
"""
PYDOC = """
import pydoc, sys
for name in sys.argv[1:]:
    try:
        found, _ = pydoc.resolve(name)
        if found.__name__ != name or name not in pydoc.render_doc(name, renderer=pydoc.plaintext):
            print(f"pydoc {name}: it documents {found.__name__}")
    except Exception as exc:
        print(f"pydoc {name}: {exc!r}")
"""


@pytest.mark.parametrize("code", [IMPORTS, PYDOC], ids=["import as", "pydoc"])
def test_every_module_is_found_by_its_name(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code, *NAMES], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout + done.stderr == ""
