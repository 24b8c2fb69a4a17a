"""How a registration of Asterisk 22 (`res_pjsip`) lives: rounds, attempts, retries and refreshes.

Read it from top to bottom: `life` is the loop, `_round` one resolution and its attempts, `after_failure`
the rules between rounds.

Rules of this file:
- each quirk names the recording that shows it;
- no time passes here but by asking to sleep.
"""

from __future__ import annotations

from typing import NamedTuple

from pjresolve.config.objects import Registration
from pjresolve.sip.outcome import Ending, Outcome, local
from pjresolve.sip.status import is_challenge
from pjresolve.sip.timers import microseconds
from pjresolve.stacks.protocol import (
    Lots,
    Part,
    Plan,
    Program,
    Sleep,
    Try,
    attempt,
    give_up,
    resolve,
    sleep,
    start_round,
    tell,
)
from pjresolve.trace import Cause, State, Step

REFRESH_BEFORE = 10
"""Seconds before the granted expiration at which the next round starts (recording `rereg`)."""
FAILOVER = (408, 503)
"""Statuses after which the next target is tried (recordings `udp-500`, `status-408`)."""
TEMPORARY = (408, 500, 502, 503, 504)
"""Statuses that `retry_interval` covers, with every 6xx (recordings `udp-500`, `status-603`)."""
UNSENT = (Ending.UNREACHABLE, Ending.UNSUITABLE)
"""Ends of attempts at which nothing could be sent, at once."""
HANDED_ON = (Ending.TIMEOUT, Ending.ANSWERED, Ending.CLOSED)
"""Ends after which Asterisk itself goes on to the next target (recordings `tw-s4-n6`, `tw-5-n6`,
`tw2-tc4-tn6`). After the others its SIP library does, within the same transaction (`tw2-tr4-tn6`,
`tw2-lbad-ln6`)."""


class Next(NamedTuple):
    """What follows a round that did not register. `seconds` None: stop for good. `counts`: as how many."""

    seconds: int | None
    step: Step
    counts: int
    why: str


def life(plan: Plan, lots: Lots, *, ticks: bool) -> Program:
    """Round after round, until it gives up. `ticks`: Timer E runs while a message waits on a socket, since
    the URI names neither TCP nor TLS. No lot is drawn outside the DNS.
    """
    failures, message, repeated = 0, 0, False
    cause, why = Cause.LOADED, "the registration was loaded"
    while True:
        message += 1
        outcomes = yield from _round(plan, ticks, message, cause, why)
        outcome = outcomes[-1]
        if outcome.status == 423 and not repeated:
            # Once more at once, resolved anew; but only once in the life of the object (recordings
            # `status-423`, `st-423-fatal`).
            message, repeated = message + 1, True
            why = "423: once more, with the expiration the answer asks for"
            outcomes = yield from _round(plan, ticks, message, Cause.ANSWER, why)
            outcome = outcomes[-1]
        if outcome.kind is Ending.LOST:
            cause, why = Cause.CLOSED, "the connection that registered was closed under a refresh"
            yield from sleep(Sleep(0, Step.START_OVER, why, repeated))
            continue
        if outcome.kind is Ending.REGISTERED:
            failures = 0
            granted = outcome.expires if outcome.expires is not None else plan.registration.expiration
            if granted == 0:  # recording `ex-grant-0`
                said = "the expiration granted is 0: Asterisk takes itself for unregistered and stops"
                yield from give_up(said, State.LAPSED)
                return
            wait = microseconds(max(0, granted - REFRESH_BEFORE))
            said = f"{granted} s are granted; the next round starts {REFRESH_BEFORE} s before their end"
            order = Sleep(wait, Step.REFRESH, said, repeated, microseconds(granted))
            cause, why = Cause.REFRESH, "the registration is refreshed"
            if (yield from sleep(order)).closed:
                cause, why = Cause.CLOSED, "the connection that registered was closed"
            continue
        after = yield from _retry(plan, outcomes, failures, repeated)
        if after is None:
            return
        failures, seconds = after
        cause, why = Cause.WAITED, f"{seconds} s have passed"


def _retry(
    plan: Plan, outcomes: tuple[Outcome, ...], failures: int, repeated: bool
) -> Part[tuple[int, int] | None]:
    """Wait for the next round after one that failed: the retries counted by then and the seconds waited, or
    None where it gives up.
    """
    step, limit = after_round(plan.registration, outcomes, failures), plan.registration.max_retries
    if step.seconds is None:
        yield from give_up(step.why)
        return None
    failures += step.counts
    # of `failures` only whether retries are left is memory: how many, `counted` tells; the next round tells
    # how long was waited
    memory = repeated, failures >= limit, step.seconds
    wait = microseconds(step.seconds)
    woken = yield from sleep(Sleep(wait, step.step, step.why, memory, None, failures, limit, step.counts))
    return failures + woken.repeated, step.seconds


