"""When a registration gives up for good: what the rules on retries measure."""

from __future__ import annotations

from pjresolve.config.objects import Registration
from pjresolve.lint.context import DAY, Trunk
from pjresolve.prediction.prediction import Prediction
from pjresolve.scenario.behaviour import Behaviour
from pjresolve.trace import State


def timing(registration: Registration) -> tuple[object, ...]:
    """What decides how long a registration lives, apart from its targets."""
    return (
        registration.retry_interval, registration.max_retries, registration.forbidden_retry_interval,
        registration.fatal_retry_interval, registration.auth_rejection_permanent,
        bool(registration.outbound_auth),
    )  # fmt: skip


def gives_up_at(prediction: Prediction) -> float | None:
    """The moment (seconds) at which it gives up for good, or None."""
    if prediction.status is not State.REJECTED:
        return None
    return next(m.t for m in prediction.states() if m.state is State.REJECTED)


def gives_up_when_answered(trunk: Trunk, status: int) -> float | None:
    """When it gives up (seconds) in a day in which the registrar answers everything with `status`."""
    key = ("answered", status, timing(trunk.registration), trunk.pinned)
    service = Behaviour("answer", status=status, challenge=False)
    return trunk.context.once(
        key, lambda: gives_up_at(trunk.without_dns().predict(every=service, duration=DAY))
    )
