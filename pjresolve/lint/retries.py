"""When a registration gives up for good: what the rules on retries measure."""

from __future__ import annotations

from pjresolve.config.objects import Registration
from pjresolve.lint.context import DAY, Trunk
from pjresolve.model import addresses
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


def outage_ends(trunk: Trunk) -> float | None:
    """When it gives up (seconds) in a day without any target answering: the real ones where they are
    known, else one that stands for them.
    """
    if trunk.has_answers and trunk.targets:
        return gives_up_at(trunk.predict(down=addresses(trunk.targets), duration=DAY))
    key = ("outage", timing(trunk.registration), trunk.pinned, bool(trunk.route and trunk.route.protocol))

    def simulated() -> float | None:
        alone = trunk.without_dns()
        return gives_up_at(alone.predict(down=addresses(alone.targets), duration=DAY))

    return trunk.context.once(key, simulated)
