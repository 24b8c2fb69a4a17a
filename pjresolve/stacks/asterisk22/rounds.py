"""One round of Asterisk 22, whatever it sends: a resolution, and the attempts that follow it.

Rules of this file: each quirk names the recording that shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from pjresolve.model import Target
from pjresolve.sip.headers import challenge_header, values
from pjresolve.sip.outcome import Ending, Outcome, local
from pjresolve.sip.status import is_challenge
from pjresolve.sip.transaction import Method
from pjresolve.stacks.asterisk22.answers import Credentials, can_answer, why_unanswered
from pjresolve.stacks.protocol import Part, Sender, Try, attempt, resolve, start_round, tell
from pjresolve.trace import Cause, Step

FAILOVER = (408, 503)
"""Statuses after which the next target is tried (recordings `udp-500`, `status-408`)."""
UNSENT = (Ending.UNREACHABLE, Ending.UNSUITABLE)
"""Ends of attempts at which nothing could be sent, at once."""
HANDED_ON = (Ending.TIMEOUT, Ending.ANSWERED, Ending.CLOSED)
"""Ends after which Asterisk itself goes on to the next target (recordings `tw-s4-n6`, `tw-5-n6`,
`tw2-tc4-tn6`). After the others its SIP library does, within the same transaction (`tw2-tr4-tn6`,
`tw2-lbad-ln6`)."""


Asked: TypeAlias = tuple[int, tuple[str, ...]]
"""A challenge: its status, and the header lines that it stands in."""


class Numbered(NamedTuple):
    """The message of a round: its number, the seconds that a REGISTER asks for, and whether Timer E runs
    while it waits on a socket.
    """

    message: int
    expires: int | None
    ticks: bool

    def to(self, target: Target, credentials: bool, unsuitable: str = "", spent: int = 0) -> Try:
        """The attempt to send it to a target."""
        return Try(target, self.message, credentials, self.ticks, unsuitable, spent, self.expires)


class Ended(NamedTuple):
    """The end of a round: its outcomes, as `one_round` says, and whether credentials had been sent."""

    outcomes: tuple[Outcome, ...]
    credentials: bool = False


def one_round(
    plan: Sender, request: Numbered, known: Sequence[Credentials], cause: Cause, why: str
) -> Part[Ended]:
    """One resolution and the attempts that follow it; what it ends with is the outcome of the last attempt.

    Where that one could not be sent, and Asterisk had gone on to it from another that had ended, both
    outcomes end the round (recordings `tw-5-n6`, `tw-s4-n6`, `tw-pin-5-6`).
    """
    yield from start_round(cause, why)
    if plan.resolution is None:
        return Ended((local(Ending.NO_TARGET),))
    # Timer F of the first attempt starts with the round (recordings `dns-f-silent`, `dns-f-udp`)
    resolved = yield from resolve(patience=plan.timers.f)
    if resolved.resolution is None:
        yield from tell(
            Step.DNS_TOO_LATE, "Timer F ran out before the DNS had answered; the list comes too late"
        )
        return Ended((local(Ending.TIMEOUT),))
    targets, spent = resolved.resolution.targets, resolved.took
    outcome, handed_on = local(Ending.NO_TARGET), None
    answered: list[Asked] = []
    for place, target in enumerate(targets, 1):
        unsuitable = ""
        if plan.pinned and target.transport != plan.pinned:  # recording `all-srv-pinned-udp`
            unsuitable = f"it is not {plan.pinned}, the type of the pinned transport"
        # Whether a challenge was answered already is part of the message: the next target gets the
        # credentials at once, and its own challenge would be the second.
        outcome = yield from attempt(request.to(target, bool(answered), unsuitable, spent))
        spent = 0
        while is_challenge(outcome.status) and _is_new(_asked(outcome), answered, plan.method):
            if not can_answer(outcome.status, outcome.headers, known):
                yield from _tell_unanswered(outcome, known)
                return Ended((outcome,), bool(answered))
            answered.append(_asked(outcome))
            yield from tell(Step.CHALLENGE, "a challenge: the request again, with credentials")
            outcome = yield from attempt(request.to(target, True))
        if outcome.status not in FAILOVER or outcome.kind is Ending.LOST:
            yield from _tell_end(outcome)
            break
        if outcome.kind not in UNSENT or outcome.held:
            handed_on = outcome if outcome.kind in HANDED_ON else None
        if place < len(targets):
            yield from tell(Step.NEXT_TARGET, "the next target")
        else:
            yield from tell(Step.LIST_END, "the list is at its end")
    both = handed_on and outcome.kind in UNSENT
    return Ended((handed_on, outcome) if handed_on and both else (outcome,), bool(answered))


def _asked(outcome: Outcome) -> Asked:
    return outcome.status, tuple(values(outcome.headers, challenge_header(outcome.status).lower()))


def _is_new(asked: Asked, answered: Sequence[Asked], method: Method) -> bool:
    """Whether a challenge is answered: a REGISTER's first, of a call and of a contact that is qualified each
    one that was not asked before, by its status, realm and nonce (recordings `cd-auth-401-nonce`,
    `cd-auth-401-realm`, `cd-auth-407-401`, `cd-auth-401-407-401`, `cd-q-401-407`).
    """
    return asked not in answered if method is not Method.REGISTER else not answered


def _tell_unanswered(outcome: Outcome, known: Sequence[Credentials]) -> Part[None]:
    """Say why a challenge ends the round."""
    if known:
        yield from tell(Step.UNANSWERED, why_unanswered(outcome.status, outcome.headers, known))
    else:
        yield from _tell_end(outcome)


def _tell_end(outcome: Outcome) -> Part[None]:
    """Say why the round ends with this outcome."""
    if outcome.kind is Ending.REGISTERED:
        yield from tell(Step.REGISTERED, "registered")
    elif outcome.kind is Ending.LOST:
        yield from tell(Step.ROUND_ENDED, "the connection that registered was closed")
    else:
        yield from tell(Step.ROUND_ENDED, f"{outcome.status} ends the round")
