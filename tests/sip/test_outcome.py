"""How an attempt ends, and what that counts as."""

from __future__ import annotations

import pytest

from pjresolve.sip import outcome as out
from pjresolve.sip.outcome import Outcome, local


@pytest.mark.parametrize("kind", [out.TIMEOUT, out.BLOCKED])
def test_silence_counts_as_408(kind: str) -> None:
    assert local(kind) == Outcome(kind, 408)


@pytest.mark.parametrize(
    "kind",
    [
        out.REFUSED, out.CLOSED, out.LOST, out.UNREACHABLE, out.NO_CONNECT, out.TLS_FAILED, out.UNSUITABLE,
        out.NO_TARGET,
    ],
)  # fmt: skip
def test_every_other_failure_counts_as_503(kind: str) -> None:
    assert local(kind) == Outcome(kind, 503)


@pytest.mark.parametrize("status", [200, 302, 401, 403, 404, 408, 423, 480, 500, 502, 503, 504, 600])
def test_the_next_target_is_tried_after_408_and_503_alone(status: int) -> None:
    assert Outcome(out.ANSWERED, status).moves_on == (status in (408, 503))
