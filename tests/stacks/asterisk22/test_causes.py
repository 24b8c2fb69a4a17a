"""What the dialplan is told, held against one recording a status."""

from __future__ import annotations

import re

import pytest

from pjresolve.stacks.asterisk22.causes import NO_CHANNEL, NOBODY, Told, told_of
from tests.recordings.library import DIALPLAN_NAMES, recording

RESULT = re.compile(r'RESULT ([A-Z]+) (\d+)"')
BY_NAME = {
    "di-timeout": NOBODY,
    "di-ring": NOBODY,
    "di-timer-b": told_of(408),
    "di-unreachable": NO_CHANNEL,
    "di-no-aor": NO_CHANNEL,
    "di-no-contact": NO_CHANNEL,
    "di-no-endpoint": NO_CHANNEL,
    "di-noroute": told_of(503),
    "di-nx": told_of(503),
    "di-refused": told_of(503),
}


def recorded(name: str) -> Told | None:
    """What `Dial` left behind, the line of the first priority after it."""
    found = next((m for line in recording(name)["log"] for m in RESULT.finditer(line)), None)
    return Told(found[1], int(found[2])) if found else None


@pytest.mark.recording
@pytest.mark.parametrize("name", DIALPLAN_NAMES)
def test_the_dialplan_is_told_what_was_recorded(name: str) -> None:
    kind = name.removeprefix("di-")
    expected = told_of(int(kind)) if kind.isdigit() else BY_NAME.get(name)
    assert recorded(name) == expected


def test_a_status_that_was_not_recorded_is_not_guessed() -> None:
    assert told_of(499) is None
