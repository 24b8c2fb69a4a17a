"""Write docs/rules.md from the rules' manuals: `python tests/lint/write_rules_page.py`."""

from __future__ import annotations

from pathlib import Path

from pjresolve.lint.manual import manual_page

if __name__ == "__main__":
    (Path(__file__).resolve().parents[2] / "docs" / "rules.md").write_text(manual_page())
