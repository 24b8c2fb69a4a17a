"""The rule PJ208."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.dead_first import interval_from
from pjresolve.lint.edits import Edit, set_option
from pjresolve.lint.finding import Finding
from pjresolve.lint.retries import gives_up_when_answered, outage_ends
from pjresolve.lint.rule import Rule
from pjresolve.words import span

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
            stopped = outage_ends(trunk)
            if stopped is None:
                continue
            what = "an outage of all targets" if trunk.has_answers and trunk.targets else "an outage"
            option = "retry_interval" if not registration.retry_interval else "max_retries"
            yield self.finding(
                registration.where(option),
                f"max_retries={registration.max_retries} with retry_interval={registration.retry_interval} "
                "gives up for good",
                f"{what} for {span(stopped)} stops the registration until a reload{_rejected(trunk)}",
                _fix(trunk),
                subject=trunk.name,
            )


def _rejected(trunk: Trunk) -> str:
    """What else stops it: one answer 401 or 403."""
    if not trunk.registration.auth_rejection_permanent or gives_up_when_answered(trunk, 401) is None:
        return ""
    return ", and so does a single 401 to the password (auth_rejection_permanent)"


def _fix(trunk: Trunk) -> list[Edit]:
    section, interval = trunk.registration.section, trunk.registration.retry_interval
    longer = [] if interval >= PAUSE else [str(interval_from(trunk, PAUSE))]
    edits = [set_option(section, "retry_interval", pause) for pause in longer]
    edits.append(set_option(section, "max_retries", "100000"))
    if _rejected(trunk):
        edits.append(set_option(section, "auth_rejection_permanent", "no"))
    return edits
