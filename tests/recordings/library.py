"""The recordings by name, in whatever folder they stand.

Rules of this file:
- nothing else in the tests knows the folders, so that a recording can move to another subject;
- a name stands for one recording, whatever its stack and subject: code and documentation cite it alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pjresolve.scenario.format import Scenario, parse_scenario

FOLDER = Path(__file__).parent
SETS = ("asterisk22", "chan_sip", "calls", "dialplan", "console", "invites")
"""The folders that recordings stand in, whatever their subject."""
MESSAGES = FOLDER / "register-messages"
"""Whole REGISTERs: `NAME.conf` and `NAME.txt`, see SOURCE.md."""


@cache
def files(stack: str) -> dict[str, Path]:
    """The files of one of the SETS by their names, in their order.

    Raises ValueError where two have one name, and where there is none.
    """
    found = sorted((FOLDER / stack).rglob("*.json"), key=lambda path: path.stem)
    named = {path.stem: path for path in found}
    if not found or len(named) != len(found):
        raise ValueError(f"{len(found)} recordings of {stack} with {len(named)} names")
    return named


NAMES = list(files("asterisk22"))
"""Every recording of Asterisk 22, sorted."""
CHAN_SIP_NAMES = list(files("chan_sip"))
"""Every recording of chan_sip, sorted."""
CALL_NAMES = list(files("calls"))
"""Every recording of requests that come in, of calls and of contacts, sorted."""
DIALPLAN_NAMES = list(files("dialplan"))
"""Every recording of what a dialplan is told of its calls, sorted: worlds that a scenario cannot say."""

CONSOLE_NAMES = list(files("console"))
"""Every recording of what the console shows, sorted: several of Asterisk's modules more, and no call."""

INVITE_NAMES = list(files("invites"))
"""Every recording of INVITEs that Asterisk sent, sorted: whole messages, and the calls that made them."""


@cache
def recording(name: str) -> dict[str, Any]:
    """The recording of that name. All callers share what it returns, so leave it as it is."""
    path = next(found[name] for found in map(files, SETS) if name in found)
    content: dict[str, Any] = json.loads(path.read_text())
    return content


def recorded_scenario(name: str) -> Scenario:
    """The world that was recorded under that name."""
    return parse_scenario(json.dumps(recording(name)["scenario"]), name=name, folder=None)


def cases(
    names: Iterable[str], parts: Sequence[str], divergences: Mapping[tuple[str, str], str]
) -> list[Any]:
    """One case per recording and part; the known divergences, with their reasons, as xfails."""
    return [
        pytest.param(
            name,
            part,
            id=f"{name}-{part}",
            marks=[pytest.mark.xfail(reason=reason)] if (reason := divergences.get((name, part))) else [],
        )
        for name in names
        for part in parts
    ]
