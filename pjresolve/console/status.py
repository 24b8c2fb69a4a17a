"""What `pjsip show registrations` says of a registration at a given moment of its predicted life.

Rules of this file:
- it reads the prediction's log and nothing else;
- Asterisk's word tells how the last round ended, not whether the registration is still valid.
"""

from __future__ import annotations

from typing import NamedTuple

from pjresolve.prediction.prediction import Prediction
from pjresolve.sip.outcome import Ending
from pjresolve.sip.timers import microseconds
from pjresolve.trace import AttemptEnded, RoundStarted, StateChanged, StepTaken

UNREGISTERED, REGISTERED, REJECTED = "Unregistered", "Registered", "Rejected"


class ShownStatus(NamedTuple):
    """The word, and the seconds until the next round begins, negative once it has (recording `base`)."""

    word: str
    seconds: float


def shown_status(prediction: Prediction, at: float) -> ShownStatus:
    """The status `at` seconds after the first query.

    While a round is under way the word is still that of the round before it, `Unregistered` before the
    first has ended. Once Asterisk has given up, the seconds count from where the last round began.
    """
    now = microseconds(at)
    word, due, ending = UNREGISTERED, 0, REJECTED
    for event in prediction.log:
        if event.t > now:
            break
        if isinstance(event, RoundStarted):
            due, ending = event.t, REJECTED
        elif isinstance(event, AttemptEnded):
            ending = REGISTERED if event.outcome == Ending.REGISTERED else REJECTED
        elif isinstance(event, StepTaken) and event.wait is not None:
            word, due = ending, event.t + event.wait
        elif isinstance(event, StateChanged) and event.state == "rejected":
            word = REJECTED
    return ShownStatus(word, (due - now) / 1_000_000)
