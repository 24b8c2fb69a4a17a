"""The rule PJ208."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.retries import ends_when_rejected, enduring, outage_ends
from pjresolve.lint.rule import Rule
from pjresolve.words import span

_REJECTED = ", and so does a single 401 to the password (auth_rejection_permanent)"


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
            also = _REJECTED if ends_when_rejected(trunk) else ""
            yield self.finding(
                registration.where(option),
                f"max_retries={registration.max_retries} with retry_interval={registration.retry_interval} "
                "gives up for good",
                f"{what} for {span(stopped)} stops the registration until a reload{also}",
                enduring(trunk),
                subject=trunk.name,
            )
