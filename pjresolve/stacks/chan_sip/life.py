"""How a registration of `chan_sip` lives.

Rules of this file: each rule names the recording of Asterisk 16.28 that shows it (tests/recordings/chan_sip).
"""

from __future__ import annotations

from collections.abc import Sequence

from pjresolve.sip.headers import OWN_CONTACT, bindings, seconds_in, values
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
from pjresolve.trace import Cause, Step

REGISTER_TIMEOUT = 20
"""Seconds from one attempt to the next (`registertimeout`; recording `c-drop1`)."""
DEFAULT_EXPIRY = 120
"""Seconds asked for where nothing else is said (`defaultexpiry`; recording `c-refresh`)."""
MOST_CHALLENGES = 3
"""Requests with credentials in a row, before it waits for the next attempt (recording `c-401`)."""
GUARD, GUARD_LIMIT, GUARD_SHARE = 15, 30, 0.2
"""A refresh comes GUARD seconds before the end, or GUARD_SHARE of it where no more than GUARD_LIMIT seconds
were granted (recordings `c-refresh`, `c-refresh30`)."""
PERMANENT = (403, 404)
"""Answers after which it stops (recordings `c-403`, `c-404`)."""


def life(plan: Plan, lots: Lots, *, ticks: bool) -> Program:
    """An attempt every REGISTER_TIMEOUT seconds until one succeeds; credentials are kept once asked for.
    `ticks`: Timer E runs, as over UDP. No lot is drawn outside the DNS.
    """
    message, credentials = 0, False
    cause, why = Cause.LOADED, "the registration was loaded"
    expiration = plan.registration.section.last("expiration")
    asked_for = plan.registration.expiration if expiration else DEFAULT_EXPIRY
    while True:
        outcome = local(Ending.NO_TARGET)
        for challenges in range(MOST_CHALLENGES + 1):
            message += 1
            yield from start_round(cause, why)
            outcome = yield from _request(message, credentials, ticks, asked_for)
            if not is_challenge(outcome.status) or not plan.credentials or challenges == MOST_CHALLENGES:
                break
            credentials, cause = True, Cause.ANSWER
            why = "a challenge: resolved anew, and sent with credentials"
        if outcome.kind is Ending.REGISTERED:
            granted = _granted(outcome.headers, asked_for)
            guard = GUARD if granted > GUARD_LIMIT else round(granted * GUARD_SHARE)
            said = f"{granted} s are granted; the next round starts {guard} s before their end"
            wait, lifetime = microseconds(max(1, granted - guard)), microseconds(granted)
            woken = yield from sleep(Sleep(wait, Step.REFRESH, said, credentials, lifetime))
            cause, why = Cause.REFRESH, "the registration is refreshed"
            if woken.closed:
                cause, why = Cause.CLOSED, "the connection was closed"
            continue
        if outcome.status in PERMANENT or (is_challenge(outcome.status) and not plan.credentials):
            yield from give_up(f"{outcome.status} is permanent")
            return
        late = outcome.kind in (Ending.TIMEOUT, Ending.BLOCKED)
        said = f"registertimeout={REGISTER_TIMEOUT}: the same address is tried again, for ever"
        wait = 0 if late else microseconds(REGISTER_TIMEOUT)
        yield from sleep(Sleep(wait, Step.RETRY, said, credentials))
        cause, why = Cause.WAITED, f"{REGISTER_TIMEOUT} s after the last attempt"


def _granted(headers: Sequence[str], asked_for: int) -> int:
    """Seconds: those of our own contact, else of the Expires header, else what was asked for (recordings
    `c-refresh`, `c-refresh30`; other answers were not recorded, RFC 3261 section 10.2.4 says this).
    """
    own = [b for value in values(headers, "contact") for b in bindings(value) or [] if b.uri == OWN_CONTACT]
    said = [*(b.parameters.get("expires", "") for b in own), *values(headers, "expires")]
    return next((found for text in said if (found := seconds_in(text)) is not None), asked_for)


def _request(message: int, credentials: bool, ticks: bool, asked_for: int) -> Part[Outcome]:
    """Resolve, and try the one target."""
    resolution = (yield from resolve()).resolution
    if resolution is None or not resolution.targets:
        return local(Ending.NO_TARGET)
    outcome = yield from attempt(Try(resolution.targets[0], message, credentials, ticks, expires=asked_for))
    if outcome.kind is Ending.REGISTERED:
        yield from tell(Step.REGISTERED, "registered")
    else:
        yield from tell(Step.ROUND_ENDED, f"{outcome.status}: no other target is tried")
    return outcome
