"""PJ207 to PJ210: expirations, retries and giving up."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.objects import Registration
from pjresolve.errors import printable
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.rule import Rule
from pjresolve.model import Finding, Severity, addresses
from pjresolve.prediction.prediction import Prediction
from pjresolve.scenario.behaviour import Behaviour
from pjresolve.words import span

DAY = 86400.0
GIVES_UP_WITHIN = DAY
"""Seconds of outage that a registration should survive."""
LAPSE_SHARE = 0.05
"""Part of the time without a registration that is worth a word."""


class ShortExpiration(Rule):
    """An expiration so short that one dead target makes the registration lapse.

    A refresh starts 10 s before the granted expiration ends, and starts at target 1, also when that
    is known to be dead. A dead UDP target costs 32 s (Timer F), so that every refresh comes too
    late; the shorter the expiration, the larger the part of the time without registration.
    Recordings `rereg-primary-dead`, `event-udp-outage`. The rule reports where more than 5 % of the
    time is lost.

    Bad:

        [itsp]
        type=registration
        expiration=60

    Good:

        [itsp]
        type=registration
        expiration=3600
    """

    code = "PJ207"
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that survives the outage of its first address, but with gaps."""
        for trunk in context.predicted:
            own = addresses(trunk.targets)
            if len(own) < 2:
                continue
            expiration = trunk.registration.expiration
            outage = trunk.predict(down=own[:1], duration=6 * (expiration + 300.0), to_the_end=True)
            gap, cycle = _gap(outage)
            if not cycle or gap / cycle < LAPSE_SHARE:
                continue
            granted = "" if cycle > expiration else ", and the provider grants less: that"
            said = f"expiration={expiration}{granted}"
            lost = f"the registration lapses for {span(gap)} of every {span(cycle)}"
            yield self.found(
                trunk.registration.where("expiration"),
                f"{said} is too short for a dead target",
                f"while {own[0]} does not answer, {lost}",
                "expiration=3600   ; the provider may grant less",
                subject=trunk.name,
            )


def _gap(outage: Prediction) -> tuple[float, float]:
    """The length of the last lapse and the time from it to the one before, in seconds; 0 where
    there are no two.
    """
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
    return lapses[-1][1] - lapses[-1][0], lapses[-1][0] - lapses[-2][0]


