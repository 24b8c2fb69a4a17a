"""From a question about trunks, as people ask it, to how each stands.

Rules of this file: a question is read and checked before any name server is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pjresolve.config.objects import load_path
from pjresolve.prediction.answers import Answers, Asking, answers_in
from pjresolve.prediction.call import DIAL_TIMEOUT, telephony_for
from pjresolve.prediction.faults import NO_FAULTS, Faults
from pjresolve.prediction.trunk import (
    TrunkInquiry,
    TrunkPrediction,
    chosen_trunks,
    hosts_of,
    predict_trunks,
)
from pjresolve.scenario.choice import Choice
from pjresolve.scenario.format import Scenario
from pjresolve.stacks import DEFAULT_STACK, stack_named


@dataclass(frozen=True, slots=True)
class TrunkQuestion:
    """How do the trunks of the file `config` stand, or those that `names` names by registration or endpoint?

    `config_dir` is where includes start; `faults` hold in health, too; `dial_timeout` is how long `Dial`
    waits, in seconds; `seed` draws the SRV choices.
    """

    config: Path
    names: tuple[str, ...] = ()
    config_dir: Path | None = None
    stack: str = DEFAULT_STACK
    faults: Faults = NO_FAULTS
    dial_timeout: float = DIAL_TIMEOUT
    seed: int | None = None


def trunk_inquiry_of(question: TrunkQuestion) -> TrunkInquiry:
    """The question, read and checked. Raises BadInput."""
    stack = stack_named(question.stack.strip()).name
    telephony_for(stack)
    config = load_path(question.config, config_dir=question.config_dir)
    return TrunkInquiry(
        config,
        chosen_trunks(config, question.names, str(question.config)),
        Scenario(name=question.config.name, pjsip="", pjsip_path=question.config),
        stack=stack,
        faults=question.faults,
        dial_timeout=question.dial_timeout,
        seed=question.seed,
    )


def answers_to_trunks(
    inquiry: TrunkInquiry, choice: Choice, asking: Asking | None = None
) -> tuple[TrunkInquiry, Answers]:
    """The one source that was named, and the inquiry in the world that it speaks of. Raises BadInput."""
    base, answers = answers_in(
        inquiry.base,
        hosts_of(inquiry),
        choice,
        faults=inquiry.faults.dns,
        where=inquiry.base.name,
        asking=asking,
    )
    return replace(inquiry, base=base), answers


async def ask_trunks(inquiry: TrunkInquiry, answers: Answers) -> list[TrunkPrediction]:
    """How each trunk stands. Raises DnsUnavailable, and BadInput as `predict_trunks` does."""
    return await answers.apply(lambda source: predict_trunks(inquiry, source))
