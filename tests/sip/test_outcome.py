"""How an attempt ends, and what that counts as."""

from __future__ import annotations

import pytest

from pjresolve.sip.outcome import Ending, Outcome, local


@pytest.mark.parametrize("kind", [Ending.TIMEOUT, Ending.BLOCKED])
def test_silence_counts_as_408(kind: Ending) -> None:
    assert local(kind) == Outcome(kind, 408)


@pytest.mark.parametrize(
    "kind",
    sorted(
        set(Ending) - {Ending.REGISTERED, Ending.ANSWERED, Ending.TIMEOUT, Ending.BLOCKED, Ending.CANCELLED}
    ),
)
def test_every_other_failure_counts_as_503(kind: Ending) -> None:
    assert local(kind) == Outcome(kind, 503)


def test_every_ending_is_a_word_with_a_sentence() -> None:
    assert all(str(ending) == ending.value and ending.words for ending in Ending)
