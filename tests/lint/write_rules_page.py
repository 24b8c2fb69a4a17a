"""Write docs/rules.md from the rules' manuals: `python tests/lint/write_rules_page.py`."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    from pjresolve.lint.manual import manual_page
    from tests.lint.said import said

    (ROOT / "docs" / "rules.md").write_text(manual_page(said()))
