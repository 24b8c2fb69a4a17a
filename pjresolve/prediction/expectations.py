"""Whether a prediction is what its scenario expects.

Rules of this file: a difference holds both sides in words; nothing is printed here.
"""

from __future__ import annotations

from typing import NamedTuple

from pjresolve.model import Target
from pjresolve.prediction.prediction import Prediction
from pjresolve.scenario.format import ExpectedTarget
from pjresolve.trace import State
from pjresolve.words import after, span


class Difference(NamedTuple):
    """An expectation that does not hold."""

    what: str
    expected: str
    predicted: str


def differences(prediction: Prediction) -> list[Difference]:
    """The expectations of the prediction's scenario that fail; none where it has none."""
    expect, reg = prediction.scenario.expect, prediction.registered
    found: list[Difference] = []
    if expect is None:
        return found
    if expect.registered == "none" and reg:
        found.append(Difference("registered", "none", f"{reg.target} {after(reg.t)}"))
    elif isinstance(expect.registered, ExpectedTarget) and not (
        reg and expect.registered.matches(reg.target)
    ):
        found.append(Difference("registered", str(expect.registered), str(reg.target) if reg else "none"))
    if expect.within is not None and not (reg and reg.t <= expect.within):
        found.append(Difference("within", span(expect.within), span(reg.t) if reg else "never"))
    if expect.targets is not None and not _same(expect.targets, prediction.targets):
        found.append(Difference("targets", _list(expect.targets), _list(prediction.targets)))
    if expect.refused is not None and expect.refused == prediction.loaded:
        said = "loaded" if prediction.loaded else f"refused: {prediction.refusal}"
        found.append(Difference("refused", _yes(expect.refused), said))
    if expect.rejected is not None and expect.rejected != (
        prediction.loaded and prediction.status is State.REJECTED
    ):
        found.append(
            Difference(
                "rejected", _yes(expect.rejected), prediction.status if prediction.loaded else "refused"
            )
        )
    return found


def _same(expected: tuple[ExpectedTarget, ...], targets: tuple[Target, ...]) -> bool:
    return len(expected) == len(targets) and all(e.matches(t) for e, t in zip(expected, targets, strict=True))


def _list(targets: tuple[ExpectedTarget, ...] | tuple[Target, ...]) -> str:
    return ", ".join(map(str, targets)) or "none"


def _yes(value: bool) -> str:
    return "yes" if value else "no"
