"""What the dialplan is told, held against one recording a status."""

from __future__ import annotations

import re

import pytest

from pjresolve.stacks.asterisk22.causes import dial_result
from pjresolve.stacks.telephony import CallEnd, DialResult
from tests.recordings.library import DIALPLAN_NAMES, recording

RESULT = re.compile(r'RESULT ([A-Z]+) (\d+)"')
BY_NAME = {
    "di-timeout": dial_result(CallEnd.TIMEOUT),
    "di-ring": dial_result(CallEnd.TIMEOUT),
    "di-timer-b": dial_result(CallEnd.FAILED, 408),
    "di-unreachable": dial_result(CallEnd.NO_CHANNEL),
    "di-no-aor": dial_result(CallEnd.NO_CHANNEL),
    "di-no-contact": dial_result(CallEnd.NO_CHANNEL),
    "di-no-endpoint": dial_result(CallEnd.NO_CHANNEL),
    "di-noroute": dial_result(CallEnd.FAILED, 503),
    "di-nx": dial_result(CallEnd.FAILED, 503),
    "du-answer": dial_result(CallEnd.ANSWERED),
    "du-uri-bad": dial_result(CallEnd.NO_CHANNEL),
    "du-uri-tel": dial_result(CallEnd.NO_CHANNEL),
    "du-uri-no-endpoint": dial_result(CallEnd.NO_CHANNEL),
    "du-uri-sips": dial_result(CallEnd.FAILED, 503),
    "di-refused": dial_result(CallEnd.FAILED, 503),
}


def recorded(name: str) -> DialResult | None:
    """What `Dial` left behind, the line of the first priority after it."""
    found = next((m for line in recording(name)["log"] for m in RESULT.finditer(line)), None)
    return DialResult(found[1], int(found[2])) if found else None


@pytest.mark.recording
@pytest.mark.parametrize("name", DIALPLAN_NAMES)
def test_the_dialplan_is_told_what_was_recorded(name: str) -> None:
    kind = name.removeprefix("di-")
    expected = dial_result(CallEnd.FAILED, int(kind)) if kind.isdigit() else BY_NAME.get(name)
    assert recorded(name) == expected


def test_a_status_that_was_not_recorded_is_not_guessed() -> None:
    assert dial_result(CallEnd.FAILED, 499) is None