class GivesUp(Rule):
    """`max_retries` and the intervals give up for good.

    After `max_retries` rounds without success the registration stops until somebody reloads it; a
    round without any answer counts as one. With the defaults (10 retries, 60 s apart) an outage of
    some minutes is enough. Recordings `maxretries`, `maxretries0`, `retry0`. The rule reports what
    gives up within a day.

    Bad:

        [itsp]
        type=registration
        retry_interval=60
        max_retries=10

    Good:

        [itsp]
        type=registration
        retry_interval=20
        max_retries=20000
    """

    code = "PJ208"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that an outage of everything ends within a day."""
        for trunk in context.trunks:
            registration = trunk.registration
            if trunk.plan is None or trunk.plan.dead_end:
                continue
            stopped = _outage_ends(trunk)
            if stopped is None:
                continue
            what = "an outage of all targets" if trunk.known and trunk.targets else "an outage"
            option = "retry_interval" if not registration.retry_interval else "max_retries"
            interval = max(registration.retry_interval, 20)
            yield self.found(
                registration.where(option),
                f"max_retries={registration.max_retries} with retry_interval={registration.retry_interval} "
                "gives up for good",
                f"{what} for {span(stopped)} stops the registration until a reload",
                f"retry_interval={interval}\nmax_retries=100000",
                subject=trunk.name,
            )


def _outage_ends(trunk: Trunk) -> float | None:
    """When it gives up (seconds) in a day without any target answering: the real ones where they are
    known, else one that stands for them.
    """
    if trunk.known and trunk.targets:
        return _stopped(trunk.predict(down=addresses(trunk.targets), duration=GIVES_UP_WITHIN))
    context, registration = trunk.context, trunk.registration
    key = (
        "outage",
        _timing(registration),
        trunk.plan.pinned if trunk.plan else None,
        bool(trunk.route and trunk.route.protocol),
    )

    def simulated() -> float | None:
        alone = trunk.without_dns()
        return _stopped(alone.predict(down=addresses(alone.targets), duration=GIVES_UP_WITHIN))

    return context.once(key, simulated)


def _timing(registration: Registration) -> tuple[object, ...]:
    """What decides how long a registration lives, apart from its targets."""
    return (
        registration.retry_interval, registration.max_retries, registration.forbidden_retry_interval,
        registration.fatal_retry_interval, registration.auth_rejection_permanent,
        bool(registration.outbound_auth),
    )  # fmt: skip


def _stopped(prediction: Prediction) -> float | None:
    """The moment (seconds) at which it gives up for good, or None."""
    if prediction.status != "rejected":
        return None
    return next(m.t for m in prediction.states() if m.state == "rejected")


def _answered(trunk: Trunk, status: int) -> float | None:
    """When it gives up (seconds) in a day in which the registrar answers everything with `status`."""
    key = ("answered", status, _timing(trunk.registration), trunk.plan.pinned if trunk.plan else None)
    service = Behaviour("answer", status=status, challenge=False)
    return trunk.context.once(key, lambda: _stopped(trunk.without_dns().predict(every=service, duration=DAY)))


class AuthRejection(Rule):
    """`auth_rejection_permanent=yes`: one rejected password ends it.

    With the default, a 401 or 407 to a request with credentials stops the registration until a
    reload, and so does a 403 while `forbidden_retry_interval` is 0. Providers answer that way for
    minutes when their database has a hiccup. With `auth_rejection_permanent=no` a 401 is retried
    after `retry_interval`. Recordings `auth-reject`, `auth-reject-np`, `udp-403`,
    `forbidden-retry`.

    Bad:

        [itsp]
        type=registration
        auth_rejection_permanent=yes

    Good:

        [itsp]
        type=registration
        auth_rejection_permanent=no
    """

    code = "PJ209"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that one 401 stops."""
        for trunk in context.trunks:
            registration = trunk.registration
            if trunk.plan is None or trunk.plan.dead_end or not registration.auth_rejection_permanent:
                continue
            stopped, forbidden = _answered(trunk, 401), _answered(trunk, 403)
            if stopped is None:
                continue
            also = "a 401 or a 403" if forbidden is not None and forbidden <= stopped + 1 else "a 401"
            said = "" if registration.section.last("auth_rejection_permanent") else " (the default)"
            when = "at once" if stopped < 1 else f"after {span(stopped)}"
            yield self.found(
                registration.where("auth_rejection_permanent"),
                f"auth_rejection_permanent=yes{said}",
                f"{also} from the provider stops the registration {when}, until a reload",
                "auth_rejection_permanent=no\nforbidden_retry_interval=300",
                subject=trunk.name,
            )


class RetryWithoutEffect(Rule):
    """`forbidden_retry_interval` or `fatal_retry_interval` that never comes to pass, or not for long.

    Both count against `max_retries`, like `retry_interval`: with `max_retries=0` they do nothing,
    and else the registration stops after that many. `forbidden_retry_interval` is for 403 alone;
    `fatal_retry_interval` for what no other rule covers. Recordings `forbidden-retry`,
    `fatal-retry`, `maxretries0`.

    Bad:

        [itsp]
        type=registration
        forbidden_retry_interval=60
        max_retries=0

    Good:

        [itsp]
        type=registration
        forbidden_retry_interval=600
        max_retries=20000
    """

    code = "PJ210"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each such interval that the simulation sees end within a day."""
        for trunk in context.trunks:
            registration = trunk.registration
            if trunk.plan is None or trunk.plan.dead_end:
                continue
            for option, status in (("forbidden_retry_interval", 403), ("fatal_retry_interval", 404)):
                interval = getattr(registration, option)
                stopped = _answered(trunk, status) if interval else None
                if stopped is None:
                    continue
                yield self.found(
                    registration.where(option),
                    f"{option}={interval} has max_retries={registration.max_retries}",
                    f"a provider that answers {status} stops the registration "
                    + ("at once" if stopped < 1 else f"after {span(stopped)}"),
                    "max_retries=20000",
                    subject=printable(trunk.name),
                    severity=Severity.WARNING if registration.max_retries == 0 else Severity.INFO,
                )


RULES = (ShortExpiration, GivesUp, AuthRejection, RetryWithoutEffect)
