"""How a registration of Asterisk 22 (`res_pjsip`) lives: rounds, attempts, retries and refreshes.

Read it from top to bottom: `life` is the loop, `after_failure` the rules between rounds; `rounds.one_round`
is one resolution with its attempts.

Rules of this file:
- each quirk names the recording that shows it;
- no time passes here but by asking to sleep.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pjresolve.config.objects import Registration
from pjresolve.sip.outcome import Ending, Outcome
from pjresolve.sip.status import is_challenge
from pjresolve.sip.timers import microseconds
from pjresolve.stacks.asterisk22.answers import (
    UNSAID,
    Credentials,
    granted,
    least_expiration,
    retry_after,
    unregisters_all,
)
from pjresolve.stacks.asterisk22.rounds import Numbered, one_round
from pjresolve.stacks.protocol import (
    Lots,
    Part,
    Plan,
    Program,
    Sleep,
    give_up,
    sleep,
    start_round,
)
from pjresolve.trace import Cause, State, Step

REFRESH_BEFORE = 10
"""Seconds before the granted expiration at which the next round starts (recording `rereg`)."""
DEFAULT_EXPIRATION = 3600
"""Seconds that a request without Expires is taken to ask for (recording `me-huge`)."""
TEMPORARY = (408, 500, 502, 503, 504)
"""Statuses that `retry_interval` covers, with every 6xx (recordings `udp-500`, `status-603`)."""
SECURITY_AGREEMENT = 494
"""Security Agreement Required (RFC 3329): repeated at once, resolved anew, without end, whatever
`security_negotiation` and the answer's headers say (recordings `st-494`, `ms-no-494-401`,
`ms-msm-494-401`)."""
REPEATED_AFTER = 0.0155
"""Seconds from a 494 to the next request: 900 in 14 s (recording `st-494`)."""


class Next(NamedTuple):
    """What follows a round that did not register. `seconds` None: stop for good. `counts`: as how many."""

    seconds: int | None
    step: Step
    counts: int
    why: str


def life(plan: Plan, lots: Lots, *, ticks: bool, credentials: Sequence[Credentials]) -> Program:
    """Round after round, until it gives up. `ticks`: Timer E runs while a message waits on a socket, since
    the URI names neither TCP nor TLS. `credentials` are those that challenges are answered with. No lot is
    drawn outside the DNS.
    """
    failures, message, asked = 0, 0, plan.registration.expiration
    cause, why = Cause.LOADED, "the registration was loaded"
    while True:
        message += 1
        expires = DEFAULT_EXPIRATION if asked == UNSAID else asked
        request = Numbered(message, expires, ticks)
        outcomes, authenticated = yield from one_round(plan, request, credentials, cause, why)
        outcome = outcomes[-1]
        if outcome.status == 423 and least_expiration(outcome.headers) > asked:
            # At once, resolved anew; what it asks for is asked for from then on (recordings `me-two`,
            # `me-below`, `me-later-round`, `st-423-fatal`).
            asked, cause = least_expiration(outcome.headers), Cause.ANSWER
            why = f"423: once more, asking for {asked} s"
        elif outcome.kind is Ending.LOST:
            cause, why = Cause.CLOSED, "the connection that registered was closed under a refresh"
            yield from sleep(Sleep(0, Step.START_OVER, why, asked))
        elif outcome.status == SECURITY_AGREEMENT and not authenticated:
            cause, why = Cause.ANSWER, "494: once more, without end and without credentials"
            yield from sleep(Sleep(microseconds(REPEATED_AFTER), Step.START_OVER, why, asked))
        elif outcome.kind is Ending.REGISTERED:
            failures = 0
            follows = yield from _registered(outcome, expires, asked)
            if follows is None:
                return
            cause, why = follows
        else:
            after = yield from _retry(plan, outcomes, failures, asked)
            if after is None:
                return
            failures, seconds = after
            cause, why = Cause.WAITED, f"{seconds} s have passed"


def _retry(
    plan: Plan, outcomes: tuple[Outcome, ...], failures: int, asked: int
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
    memory = asked, failures >= limit, step.seconds
    wait = microseconds(step.seconds)
    woken = yield from sleep(Sleep(wait, step.step, step.why, memory, None, failures, limit, step.counts))
    return failures + woken.repeated, step.seconds


def mute(plan: Plan, lots: Lots) -> Program:
    """A registration with nowhere to send to: it begins once, and nothing follows (recording `route-tel`)."""
    yield from start_round(Cause.LOADED, "the registration was loaded")
    yield from give_up(plan.dead_end, State.LAPSED)


def _registered(outcome: Outcome, expires: int, memory: int) -> Part[tuple[Cause, str] | None]:
    """Wait for the refresh; what the next round begins with, or None where none will come."""
    if unregisters_all(outcome.headers):  # recordings `ct2-star`, `ct2-star-alone`
        yield from give_up("a Contact of * in a 200 crashes Asterisk 22.10.1", State.LAPSED)
        return None
    lifetime = granted(outcome.headers, expires)
    if lifetime == 0:  # recording `ex-grant-0`
        said = "the expiration granted is 0: Asterisk takes itself for unregistered and stops"
        yield from give_up(said, State.LAPSED)
        return None
    wait = microseconds(max(0, lifetime - REFRESH_BEFORE))
    said = f"{lifetime} s are granted; the next round starts {REFRESH_BEFORE} s before their end"
    order = Sleep(wait, Step.REFRESH, said, memory, microseconds(lifetime))
    if (yield from sleep(order)).closed:
        return Cause.CLOSED, "the connection that registered was closed"
    return Cause.REFRESH, "the registration is refreshed"


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
    if wanted := retry_after(outcome.headers):  # beats every rule below, and counts none (`udp-503-ra`)
        return Next(wanted, Step.RETRY_AFTER, 0, f"the answer asks for {wanted} s (Retry-After)")
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
