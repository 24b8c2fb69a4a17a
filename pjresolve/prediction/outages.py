"""What happens if a target, and all before it, do not answer.

Rules of this file: each outage is a simulation of its own, from its start, for an hour at most, of this
registration alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pjresolve.config.objects import Config
from pjresolve.dns.source import AnswerSource
from pjresolve.model import Target
from pjresolve.prediction.healthy import without
from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.run import simulate_scenario
from pjresolve.sip.outcome import Ending
from pjresolve.trace import AttemptEnded


class Outage(NamedTuple):
    """The prediction where `dropped`, the first targets of the list, do not answer.

    `blocked`: a connect that gets no answer kept the requests to other targets from being sent.
    """

    dropped: tuple[Target, ...]
    prediction: Prediction
    blocked: bool


def outages(
    prediction: Prediction, config: Config | None = None, source: AnswerSource | None = None
) -> Iterator[Outage]:
    """One outage for each target that is ever tried, in the list's order.

    `config` and `source` as in `simulate_scenario`. SRV weights are not drawn: the lists compare.
    """
    plan = prediction.plan
    if plan is None or prediction.resolution is None:
        return
    dropped: list[Target] = []
    for target in dict.fromkeys(prediction.targets):
        if plan.pinned and target.transport != plan.pinned:
            continue
        dropped.append(target)
        then = simulate_scenario(
            without(prediction.scenario, dropped),
            registration=prediction.registration,
            stack=prediction.stack,
            config=config,
            source=source,
            alone=True,
        )
        blocked = any(isinstance(e, AttemptEnded) and e.outcome == Ending.BLOCKED for e in then.log.events)
        yield Outage(tuple(dropped), then, blocked)
