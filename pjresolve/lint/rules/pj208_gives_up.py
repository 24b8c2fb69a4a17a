"""The rule PJ208."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.lint.context import DAY, Context, Trunk
from pjresolve.lint.dead_first import interval_from
from pjresolve.lint.edits import Edit, set_option
from pjresolve.lint.finding import Finding
from pjresolve.lint.retries import gives_up_at, timing
from pjresolve.lint.rule import Rule
from pjresolve.model import addresses
from pjresolve.words import span

GIVES_UP_WITHIN = DAY
"""Seconds of outage that a registration should survive."""
PAUSE = 20
"""Seconds between two rounds that no provider minds."""


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
        for trunk in context.loaded:
            registration = trunk.registration
            stopped = _outage_ends(trunk)
            if stopped is None:
                continue
            what = "an outage of all targets" if trunk.has_answers and trunk.targets else "an outage"
            option = "retry_interval" if not registration.retry_interval else "max_retries"
            yield self.finding(
                registration.where(option),
                f"max_retries={registration.max_retries} with retry_interval={registration.retry_interval} "
                "gives up for good",
                f"{what} for {span(stopped)} stops the registration until a reload",
                _fix(trunk),
                subject=trunk.name,
            )


def _fix(trunk: Trunk) -> list[Edit]:
    section, interval = trunk.registration.section, trunk.registration.retry_interval
    longer = [] if interval >= PAUSE else [str(interval_from(trunk, PAUSE))]
    edits = [set_option(section, "retry_interval", pause) for pause in longer]
    return [*edits, set_option(section, "max_retries", "100000")]


def _outage_ends(trunk: Trunk) -> float | None:
    """When it gives up (seconds) in a day without any target answering: the real ones where they are
    known, else one that stands for them.
    """
    if trunk.has_answers and trunk.targets:
        return gives_up_at(trunk.predict(down=addresses(trunk.targets), duration=GIVES_UP_WITHIN))
    context, registration = trunk.context, trunk.registration
    key = (
        "outage",
        timing(registration),
        trunk.pinned,
        bool(trunk.route and trunk.route.protocol),
    )

    def simulated() -> float | None:
        alone = trunk.without_dns()
        return gives_up_at(alone.predict(down=addresses(alone.targets), duration=GIVES_UP_WITHIN))

    return context.once(key, simulated)
