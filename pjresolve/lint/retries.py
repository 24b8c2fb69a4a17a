"""When a registration gives up for good: what the rules on retries measure."""

from __future__ import annotations

from pjresolve.config.objects import Registration
from pjresolve.lint.context import DAY, Trunk
from pjresolve.lint.dead_first import interval_from
from pjresolve.lint.edits import Edit, set_option
from pjresolve.model import addresses
from pjresolve.prediction.prediction import Prediction
from pjresolve.scenario.behaviour import Behaviour
from pjresolve.trace import State

PAUSE = 20
"""Seconds between two rounds that no provider minds."""
LAPSE_SHARE = 0.05
"""Part of the time without a registration that is worth a word."""
ENDURING = 100_000
"""Retries that outlast any outage."""


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


def ends_when_rejected(trunk: Trunk) -> bool:
    """Whether one 401 to the password ends it that `auth_rejection_permanent=no` would not."""
    permanent = trunk.registration.auth_rejection_permanent
    return permanent and gives_up_when_answered(trunk, 401) is not None


def enduring(trunk: Trunk) -> list[Edit]:
    """What makes a registration outlast an outage, with pauses that no provider minds; nothing where it
    would then register later than it does with the answers at hand.
    """
    registration = trunk.registration
    changed: dict[str, int] = {}
    if registration.retry_interval < PAUSE:
        changed["retry_interval"] = interval_from(trunk, PAUSE)
    if 0 < registration.forbidden_retry_interval < PAUSE:
        changed["forbidden_retry_interval"] = PAUSE
    changed["max_retries"] = ENDURING
    if registers_later(trunk, trunk.with_options(**changed)):
        return []
    edits = [set_option(registration.section, option, str(value)) for option, value in changed.items()]
    if ends_when_rejected(trunk):
        edits.append(set_option(registration.section, "auth_rejection_permanent", "no"))
    return edits


def registers_later(trunk: Trunk, changed: Trunk) -> bool:
    """Whether a change makes it register later, or no more, with the answers at hand."""
    now = trunk.baseline.registered if trunk.has_answers else None
    if now is None:
        return False
    then = changed.predict(duration=DAY).registered
    return then is None or then.t > now.t


def lapse(trunk: Trunk, dead: str) -> tuple[float, float]:
    """While an address is down: the length of the last lapse, and the time from the one before to it, in
    seconds; 0 where there are no two, or the part of the time that is lost is not worth a word.
    """
    duration = 6 * (trunk.registration.expiration + 300.0)
    outage = trunk.predict(down=[dead], duration=duration, to_the_end=True)
    lapses: list[tuple[float, float]] = []
    begun: float | None = None
    for moment in outage.states():
        if moment.state == "lapsed":
            begun = moment.t if begun is None else begun
        elif moment.state == "registered" and begun is not None:
            lapses.append((begun, moment.t))
            begun = None
    if len(lapses) < 2:
        return 0.0, 0.0
    gap, cycle = lapses[-1][1] - lapses[-1][0], lapses[-1][0] - lapses[-2][0]
    return (gap, cycle) if gap / cycle >= LAPSE_SHARE else (0.0, 0.0)
