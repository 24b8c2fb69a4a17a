"""The rule PJ207."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.edits import Edit, set_option
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.retries import lapse, registers_later
from pjresolve.lint.rule import Rule
from pjresolve.model import addresses
from pjresolve.words import span

LONG = 3600
"""Seconds of a long expiration: Asterisk's default."""


class ShortExpiration(Rule):
    """An expiration so short that one dead target makes the registration lapse.

    A refresh starts 10 s before the granted expiration ends, and starts at target 1, also when that
    is known to be dead. A dead UDP target costs 32 s (Timer F), so that every refresh comes too
    late; the shorter the expiration, the larger the part of the time without registration.
    Recordings `rereg-primary-dead`, `event-udp-outage`. The rule reports where more than 5 % of the
    time is lost; as info where the provider grants less than is asked for, which no option changes.

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
    also = (Severity.INFO,)
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that survives the outage of its first address, but with gaps."""
        for trunk in context.predictable:
            own = addresses(trunk.targets)
            if len(own) < 2:
                continue
            expiration = trunk.registration.expiration
            gap, cycle = lapse(trunk, own[0])
            if not cycle:
                continue
            granted = "" if cycle > expiration else ", and the provider grants less: that"
            setting = f"expiration={expiration}{granted}"
            lost = f"the registration lapses for {span(gap)} of every {span(cycle)}"
            yield self.finding(
                trunk.registration.where("expiration"),
                f"{setting} is too short for a dead target",
                f"while {own[0]} does not answer, {lost}",
                _fix(trunk, own[0]),
                subject=trunk.name,
                severity=Severity.INFO if granted else Severity.WARNING,
            )


def _fix(trunk: Trunk, dead: str) -> list[Edit]:
    """A longer expiration, where it helps: not where the provider grants less."""
    if trunk.registration.expiration >= LONG:
        return []
    longer = trunk.with_options(expiration=LONG)
    if lapse(longer, dead)[1] or registers_later(trunk, longer):
        return []
    return [set_option(trunk.registration.section, "expiration", str(LONG), "the provider may grant less")]
