"""How measured things are put into words.

Rules of this file: numbers come from predictions and only their wording is made here.
"""

from __future__ import annotations

from pjresolve.model import Target
from pjresolve.prediction.prediction import Prediction
from pjresolve.trace import State
from pjresolve.words import span

UNTIL_FIXED = "this is fixed"
"""Until when it does not register, where the configuration or the DNS is to blame and no outage."""

UNTIL_DNS = "the DNS changes"
"""The same where only what the DNS says is to blame, which is mostly somebody else's."""


def target(t: Target) -> str:
    """`192.0.2.1:5060 over UDP/IPv4`."""
    return f"{t.socket} over {t.transport}"


def result(prediction: Prediction, until: str = "it ends") -> str:
    """What comes of a registration in a prediction, in half a sentence."""
    if not prediction.loaded:
        return f"Asterisk refuses the registration: {prediction.refusal}"
    if prediction.registered is not None:
        after = "at once" if prediction.registered.t < 1 else f"after {span(prediction.registered.t)}"
        return f"registered {after} at {target(prediction.registered.target)}"
    if prediction.status is State.REJECTED:
        last = next((m for m in reversed(list(prediction.states())) if m.state is State.REJECTED), None)
        when = last.t if last else prediction.end
        return f"given up for good {'at once' if when < 1 else f'after {span(when)}'}"
    return f"not registered until {until}"
