"""Whether a registration does as well after a change as before: what a fix has to hold to.

Rules of this file: encryption is never given up, whatever else a change would bring.
"""

from __future__ import annotations

from pjresolve.lint.context import OUTAGE, Trunk
from pjresolve.lint.published import hidden_by_naptr
from pjresolve.model import Protocol, addresses
from pjresolve.prediction.prediction import Prediction

SOONER = 0.001
"""Seconds within which two moments are one."""
BLOCKED = 60.0
"""Seconds that moving on to another address may take."""


def encrypted(trunk: Trunk) -> bool:
    """Whether its configuration allows TLS alone."""
    plan = trunk.plan
    if plan is None:
        return False
    if plan.pinned is not None:
        return plan.pinned.protocol is Protocol.TLS
    return plan.request is not None and plan.request.protocol is Protocol.TLS


def blocked(trunk: Trunk) -> Prediction | None:
    """What happens while the first target does not answer, where that keeps the registration from another
    address for longer than BLOCKED; else None.
    """
    first, own = next(iter(trunk.targets), None), addresses(trunk.targets)
    if first is None or first.transport.protocol is Protocol.UDP or len(own) < 2:
        return None
    outage = trunk.outage(own[:1])
    return None if outage.registered is not None and outage.registered.t < BLOCKED else outage


def blocked_by_port(trunk: Trunk) -> Prediction | None:
    """What happens while the first target alone is silent, as behind a firewall, where all targets are at one
    address and that keeps the registration from the others for longer than BLOCKED; else None.
    """
    first = next(iter(trunk.targets), None)
    own = addresses(trunk.targets)
    if first is None or first.transport.protocol is Protocol.UDP or len(own) > 1 or len(trunk.targets) < 2:
        return None
    outage = trunk.predict(silent=[first], duration=OUTAGE)
    return None if outage.registered is not None and outage.registered.t < BLOCKED else outage


def failures(trunk: Trunk) -> int:
    """How many queries of its first resolution failed."""
    return sum(a.status.failed for a in trunk.resolution.answers) if trunk.resolution else 0


def no_worse(before: Trunk, after: Trunk) -> bool:
    """Whether `after` loads, registers where `before` does and no later, over TLS where that was so, with
    no fewer addresses to fail over to, and none that a dead first one bars. Where no answers are at hand,
    what the files say has to do.
    """
    plan = after.plan
    if plan is None or plan.dead_end or (encrypted(before) and not encrypted(after)):
        return False
    if not before.has_answers:
        return True
    if not after.has_answers or len(addresses(after.targets)) < len(addresses(before.targets)):
        return False
    if failures(after) > failures(before) or len(hidden_by_naptr(after)) > len(hidden_by_naptr(before)):
        return False
    if blocked(after) and not blocked(before):
        return False
    was, will = before.baseline.registered, after.baseline.registered
    if was is None:
        return True
    if will is None or will.t > was.t + SOONER:
        return False
    return was.target.transport.protocol is not Protocol.TLS or will.target.transport.protocol is Protocol.TLS
