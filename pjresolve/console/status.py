"""What `pjsip show registrations` says of a registration at a given moment of its predicted life.

Rules of this file:
- it reads the story of the prediction and nothing else;
- Asterisk's word tells how the last round ended, not whether the registration is still valid.
"""

from __future__ import annotations

from typing import NamedTuple

from pjresolve.prediction.prediction import Prediction
from pjresolve.sip.outcome import Ending
from pjresolve.sip.timers import microseconds, seconds
from pjresolve.story.lines import Kind
from pjresolve.story.tell import More, unrolled
from pjresolve.trace import State

UNREGISTERED, REGISTERED, REJECTED = "Unregistered", "Registered", "Rejected"
READ = (Kind.ROUND, Kind.ENDED, Kind.STEP, Kind.STATE)
"""The lines that the word and the seconds come from."""


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
    for line in unrolled(prediction.log, READ):
        if isinstance(line, More):
            continue
        if line.t > now:
            break
        if line.kind is Kind.ROUND:
            due, ending = line.t, REJECTED
        elif line.attempt is not None:
            ending = REGISTERED if line.attempt.ending is Ending.REGISTERED else REJECTED
        elif line.wait is not None:
            word, due = ending, line.t + line.wait
        elif line.state is State.REJECTED:
            word = REJECTED
    return ShownStatus(word, seconds(due - now))
