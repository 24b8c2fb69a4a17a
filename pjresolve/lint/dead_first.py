"""What becomes of a registration whose first TCP or TLS target gives no answer to the connect.

Rules of this file: everything is simulated, for each time after which a kernel gives a connect up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pjresolve.lint.context import DAY, Trunk
from pjresolve.model import Protocol, Target
from pjresolve.scenario.format import Client

GIVEN_UP_AFTER = (131.0, 133.5, 135.5)
"""Seconds after which Linux was seen to give a connect up (recordings `resonance-2`, `tcp-drop1`)."""
INTERVALS = (5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 90, 100, 120, 150, 180, 240, 300)
"""Seconds of `retry_interval` that are tried."""
ENDLESS = 100_000
"""So many retries that they never end the search for another target."""


def dead_first(trunk: Trunk) -> Target | None:
    """The first TCP or TLS target, where there is another address to go on to."""
    dead = next((t for t in trunk.targets if t.transport.protocol is not Protocol.UDP), None)
    return dead if dead and any(t.address != dead.address for t in trunk.targets) else None


def never_left(trunk: Trunk, dead: Target) -> bool:
    """Whether, with all retries that it takes, no other target is ever reached without `dead`."""
    endless = trunk.with_options(max_retries=max(trunk.registration.max_retries, ENDLESS))
    return bool(trunk.registration.retry_interval) and not any(left_after(endless, dead))


def left_after(trunk: Trunk, dead: Target) -> Iterator[float]:
    """When it registers in a day without `dead`, in seconds, or 0, for each time after which the kernel gives
    a connect up.
    """
    world = trunk.context.world
    given = world.client.connect_timeout
    for seconds in GIVEN_UP_AFTER if given == Client().connect_timeout else (given,):
        elsewhere = replace(world, client=replace(world.client, connect_timeout=seconds))
        context = replace(trunk.context, world=elsewhere, _memory={})
        found = replace(trunk, context=context).predict(down=[dead.address], duration=DAY)
        yield found.registered.t if found.registered else 0.0


def interval_from(trunk: Trunk, least: int) -> int:
    """The shortest `retry_interval` from `least` on with which a dead first target is left, or `least`."""
    dead = dead_first(trunk) if trunk.has_answers else None
    if dead is None:
        return least
    longer = (interval for interval in INTERVALS if interval >= least)
    tried = (interval for interval in longer if left(trunk, dead, interval))
    return next(tried, least)


def left(trunk: Trunk, dead: Target, interval: int) -> list[float]:
    """When it registers without `dead` with another `retry_interval`, for each kernel; nothing where it does
    not for one of them.
    """
    found = list(left_after(trunk.with_options(retry_interval=interval), dead))
    return found if all(found) else []
