"""The rule PJ209."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.edits import Edit, set_option
from pjresolve.lint.finding import Finding
from pjresolve.lint.retries import gives_up_when_answered, outage_ends
from pjresolve.lint.rule import Rule
from pjresolve.words import span

PAUSE = 300
"""Seconds to wait after a 403."""


class AuthRejection(Rule):
    """`auth_rejection_permanent=yes`: one rejected password ends it.

    With the default, a 401 or 407 to a request with credentials stops the registration until a
    reload, and so does a 403 while `forbidden_retry_interval` is 0. Providers answer that way for
    minutes when their database has a hiccup. With `auth_rejection_permanent=no` a 401 is retried
    after `retry_interval`. Recordings `auth-reject`, `auth-reject-np`, `udp-403`,
    `forbidden-retry`. Where an outage ends the registration, too, PJ208 says both.

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
        for trunk in context.loaded:
            registration = trunk.registration
            if not registration.auth_rejection_permanent:
                continue
            stopped, forbidden = gives_up_when_answered(trunk, 401), gives_up_when_answered(trunk, 403)
            if stopped is None or outage_ends(trunk) is not None:
                continue  # what ends in an outage as well is one thought: PJ208
            also = "a 401 or a 403" if forbidden is not None and forbidden <= stopped + 1 else "a 401"
            default = "" if registration.section.last("auth_rejection_permanent") else " (the default)"
            when = "at once" if stopped < 1 else f"after {span(stopped)}"
            yield self.finding(
                registration.where("auth_rejection_permanent"),
                f"auth_rejection_permanent=yes{default}",
                f"{also} from the provider stops the registration {when}, until a reload",
                _fix(trunk, forbidden is not None),
                subject=trunk.name,
            )


def _fix(trunk: Trunk, forbidden: bool) -> list[Edit]:
    """Retries after a 401, and after a 403 where that ends it, too; where there are retries at all."""
    registration = trunk.registration
    pause = registration.forbidden_retry_interval or (PAUSE if forbidden else 0)
    patient = trunk.with_options(auth_rejection_permanent=False, forbidden_retry_interval=pause)
    if any(gives_up_when_answered(patient, status) is not None for status in (401, 403)):
        return []
    edits = [set_option(registration.section, "auth_rejection_permanent", "no")]
    if pause != registration.forbidden_retry_interval:
        edits.append(set_option(registration.section, "forbidden_retry_interval", str(pause)))
    return edits
