"""The rule PJ207."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.edits import Edit, set_option
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.model import addresses
from pjresolve.words import span

LAPSE_SHARE = 0.05
"""Part of the time without a registration that is worth a word."""
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
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that survives the outage of its first address, but with gaps."""
        for trunk in context.predictable:
            own = addresses(trunk.targets)
            if len(own) < 2:
                continue
            expiration = trunk.registration.expiration
            gap, cycle = _gap(trunk, own[0])
            if not cycle or gap / cycle < LAPSE_SHARE:
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
    gap, cycle = _gap(trunk.with_options(expiration=LONG), dead)
    if cycle and gap / cycle >= LAPSE_SHARE:
        return []
    return [set_option(trunk.registration.section, "expiration", str(LONG), "the provider may grant less")]


def _gap(trunk: Trunk, dead: str) -> tuple[float, float]:
    """While an address is down: the length of the last lapse, and the time from the one before to it, in
    seconds; 0 where there are no two.
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
    return lapses[-1][1] - lapses[-1][0], lapses[-1][0] - lapses[-2][0]
