"""The rule PJ218."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from pjresolve.errors import printable
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.dead_first import interval_from
from pjresolve.lint.edits import set_option
from pjresolve.lint.finding import Finding
from pjresolve.lint.retries import registers_later, timing
from pjresolve.lint.rule import Rule
from pjresolve.scenario.behaviour import Behaviour
from pjresolve.trace import RoundStarted

MOST = 10
"""Rounds a minute that a provider is bothered with at most."""
CALM = 20
"""Seconds between rounds that bother nobody."""
LOOK = 600.0
"""Seconds that are looked at."""
_UNAVAILABLE = Behaviour("answer", status=503, challenge=False)
_FORBIDDEN = Behaviour("answer", status=403, challenge=False)


class RegisterStorm(Rule):
    """Registrations in a storm.

    Each round asks the DNS anew and sends a REGISTER to every target. A `retry_interval` of a second or two
    sounds like a quick recovery: to the provider it is a flood from each customer at the moment when its
    server is down, and many shut such addresses out for hours. An `expiration` of 10 s or less is one
    while all is well, since Asterisk registers anew 10 s before the end, at once where that has passed.
    The number is simulated: ten minutes of a server that is silent, that answers 503 or 403 at once, and of
    one that is well. More than 10 rounds a minute are told.

    Bad:

        [itsp]
        type=registration
        retry_interval=1

    Good:

        [itsp]
        type=registration
        retry_interval=20
    """

    code = "PJ218"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that begins a round more often than every 6 s, with the worst of its worlds."""
        for trunk in context.loaded:
            worst, option, world = max(_rounds(trunk))
            if worst > MOST:
                calm = 120 if option == "expiration" else CALM
                if option == "retry_interval":
                    calm = interval_from(trunk, CALM)
                calmed = trunk.with_options(**{option: calm})
                yield self.finding(
                    trunk.registration.where(option),
                    f"{option}={getattr(trunk.registration, option)} of {printable(trunk.name)} makes "
                    f"{worst} rounds a minute towards {world}",
                    "providers shut out addresses that do so, for longer than the outage lasts",
                    []
                    if registers_later(trunk, calmed)
                    else set_option(trunk.registration.section, option, str(calm)),
                    subject=trunk.name,
                )


def _rounds(trunk: Trunk) -> Iterator[tuple[int, str, str]]:
    """Rounds a minute, the option that makes them, and the world that they were simulated in."""
    registration = trunk.registration
    alone = trunk.without_dns()
    key = ("storm", timing(registration), registration.expiration, trunk.pinned)
    worlds: list[tuple[str, str, Behaviour | None]] = [
        ("expiration", "a server that is well", None),
        ("retry_interval", "a server that answers 503", _UNAVAILABLE),
    ]
    if registration.forbidden_retry_interval:
        worlds.append(("forbidden_retry_interval", "a server that answers 403", _FORBIDDEN))
    for option, words, every in worlds:
        yield trunk.context.once((key, option), partial(_a_minute, alone, every)), option, words


def _a_minute(trunk: Trunk, every: Behaviour | None) -> int:
    prediction = trunk.predict(every=every, duration=LOOK, to_the_end=True)
    return round(sum(1 for _ in prediction.log.of(RoundStarted)) * 60 / LOOK)
