"""Whether the contacts of a configuration answer, in the healthy world around them.

Rules of this file:
- it joins configuration and answers into a world in which nobody calls or registers;
- times are in seconds from Asterisk's start; the first OPTIONS of each contact is taken to leave then.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from pjresolve.config.objects import Config
from pjresolve.dns.known import KnownAnswers
from pjresolve.dns.source import AnswerSource
from pjresolve.prediction.faults import NO_FAULTS
from pjresolve.prediction.healthy import Reached, compose, reachable, reached_by
from pjresolve.prediction.inquiry import refuse_unheld
from pjresolve.prediction.run import simulate_scenario
from pjresolve.scenario.format import Scenario
from pjresolve.stacks.driver import resolve_from
from pjresolve.stacks.telephony import ContactName, Telephony

AFTER = 1.0
"""Seconds after which the last contact has had its time to answer."""


class ContactsAt(NamedTuple):
    """What is known of the contacts `t` seconds in.

    `qualified` are those that are asked, `reachable` what came of it; one that is in none was not asked yet,
    or its answer is awaited.
    """

    t: float
    qualified: frozenset[ContactName]
    reachable: dict[ContactName, bool]

    def answers(self, contact: ContactName) -> bool | None:
        """Whether it has answered; None where that is not known."""
        return self.reachable.get(contact)

    def can_be_called(self, contact: ContactName) -> bool:
        """Whether a call would try it: it answers, or nobody asks it (`st-qualify`)."""
        return self.reachable.get(contact, contact not in self.qualified)


def contacts_at(
    config: Config, telephony: Telephony, base: Scenario, source: AnswerSource, at: float | None
) -> ContactsAt:
    """The contacts `at` seconds in, or once each had its time to answer.

    Everything that is reached is healthy, but for what `base` says of hosts. Raises BadInput where `source`
    does not know an answer that is needed.
    """
    plans = telephony.qualified(config)
    waits = (plan.qualify_timeout or plan.frequency for plan in plans)
    when = at if at is not None else max(waits, default=0.0) + AFTER
    reached: dict[Reached, None] = {}
    for plan in plans:
        if plan.resolution is not None:
            refuse_unheld(plan, base, source)
            found = resolve_from(plan.resolution(), source)
            reached.update(dict.fromkeys(reached_by(plan, reachable(found))))
    names = frozenset(plan.contact for plan in plans)
    if not plans or (isinstance(source, KnownAnswers) and source.missing):
        return ContactsAt(when, names, {})
    world = compose(base, list(reached), NO_FAULTS, max(when, 0.001)).scenario
    alone = _alone(config)
    traffic = simulate_scenario(world, config=alone, source=source).traffic
    changes = traffic.contacts if traffic else ()
    return ContactsAt(when, names, {c.contact: c.reachable for c in changes if c.t <= when})


def _alone(config: Config) -> Config:
    """The configuration without what registers."""
    refusals = tuple(r for r in config.refusals if r.type != "registration")
    return replace(config, registrations={}, refusals=refusals)
