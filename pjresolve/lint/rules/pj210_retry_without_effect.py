"""The rule PJ210."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.edits import Edit, set_option
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.retries import gives_up_when_answered, outage_ends
from pjresolve.lint.rule import Rule
from pjresolve.words import span

RETRIES = 20000
"""Retries that outlast any outage."""


class RetryWithoutEffect(Rule):
    """`forbidden_retry_interval` or `fatal_retry_interval` that never comes to pass, or not for long.

    Both count against `max_retries`, like `retry_interval`: the registration stops after that many.
    `forbidden_retry_interval` is for 403 alone; `fatal_retry_interval` for what no other rule covers.
    Recordings `forbidden-retry`, `fatal-retry`, `maxretries0`. Where an outage ends the registration, too,
    PJ208 says it, and what it prints mends both.

    Bad:

        [itsp]
        type=registration
        retry_interval=600
        forbidden_retry_interval=60
        max_retries=200
        auth_rejection_permanent=no

    Good:

        [itsp]
        type=registration
        forbidden_retry_interval=600
        max_retries=20000
    """

    code = "PJ210"
    severity = Severity.INFO

    def check(self, context: Context) -> Iterable[Finding]:
        """Each such interval that the simulation sees end within a day."""
        for trunk in context.loaded:
            registration = trunk.registration
            for option, status in (("forbidden_retry_interval", 403), ("fatal_retry_interval", 404)):
                interval = getattr(registration, option)
                stopped = gives_up_when_answered(trunk, status) if interval else None
                if stopped is None or outage_ends(trunk) is not None:
                    continue
                yield self.finding(
                    registration.where(option),
                    f"{option}={interval} has max_retries={registration.max_retries}",
                    f"a provider that answers {status} stops the registration "
                    + ("at once" if stopped < 1 else f"after {span(stopped)}"),
                    _fix(trunk, status),
                    subject=trunk.name,
                )


def _fix(trunk: Trunk, status: int) -> list[Edit]:
    """Retries for days, where the registration then outlasts a day of such answers."""
    if gives_up_when_answered(trunk.with_options(max_retries=RETRIES), status) is not None:
        return []
    return [set_option(trunk.registration.section, "max_retries", str(RETRIES))]
