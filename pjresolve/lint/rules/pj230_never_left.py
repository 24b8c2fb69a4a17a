"""The rule PJ230."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.lint.context import Context
from pjresolve.lint.dead_first import INTERVALS, dead_first, left, never_left
from pjresolve.lint.edits import set_option
from pjresolve.lint.finding import Finding
from pjresolve.lint.retries import lapse
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import target
from pjresolve.words import span


class NeverLeft(Rule):
    r"""A `retry_interval` with which a dead TCP or TLS target is never left.

    A connect that gets no answer holds the request, and all targets of the round wait behind it, until the
    kernel gives the connect up after some 134 s. The next target is tried only where, at that moment, a
    round is waiting at this one. Otherwise the next round connects again, waits again, and is as much out
    of step as the last one: for ever. So whether Asterisk fails over at all hangs on the length of a round
    and on `retry_interval`. With two targets, 32 s each, and `;transport=tcp`, the intervals 1, 2, 45, 50,
    60 and 66 registered after 134 s, and 5, 10, 20, 30, 80, 90 and 120 never did: recordings `resonance-60`,
    `resonance-20`, `resonance-5`, `resonance-120`. The rule tries the configuration at hand, and the fix
    that it prints was tried as well; where the registration would then lapse (PJ207), none is printed.

    Bad:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net\;transport=tcp
        retry_interval=20

    Bad zone:

        _sip._tcp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        _sip._tcp.sip.example.net. 300 IN SRV 20 10 5060 b.example.net.
        a.example.net. 300 IN A 203.0.113.1
        b.example.net. 300 IN A 198.51.100.2

    Good:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net\;transport=tcp
        retry_interval=45

    Good zone:

        _sip._tcp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        _sip._tcp.sip.example.net. 300 IN SRV 20 10 5060 b.example.net.
        a.example.net. 300 IN A 203.0.113.1
        b.example.net. 300 IN A 198.51.100.2
    """

    code = "PJ230"
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that stays at its first TCP or TLS target, whenever the kernel gives up."""
        for trunk in context.predictable:
            dead = dead_first(trunk)
            if dead is None or not trunk.baseline.registered or not never_left(trunk, dead):
                continue
            now = trunk.registration.retry_interval
            near = sorted(INTERVALS, key=lambda interval: (abs(interval - now), interval))
            better = next(((i, found) for i in near if (found := left(trunk, dead, i))), None)
            if better is None:
                continue
            interval, found = better
            lapses = lapse(trunk.with_options(retry_interval=interval), dead.address)[1]
            yield self.finding(
                trunk.registration.where("retry_interval"),
                f"retry_interval={now} never leaves {target(dead)} while it does not answer",
                "each round connects to it again and waits, out of step with the kernel, and tries no other; "
                f"with retry_interval={interval} another is reached after {span(max(found))}",
                [] if lapses else set_option(trunk.registration.section, "retry_interval", str(interval)),
                subject=trunk.name,
            )
