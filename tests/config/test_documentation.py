"""The page about pjsip.conf shows what really comes out."""

from __future__ import annotations

import json
import re
from pathlib import Path

from pjresolve.config.schema import schema

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "pjsip-conf.md"
RECORDED = Path(__file__).parent / "recordings"


def test_the_numbers_are_those_of_the_recordings() -> None:
    words = PAGE.read_text()
    syntax = json.loads((RECORDED / "syntax.json").read_text())["cases"]
    objects = json.loads((RECORDED / "objects.json").read_text())["cases"]
    assert f"{len(syntax)} texts" in words
    assert f"{len([c for c in syntax if 'at random' in c['name']])} were drawn" in words
    assert f"{len(objects)} configurations" in words
    assert sum(len(c["refused"]) for c in objects) // 100 * 100 == int(
        re.search(r"some ([\d,]+) refused", words)[1].replace(",", "")  # type: ignore[index]
    )


def test_every_option_that_gathers_is_named() -> None:
    told = re.search(r"These gather all of theirs: (.*?)\. A comma", PAGE.read_text(), re.DOTALL)
    assert told is not None
    gather = {o.name for options in schema().values() for o in options.values() if o.repeats}
    assert gather >= set(re.findall(r"`(\w+)`", told[1]))
