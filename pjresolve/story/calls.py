"""The verdict on a call in one sentence, and why.

Rules of this file: from values to words; nothing is decided, nothing is laid out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pjresolve.model import Protocol
from pjresolve.prediction.healthy import host_of
from pjresolve.prediction.traffic import Answered, CallPrediction
from pjresolve.sip.outcome import Ending
from pjresolve.sip.status import is_challenge
from pjresolve.stacks.telephony import CallPlan
from pjresolve.story.lines import Attempt, Tone
from pjresolve.story.rounds import Round, ending_words, places, rounds
from pjresolve.words import after, numbers

if TYPE_CHECKING:
    from pjresolve.prediction.call import Called

MOST_CAUSES = 4
"""Ways to fail that a verdict names."""


class CallVerdict(NamedTuple):
    """What becomes of a call: `text` in one sentence, `reasons` one each. `in_the_clear`: TLS had failed
    before a target took the call without.
    """

    answered: bool
    text: str
    tone: Tone
    reasons: tuple[str, ...] = ()
    in_the_clear: bool = False


def call_verdict(call: CallPrediction) -> CallVerdict:
    """The verdict on a call."""
    reasons = tuple(_tried_in_vain(call))
    if call.taken is not None:
        clear = _after_tls(call)
        mark = ", in the clear" if clear else ""
        text = f"answered {_at(call, call.taken)}, {after(call.taken.t - call.t)}{mark}"
        return CallVerdict(True, text, Tone.WARN if clear else Tone.GOOD, reasons, clear)
    if call.ended is None:
        return CallVerdict(False, "still under way at the end", Tone.WARN, reasons)
    return CallVerdict(False, f"fails {after(call.ended - call.t)}: {call.why}", Tone.BAD, reasons)


def _at(call: CallPrediction, answered: Answered) -> str:
    """Where it was answered: by the name of the host, if it has one."""
    target = answered.target
    request = call.sender.request if call.sender else None
    host = host_of(target, request.host if request else "") or target.address
    named = "" if host == target.address else f"at {host} "
    return f"{named}over {target.transport}, {target.socket}"


def _attempts(call: CallPrediction) -> Iterator[Attempt]:
    for round_ in rounds(call):
        if isinstance(round_, Round):
            yield from round_.attempts


def _granted(attempt: Attempt) -> bool:
    return attempt.ending is Ending.ANSWERED and attempt.status < 300


def _after_tls(call: CallPrediction) -> bool:
    """Whether the call is answered without TLS after TLS failed."""
    failed = False
    for attempt in _attempts(call):
        secure = attempt.target.transport.protocol is Protocol.TLS
        if _granted(attempt):
            return failed and not secure
        failed = failed or secure
    return False


def _tried_in_vain(call: CallPrediction) -> Iterator[str]:
    """Why the targets that were tried failed; those in a row that failed in the same way together."""
    place = places(call)
    told: dict[str, list[int]] = {}
    for attempt in _attempts(call):
        if _granted(attempt) or attempt.ending in (None, Ending.UNSUITABLE):
            continue
        numbers_ = told.setdefault(ending_words(attempt, place)[0], [])
        if attempt.target in place and place[attempt.target] not in numbers_:
            numbers_.append(place[attempt.target])
    for why, which in list(told.items())[:MOST_CAUSES]:
        yield f"{'target' if len(which) == 1 else 'targets'} {numbers(sorted(which))}: {why}"
    sender, tried = call.sender, {attempt.target for attempt in call.attempts()}
    kept = [t for t in place if sender is None or sender.pinned in (None, t.transport)]
    left = [place[t] for t in kept if t not in tried]
    if left and call.taken is None:
        yield f"{'target' if len(left) == 1 else 'targets'} {numbers(left)}: not tried"
    unanswered = call.status is not None and is_challenge(call.status) and call.taken is None
    if unanswered and call.sender is not None and not call.sender.credentials:
        yield "the server asks for credentials, and the endpoint has no outbound_auth"


def assumed(called: Called) -> str:
    """What nobody has asked the server, and an answer hangs on; "" where the call is not answered."""
    call = called.call
    if call.taken is None or call.taken.target.address in called.inquiry.base.hosts:
        return ""
    asks = (
        "accepts the account"
        if called.password
        else "asks for no password: the endpoint has no outbound_auth"
    )
    realm = f', and challenges for the realm "{called.realms[0]}"' if called.realms else ""
    return f"assumed: it answers, {asks}{realm}"


def contact_words(call: CallPrediction) -> str:
    """Which contact of which AoR is called; "" where a whole URI is, or nothing."""
    contact = call.sender.contact if isinstance(call.sender, CallPlan) else None
    return f", by contact {contact.uri} of AoR {contact.aor}" if contact is not None else ""


def dial_words(call: CallPrediction) -> str:
    """What the dialplan is told; "" where it was not recorded."""
    if call.result is None:
        return ""
    return f"DIALSTATUS={call.result.dialstatus}, HANGUPCAUSE={call.result.hangupcause}"
