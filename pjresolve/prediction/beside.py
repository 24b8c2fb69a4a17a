"""Where calls go beside the registrations that a question is about.

Rules of this file:
- one run of the machine holds a call through each endpoint, once everything has settled;
- a host that the answers at hand say nothing of is said to be unknown, since nobody asked about calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pjresolve.config.objects import Config
from pjresolve.config.trunks import owners
from pjresolve.dns.source import AnswerSource
from pjresolve.errors import BadInput
from pjresolve.model import Status
from pjresolve.prediction.answers import Answers
from pjresolve.prediction.call import CallInquiry, predict_calls, telephony_for
from pjresolve.prediction.inquiry import Inquiry, refuse_unheld, resolution_of
from pjresolve.prediction.traffic import CallPrediction
from pjresolve.stacks import stack_named
from pjresolve.stacks.protocol import Sender
from pjresolve.stacks.telephony import CallPlan, Telephony, telephony_of


class CallBeside(NamedTuple):
    """A call through an endpoint of a registration. `call` is None where it is not known, and `why`."""

    endpoint: str
    call: CallPrediction | None
    why: str = ""


async def ask_calls(inquiry: Inquiry, answers: Answers) -> dict[str, list[CallBeside]]:
    """For each registration that was asked about: a call through each of its endpoints that can make one.

    Empty for a stack whose calls are not known, for several stacks, and where something happens later: where
    calls go then depends on when they are made. Raises DnsUnavailable.
    """
    later = any(fault.at is not None for fault in inquiry.faults.hosts)
    if later or len(inquiry.stacks) > 1 or telephony_of(stack_named(inquiry.stacks[0])) is None:
        return {}
    return await answers.apply(lambda source: calls_beside(inquiry, source))


def calls_beside(inquiry: Inquiry, source: AnswerSource) -> dict[str, list[CallBeside]]:
    """As `ask_calls`, with the answers of `source`."""
    stack = inquiry.stacks[0]
    telephony = telephony_for(stack)
    owned = owners(inquiry.config)
    wanted = {name: owned.get(name, []) for name in inquiry.registrations}
    plans = _plans(inquiry.config, telephony, (name for names in wanted.values() for name in names))
    unknown = {name: why for name, plan in plans.items() if (why := _unknown(plan, inquiry, source))}
    known = [name for name in plans if name not in unknown]
    made: Mapping[str, CallPrediction] = {}
    if known:
        asked = CallInquiry(
            inquiry.config,
            known[0],
            "",
            inquiry.base,
            stack=stack,
            faults=inquiry.faults,
            running=True,
            seed=inquiry.seed,
        )
        made = predict_calls(asked, known, source)
    return {
        registration: [
            CallBeside(name, made.get(name), unknown.get(name, "")) for name in names if name in plans
        ]
        for registration, names in wanted.items()
    }


def _plans(config: Config, telephony: Telephony, names: Iterable[str]) -> dict[str, CallPlan]:
    """How a call leaves, for the endpoints that can make one."""
    dialled = {name: telephony.dial(config, name, "", ()) for name in names}
    return {name: plan for name, plan in dialled.items() if isinstance(plan, CallPlan)}


def _unknown(sender: Sender, inquiry: Inquiry, source: AnswerSource) -> str:
    """Why it is not known where something goes, or ""."""
    try:
        refuse_unheld(sender, inquiry.base, source)
    except BadInput as exc:
        return exc.what
    resolution = resolution_of(sender, inquiry.base, source)
    if resolution is not None and any(answer.status is Status.UNKNOWN for answer in resolution.answers):
        return "the snapshot does not hold every answer"
    return ""
