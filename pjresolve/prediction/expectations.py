"""Whether a prediction is what its scenario expects.

Rules of this file: a difference holds both sides in words; nothing is printed here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Literal, NamedTuple

from pjresolve.model import Target
from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.traffic import CallPrediction, IncomingPrediction, TrafficPrediction
from pjresolve.scenario.expected import Expect, ExpectedCall, ExpectedRequest, ExpectedTarget
from pjresolve.trace import State
from pjresolve.words import after, plural, span


class Difference(NamedTuple):
    """An expectation that does not hold."""

    what: str
    expected: str
    predicted: str


def differences(prediction: Prediction) -> list[Difference]:
    """The expectations of the prediction's scenario that fail; none where it has none."""
    expect = prediction.scenario.expect
    if expect is None:
        return []
    traffic = prediction.traffic or TrafficPrediction()
    return [
        *_registration(expect, prediction),
        *_calls(expect.calls, traffic.calls),
        *_contacts(expect.contacts or (), traffic),
        *_incoming(expect.incoming, traffic.incoming),
    ]


def _registration(expect: Expect, prediction: Prediction) -> Iterator[Difference]:
    reg = prediction.registered
    if not _is(expect.registered, reg.target if reg else None):
        said = f"{reg.target} {after(reg.t)}" if reg and expect.registered == "none" else None
        yield Difference("registered", str(expect.registered), said or (str(reg.target) if reg else "none"))
    if expect.within is not None and not (reg and reg.t <= expect.within):
        yield Difference("within", span(expect.within), span(reg.t) if reg else "never")
    if expect.targets is not None and not _same(expect.targets, prediction.targets):
        yield Difference("targets", _list(expect.targets), _list(prediction.targets))
    if expect.refused is not None and expect.refused == prediction.loaded:
        said = "loaded" if prediction.loaded else f"refused: {prediction.refusal}"
        yield Difference("refused", _yes(expect.refused), said)
    rejected = prediction.loaded and prediction.status is State.REJECTED
    if expect.rejected is not None and expect.rejected != rejected:
        said = prediction.status if prediction.loaded else "refused"
        yield Difference("rejected", _yes(expect.rejected), said)


# ---------------------------------------------------------------- what goes on beside it


def _calls(expected: Sequence[ExpectedCall] | None, calls: Sequence[CallPrediction]) -> Iterator[Difference]:
    if expected is None:
        return
    if len(expected) != len(calls):
        yield Difference("calls", plural(len(expected), "call"), plural(len(calls), "call"))
        return
    for number, (one, call) in enumerate(zip(expected, calls, strict=True), 1):
        yield from _call(f"call {number}", one, call)


def _call(name: str, expect: ExpectedCall, call: CallPrediction) -> Iterator[Difference]:
    answered = call.answered.target if call.answered else None
    if not _is(expect.answered, answered):
        yield Difference(f"{name}, answered", str(expect.answered), str(answered or "none"))
    decided = call.answered.t if call.answered else call.ended
    if expect.within is not None and (decided is None or decided - call.t > expect.within):
        took = "not in this run" if decided is None else span(decided - call.t)
        yield Difference(f"{name}, within", span(expect.within), took)
    if expect.status is not None and expect.status != call.status:
        yield Difference(f"{name}, status", str(expect.status), str(call.status or "none"))
    tried = tuple(target for target, _ in groupby(attempt.target for attempt in call.attempts()))
    if expect.tried is not None and not _same(expect.tried, tried):
        yield Difference(f"{name}, tried", _list(expect.tried), _list(tried))


def _contacts(expected: Sequence[tuple[str, str]], traffic: TrafficPrediction) -> Iterator[Difference]:
    """The state of each AoR's contacts at the end: reachable if one of them is."""
    last = {change.contact: change.reachable for change in traffic.contacts}
    for aor, state in expected:
        known = [reachable for contact, reachable in last.items() if contact.aor == aor]
        found = ("reachable" if any(known) else "unreachable") if known else "not known"
        if found != state:
            yield Difference(f"contacts of {aor}", state, found)


def _incoming(
    expected: Sequence[ExpectedRequest] | None, requests: Sequence[IncomingPrediction]
) -> Iterator[Difference]:
    if expected is None:
        return
    if len(expected) != len(requests):
        yield Difference("incoming", plural(len(expected), "request"), plural(len(requests), "request"))
        return
    for number, (one, request) in enumerate(zip(expected, requests, strict=True), 1):
        found = request.received
        for point in ("endpoint", "matched_by", "status", "context", "extension"):
            wanted, came = getattr(one, point), getattr(found, point)
            said = "none" if came is None else str(came)
            if wanted is not None and str(wanted) != said:
                yield Difference(f"request {number}, {point}", str(wanted), said)


def _is(expected: ExpectedTarget | Literal["none"] | None, target: Target | None) -> bool:
    """Whether a target is the expected one, "none" for no target at all, None for whatever it is."""
    if expected is None or expected == "none":
        return expected is None or target is None
    return target is not None and expected.matches(target)


def _same(expected: tuple[ExpectedTarget, ...], targets: tuple[Target, ...]) -> bool:
    return len(expected) == len(targets) and all(e.matches(t) for e, t in zip(expected, targets, strict=True))


def _list(targets: tuple[ExpectedTarget, ...] | tuple[Target, ...]) -> str:
    return ", ".join(map(str, targets)) or "none"


def _yes(value: bool) -> str:
    return "yes" if value else "no"
