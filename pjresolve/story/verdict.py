"""The verdict in one sentence, and why.

Rules of this file:
- why a target was chosen is said by the stack; what is said here holds for every stack.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pjresolve.model import Target
from pjresolve.prediction.healthy import host_of
from pjresolve.prediction.prediction import Moment, Prediction
from pjresolve.sip.outcome import Ending
from pjresolve.sip.status import is_challenge
from pjresolve.sip.timers import seconds
from pjresolve.stacks import stack_named
from pjresolve.story.rounds import places
from pjresolve.trace import AttemptEnded, Responded, RoundStarted, State, StateChanged
from pjresolve.words import after, numbers, plural, span


class Verdict(NamedTuple):
    """What comes of a registration: `text` in one sentence, `reasons` of its target, one sentence each."""

    registers: bool
    text: str
    reasons: tuple[str, ...] = ()


def verdict(prediction: Prediction) -> Verdict:
    """The verdict on a prediction."""
    if not prediction.loaded:
        return Verdict(False, f"refused: {prediction.refusal}")
    reg = prediction.registered
    if reg is not None:
        return Verdict(
            True,
            f"registers {_at(prediction, reg.target)}, {after(reg.t)}",
            tuple(_reasons(prediction, reg.target)),
        )
    return Verdict(False, f"{_failure(prediction)}{_ending(prediction)}", tuple(_failed_reasons(prediction)))


def _at(prediction: Prediction, target: Target) -> str:
    host = host_of(target, _route_host(prediction)) or target.address
    named = "" if host == target.address else f"at {host} "
    return f"{named}over {target.transport}, {target.socket}"


def _route_host(prediction: Prediction) -> str:
    request = prediction.plan.request if prediction.plan else None
    return request.host if request else ""


def _failure(prediction: Prediction) -> str:
    plan, resolution = prediction.plan, prediction.resolution
    if plan and plan.dead_end:
        return f"never registers: {plan.dead_end}"
    if resolution is not None and not resolution.targets:
        return f"never registers: {resolution.why}"
    if plan and plan.pinned and all(t.transport != plan.pinned for t in prediction.targets):
        return f"never registers: no target is of {plan.pinned}, the type of the pinned transport"
    return "never registers" if _gave_up(prediction) else f"does not register within {span(prediction.end)}"


def short_failure(prediction: Prediction) -> str:
    """What becomes of a registration that does not register, in a few words."""
    gave_up = _gave_up(prediction)
    if gave_up is not None:
        return f"never registers, gives up for good {after(gave_up.t)}"
    return f"does not register within {span(prediction.end)}"


def _gave_up(prediction: Prediction) -> Moment | None:
    """The moment of giving up; it comes once, so that it stands in the stored events."""
    for event in prediction.log.events:
        if isinstance(event, StateChanged) and event.state is State.REJECTED:
            return Moment(seconds(event.t), event.state, event.why)
    return None


def _ending(prediction: Prediction) -> str:
    """What it does instead, at the end of the run."""
    gave_up = _gave_up(prediction)
    if gave_up is not None:
        return f"; gives up for good {after(gave_up.t)}: {gave_up.why}"
    tries = 1 + max((e.round for e in prediction.log.events if isinstance(e, RoundStarted)), default=0)
    return f"; {plural(tries, 'round')} in {span(prediction.end)}"


def _failed_reasons(prediction: Prediction) -> Iterator[str]:
    plan, resolution = prediction.plan, prediction.resolution
    failed = [a for a in resolution.answers if a.status.failed] if resolution else []
    if failed and not prediction.targets:
        yield f"failed: {', '.join(str(a.query) for a in failed[:4])}{' and more' if len(failed) > 4 else ''}"
    challenged = any(isinstance(e, Responded) and is_challenge(e.status) for e in prediction.log.events)
    if plan and challenged and not plan.credentials:
        yield "the server asks for credentials, and the registration has no outbound_auth"


def failed_before(prediction: Prediction) -> set[Target]:
    """The targets that were tried in vain before the first success."""
    failed: set[Target] = set()
    for event in prediction.log.events:
        if isinstance(event, AttemptEnded):
            if event.outcome is Ending.REGISTERED:
                return failed - {event.target}
            failed.add(event.target)
    return failed


# ---------------------------------------------------------------- why this target


def _reasons(prediction: Prediction, target: Target) -> Iterator[str]:
    """What the stack says of the target, and which targets before it were tried in vain."""
    plan, resolution = prediction.plan, prediction.resolution
    if plan is None or resolution is None:
        return
    yield from stack_named(prediction.stack).reasons(plan, resolution, target)
    number = places(prediction).get(target, 0)
    tried = failed_before(prediction)
    before = [i for i, t in enumerate(prediction.targets, 1) if t in tried and i < number]
    if before:
        what = "target" if len(before) == 1 else "targets"
        yield f"{what} {numbers(before)} did not take the registration before"
