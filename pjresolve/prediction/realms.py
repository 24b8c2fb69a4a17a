"""What depends on the realm of a server's challenge, where no scenario says it.

Rules of this file:
- a behaviour that writes out its `challenges` says the realm: nothing here changes it;
- both possibilities are simulated, and told only where they end differently.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from pjresolve.prediction.prediction import Course, Prediction, RealmChoice
from pjresolve.scenario.behaviour import Behaviour, Service
from pjresolve.scenario.format import Scenario
from pjresolve.simulation.world import REALM

OTHER = "a realm that no auth section names"
"""Stands for any realm but those of the auth sections."""


def challenging(scenario: Scenario, realms: Sequence[str]) -> Scenario:
    """The scenario whose servers challenge for `realms`, where they do not say it themselves."""
    # a realm with a quote is matched by nothing that a server can write (recording `ch-quote-in-realm`)
    lines = tuple(
        f'Digest realm="{realm}", nonce="0123456789", algorithm=MD5'
        for realm in realms
        if realm.isprintable() and not {'"', "\\"} & set(realm)
    )
    if not lines:
        return scenario

    def services(found: Mapping[Service, Behaviour]) -> dict[Service, Behaviour]:
        return {service: _challenging(behaviour, lines) for service, behaviour in found.items()}

    hosts = {a: state if isinstance(state, str) else services(state) for a, state in scenario.hosts.items()}
    events = tuple(e if isinstance(e.set, str) else replace(e, set=services(e.set)) for e in scenario.events)
    return replace(scenario, hosts=hosts, events=events)


def _challenging(behaviour: Behaviour, lines: Sequence[str]) -> Behaviour:
    asks = behaviour.status in (401, 407) or (behaviour.status is None and behaviour.challenge)
    if behaviour.kind == "answer" and asks and behaviour.challenges is None:
        name = "Proxy" if behaviour.status == 407 else "WWW"
        behaviour = replace(behaviour, challenges=tuple(f"{name}-Authenticate: {line}" for line in lines))
    return replace(
        behaviour,
        then=_challenging(behaviour.then, lines) if behaviour.then else None,
        methods=tuple((method, _challenging(other, lines)) for method, other in behaviour.methods),
    )


def with_choices(
    predictions: Iterable[Prediction],
    simulate: Callable[[Sequence[str]], Sequence[Prediction]],
    *,
    matching: bool,
) -> list[Prediction]:
    """The predictions, those that depend on the realm with both ends.

    `simulate` predicts the same registrations, in the same order, where servers challenge for these realms.
    `matching`: the predictions themselves are of servers that challenge for the realms of the auth sections,
    else of the recorder's, whose realm is REALM.
    """
    found = list(predictions)
    realms = tuple(dict.fromkeys(realm for p in found if p.plan for realm in p.plan.realms))
    if not realms:
        return found
    equal, other = (found if matching else simulate(realms)), simulate((OTHER,))
    return [_with_choice(*row, matching=matching) for row in zip(found, equal, other, strict=True)]


def _with_choice(
    prediction: Prediction, equal: Prediction, other: Prediction, *, matching: bool
) -> Prediction:
    if prediction.plan is None or not prediction.plan.realms:
        return prediction
    ends = [Course(p.status, p.registered) for p in (equal, other)]
    if ends[0] == ends[1]:
        return prediction
    realms = prediction.plan.realms
    return replace(prediction, realm=RealmChoice(realms, realms[0] if matching else REALM, *ends))