def _round(plan: Plan, ticks: bool, message: int, cause: Cause, why: str) -> Part[tuple[Outcome, ...]]:
    """One resolution and the attempts that follow it; what it ends with is the outcome of the last attempt.

    Where that one could not be sent, and Asterisk had gone on to it from another that had ended, both
    outcomes end the round (recordings `tw-5-n6`, `tw-s4-n6`, `tw-pin-5-6`).
    """
    yield from start_round(cause, why)
    if plan.resolution is None:
        return (local(Ending.NO_TARGET),)
    # Timer F of the first attempt starts with the round (recordings `dns-f-silent`, `dns-f-udp`)
    resolved = yield from resolve(patience=plan.timers.f)
    if resolved.resolution is None:
        yield from tell(
            Step.DNS_TOO_LATE, "Timer F ran out before the DNS had answered; the list comes too late"
        )
        return (local(Ending.TIMEOUT),)
    targets, spent = resolved.resolution.targets, resolved.took
    outcome, credentials = local(Ending.NO_TARGET), False
    handed_on: Outcome | None = None
    for place, target in enumerate(targets, 1):
        unsuitable = ""
        if plan.pinned and target.transport != plan.pinned:  # recording `all-srv-pinned-udp`
            unsuitable = f"it is not {plan.pinned}, the type of the pinned transport"
        # Whether a challenge was answered already is part of the message: the next target gets the
        # credentials at once, and its own challenge would be the second.
        outcome = yield from attempt(Try(target, message, credentials, ticks, unsuitable, spent))
        spent = 0
        if is_challenge(outcome.status) and not credentials and plan.credentials:
            credentials = True
            yield from tell(Step.CHALLENGE, "a challenge: the request again, with credentials")
            outcome = yield from attempt(Try(target, message, True, ticks))
        if outcome.status not in FAILOVER or outcome.kind is Ending.LOST:
            yield from _tell_end(outcome)
            break
        if outcome.kind not in UNSENT or outcome.held:
            handed_on = outcome if outcome.kind in HANDED_ON else None
        if place < len(targets):
            yield from tell(Step.NEXT_TARGET, "the next target")
        else:
            yield from tell(Step.LIST_END, "the list is at its end")
    return (handed_on, outcome) if handed_on and outcome.kind in UNSENT else (outcome,)


def _tell_end(outcome: Outcome) -> Part[None]:
    """Say why the round ends with this outcome."""
    if outcome.kind is Ending.REGISTERED:
        yield from tell(Step.REGISTERED, "registered")
    elif outcome.kind is Ending.LOST:
        yield from tell(Step.ROUND_ENDED, "the connection that registered was closed")
    else:
        yield from tell(Step.ROUND_ENDED, f"{outcome.status} ends the round")


def after_round(registration: Registration, outcomes: tuple[Outcome, ...], failures: int) -> Next:
    """What follows the outcomes that ended a round: the rules apply to each in turn.

    The wait of the last one counts; a stop leaves the wait of the one before as it is, so that a round
    follows all the same (recordings `tw-5-n6-odd`, `tw-R-n6`).
    """
    step = after_failure(registration, outcomes[0], failures)
    for outcome in outcomes[1:]:
        then = after_failure(registration, outcome, failures + step.counts)
        if then.seconds is None and step.seconds is not None:
            step = step._replace(why=f"{step.why}; {then.why}, but the wait goes on")
        else:
            counts = step.counts + then.counts
            twice = ", counted twice: a target failed, and the last one could not be sent to"
            step = then._replace(counts=counts, why=f"{then.why}{twice if counts > 1 else ''}")
    return step


def after_failure(registration: Registration, outcome: Outcome, failures: int) -> Next:
    """The rules between rounds, in their order; `failures` are the retries counted so far."""
    status, limit = outcome.status, registration.max_retries
    if outcome.retry_after:  # beats every rule below, and does not count (recording `udp-503-ra`)
        return Next(
            outcome.retry_after,
            Step.RETRY_AFTER,
            0,
            f"the answer asks for {outcome.retry_after} s (Retry-After)",
        )
    temporary = status in TEMPORARY or 600 <= status < 700
    if is_challenge(status) and not registration.auth_rejection_permanent:
        temporary = True
    rules = (
        ("retry_interval", registration.retry_interval, temporary),
        ("forbidden_retry_interval", registration.forbidden_retry_interval, status == 403),
        ("fatal_retry_interval", registration.fatal_retry_interval, True),
    )
    for option, interval, applies in rules:
        if not interval or not applies:
            continue
        if failures >= limit:
            return Next(None, Step.STOP, 0, f"{status} after max_retries={limit} retries")
        return Next(interval, Step.RETRY, 1, f"{option}={interval}")
    return Next(
        None,
        Step.STOP,
        0,
        f"{status} is permanent" if not temporary else f"{status}, and retry_interval=0",
    )
