"""What happens if a target, and all before it, do not answer.

Rules of this file: each outage is a simulation of its own, from its start, for an hour at most, of the whole
machine: what else it does can be in the way, or have opened the connection already.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pjresolve.config.objects import Config
from pjresolve.dns.source import AnswerSource
from pjresolve.model import Target
from pjresolve.prediction.healthy import without
from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.run import scenario_config, simulate_together
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
    """One outage for each target that is ever tried, in the list's order, until this registration succeeds.

    `config` and `source` as in `simulate_scenario`. SRV weights are not drawn: the lists compare.
    """
    plan = prediction.plan
    if plan is None or prediction.resolution is None:
        return
    config = config or scenario_config(prediction.scenario)
    dropped: list[Target] = []
    for target in dict.fromkeys(prediction.targets):
        if plan.pinned and target.transport != plan.pinned:
            continue
        dropped.append(target)
        (then,) = simulate_together(
            without(prediction.scenario, dropped),
            [prediction.registration],
            config=config,
            stack=prediction.stack,
            source=source,
        )
        blocked = any(isinstance(e, AttemptEnded) and e.outcome == Ending.BLOCKED for e in then.log.events)
        yield Outage(tuple(dropped), then, blocked)
