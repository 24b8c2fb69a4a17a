"""The verdict in one sentence, and why.

Rules of this file:
- why a target was chosen is said by the stack; what is said here holds for every stack.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from pjresolve.errors import printable
from pjresolve.model import Protocol, Status, Target
from pjresolve.prediction.healthy import host_of
from pjresolve.prediction.prediction import Moment, Prediction
from pjresolve.simulation.log import Repeat
from pjresolve.sip.outcome import Ending
from pjresolve.sip.status import is_challenge
from pjresolve.sip.timers import seconds
from pjresolve.stacks import stack_named
from pjresolve.stacks.resolution import Resolution
from pjresolve.story.lines import Tone
from pjresolve.story.rounds import ending_words, places, rounds
from pjresolve.story.words import target_words
from pjresolve.trace import (
    AttemptEnded,
    RecordSkipped,
    RecordUsed,
    Responded,
    RoundStarted,
    State,
    StateChanged,
    Step,
    StepTaken,
)
from pjresolve.words import after, numbers, plural, span

MOST_CAUSES = 4
"""Ways to fail that a verdict names."""


class Verdict(NamedTuple):
    """What comes of a registration: `text` in one sentence, `label` in a few words, `reasons` one each.

    `registers`: it registers, and is registered at the end of what was looked at. `warnings` are what whoever
    is content with that should know, one sentence each. `assumed` is what was taken for granted,
    `depends` what else would come of another realm.
    """

    registers: bool
    text: str
    reasons: tuple[str, ...] = ()
    label: str = "does not register"
    tone: Tone = Tone.BAD
    warnings: tuple[str, ...] = ()
    assumed: str = ""
    depends: str = ""


def verdict(prediction: Prediction) -> Verdict:
    """The verdict on a prediction."""
    if not prediction.loaded:
        return Verdict(False, f"refused: {prediction.refusal}", label="refused")
    reg = prediction.registered
    if reg is None:
        text = f"{_failure(prediction)}{_ending(prediction)}"
        return Verdict(False, text, tuple(_failed_reasons(prediction)), depends=_depends(prediction))
    clear = in_the_clear(prediction)
    mark = ", in the clear" if clear == reg.target else ""
    text = f"registers {_at(prediction, reg.target)}, {after(reg.t)}{mark}"
    gaps = share(prediction)
    label, tone = ("registers in the clear", Tone.WARN) if clear else ("registers", Tone.GOOD)
    if lost(prediction):
        text += f", but is not registered at the end, {_loss(prediction)}"
        label, tone = "loses its registration", Tone.BAD
    elif gaps is not None:
        label, tone = f"{label}, with gaps: {gaps}", Tone.WARN
    return Verdict(
        tone is not Tone.BAD,
        text,
        tuple(_reasons(prediction, reg.target)),
        label,
        tone,
        tuple(_warnings(prediction, clear)),
        _assumed(prediction, reg.target) if prediction.assumed else "",
        _depends(prediction),
    )


def _depends(prediction: Prediction) -> str:
    """What comes of a server's realm that is, and of one that is not, what the auth sections answer."""
    choice = prediction.realm
    if choice is None:
        return ""
    realms = " or ".join(f'"{printable(realm, 60)}"' for realm in choice.realms[:4])
    more = " or another of its auth sections" if len(choice.realms) > 4 else ""
    equal, other = (
        "registers" if end.registered is not None else "does not register"
        for end in (choice.equal, choice.other)
    )
    if equal == other:
        equal, other = (f"{end.status} at the end" for end in (choice.equal, choice.other))
    return (
        f"depends on the realm that the server challenges for: with {realms}{more} it {equal}, "
        f'with any other it {other}; taken here is "{printable(choice.assumed, 60)}"'
    )


def _assumed(prediction: Prediction, target: Target) -> str:
    """What nobody has asked the server, and its registration hangs on."""
    checked = target.transport.protocol is Protocol.TLS and _verifies(prediction, target)
    shown = (
        f", shows a valid certificate for {prediction.plan.tls_host}" if checked and prediction.plan else ""
    )
    return f"assumed: it answers{shown}, and accepts the account"


def _verifies(prediction: Prediction, target: Target) -> bool:
    settings = prediction.plan.tls.get(target.transport) if prediction.plan else None
    return settings is not None and settings.verify_server


def lost(prediction: Prediction) -> bool:
    """Whether a registration that there was is gone at the end of a run that goes on after it."""
    ran_on = prediction.scenario.stop == "duration" and prediction.registered is not None
    return ran_on and prediction.status is not State.REGISTERED


def _loss(prediction: Prediction) -> str:
    gave_up = _gave_up(prediction)
    if gave_up is not None:
        return f"gives up for good {after(gave_up.t)}: {gave_up.why}"
    return after(prediction.end)


def share(prediction: Prediction) -> str | None:
    """How much of the time since its first success a registration was valid, where that is not all of it."""
    reg = prediction.registered
    if reg is None or prediction.scenario.stop != "duration":
        return None
    since = prediction.end - reg.t
    gap = prediction.unregistered - reg.t
    if since <= 0 or gap < 0.001:
        return None
    percent = 100 * (1 - gap / since)
    return f"{min(percent, 99.9):.1f} %" if percent > 99 else f"{percent:.0f} %"


def in_the_clear(prediction: Prediction) -> Target | None:
    """The first target that takes the registration without TLS after TLS failed in the same round."""
    failed = False
    for event in prediction.log.events:
        if isinstance(event, RoundStarted):
            failed = False
        elif isinstance(event, AttemptEnded):
            secure = event.target.transport.protocol is Protocol.TLS
            if event.outcome is Ending.REGISTERED and failed and not secure:
                return event.target
            failed = failed or (secure and event.outcome is not Ending.REGISTERED)
    return None


def _warnings(prediction: Prediction, clear: Target | None) -> Iterator[str]:
    """That encryption is lost, or can be."""
    reg, place = prediction.registered, places(prediction)
    if clear is not None and reg is not None:
        if clear != reg.target:
            yield f"later it registers in the clear: {target_words(clear)} takes it after TLS has failed"
        yield "without encryption: everybody on the way can read it, and change it"
        return
    after_tls = [place[t] for t in _clear_after_tls(prediction)]
    if after_tls:
        what = "target" if len(after_tls) == 1 else "targets"
        yield f"where TLS fails, {what} {numbers(after_tls)} can take the registration in the clear"


def _clear_after_tls(prediction: Prediction) -> list[Target]:
    """The targets without TLS that are tried once those with TLS have failed."""
    if prediction.plan is not None and prediction.plan.pinned:
        return []
    secure = [t.transport.protocol is Protocol.TLS for t in prediction.targets]
    if True not in secure:
        return []
    behind = prediction.targets[secure.index(True) :]
    return list(dict.fromkeys(t for t in behind if t.transport.protocol is not Protocol.TLS))


def _at(prediction: Prediction, target: Target) -> str:
    host = host_of(target, _route_host(prediction)) or target.address
    named = "" if host == target.address else f"at {host} "
    return f"{named}over {target.transport}, {target.socket}"


def _route_host(prediction: Prediction) -> str:
    request = prediction.plan.request if prediction.plan else None
    return request.host if request else ""


def _failure(prediction: Prediction) -> str:
    plan, resolution = prediction.plan, prediction.resolution
    if plan and plan.dead_end:
        return f"never registers: {plan.dead_end}"
    if resolution is not None and not resolution.targets:
        return f"never registers: {resolution.why}"
    if plan and plan.pinned and all(t.transport != plan.pinned for t in prediction.targets):
        return f"never registers: no target is of {plan.pinned}, the type of the pinned transport"
    return "never registers" if _gave_up(prediction) else f"does not register within {span(prediction.end)}"


def short_failure(prediction: Prediction) -> str:
    """What becomes of a registration that does not register, in a few words."""
    gave_up = _gave_up(prediction)
    if gave_up is not None:
        return f"never registers, gives up for good {after(gave_up.t)}"
    return f"does not register within {span(prediction.end)}"


def _gave_up(prediction: Prediction) -> Moment | None:
    """The moment of giving up; it comes once, so that it stands in the stored events."""
    for event in prediction.log.events:
        if isinstance(event, StateChanged) and event.state is State.REJECTED:
            return Moment(seconds(event.t), event.state, event.why)
    return None


def _ending(prediction: Prediction) -> str:
    """What it does instead, at the end of the run."""
    gave_up = _gave_up(prediction)
    if gave_up is not None:
        return f"; gives up for good {after(gave_up.t)}: {gave_up.why}"
    tries = 1 + max((e.round for e in prediction.log.events if isinstance(e, RoundStarted)), default=0)
    return f"; {plural(tries, 'round')} in {span(prediction.end)}"


def _led_nowhere(resolution: Resolution) -> Iterator[str]:
    """The records that were followed to nothing, and the addresses that they kept from being used."""
    answers = {answer.query: answer for answer in resolution.answers}
    for event in resolution.events:
        match event:
            case RecordUsed(record, added):
                found = [answers[query] for query in added if query in answers]
                if found and not any(answer.records or answer.status.failed for answer in found):
                    missing = all(answer.status is Status.NXDOMAIN for answer in found)
                    kind = "address" if record.rtype == "SRV" else "SRV record"
                    what = "does not exist" if missing else f"has no {kind}"
                    yield f"{record.rtype} of {record.name} leads to {added[0].name}, which {what}"
            case RecordSkipped(record, why) if record.rtype in ("AAAA", "A"):
                yield f"{record.rtype} {record.data} of {record.name} is not used: {why}"


def _failed_reasons(prediction: Prediction) -> Iterator[str]:
    plan, resolution = prediction.plan, prediction.resolution
    failed = [a for a in resolution.answers if a.status.failed] if resolution else []
    if failed and not prediction.targets:
        yield f"failed: {', '.join(str(a.query) for a in failed[:4])}{' and more' if len(failed) > 4 else ''}"
    if resolution is not None and not resolution.targets:
        yield from islice(_led_nowhere(resolution), 6)
    challenged = any(isinstance(e, Responded) and is_challenge(e.status) for e in prediction.log.events)
    if plan and challenged and not plan.credentials:
        yield "the server asks for credentials, and the registration has no outbound_auth"
    unread = next((e for e in prediction.log.events if isinstance(e, Responded) and e.unread), None)
    if unread is not None:
        yield f"answers are dropped, since their {unread.unread} cannot be read"
    steps = prediction.log.of(StepTaken)
    yield from islice((e.why for e in steps if isinstance(e, StepTaken) and e.step is Step.UNANSWERED), 1)
    yield from _tried_in_vain(prediction)


def _tried_in_vain(prediction: Prediction) -> Iterator[str]:
    """Why the targets that were tried before the first success, or else in the first round, failed.

    Targets in a row that failed in the same way are told of together.
    """
    place = places(prediction)
    told: dict[str, list[int]] = {}
    for round_ in rounds(prediction):
        if isinstance(round_, Repeat):
            break
        for attempt in round_.attempts:
            if attempt.ending is Ending.REGISTERED or attempt.ending is None:
                break
            if attempt.target in place and attempt.ending is not Ending.UNSUITABLE:
                numbers_ = told.setdefault(ending_words(attempt, place)[0], [])
                numbers_ += [place[attempt.target]] if place[attempt.target] not in numbers_ else []
        if prediction.registered is None or any(a.ending is Ending.REGISTERED for a in round_.attempts):
            break
    for why, which in list(told.items())[:MOST_CAUSES]:
        yield f"{'target' if len(which) == 1 else 'targets'} {numbers(sorted(which))}: {why}"
    if len(told) > MOST_CAUSES:
        yield f"and {plural(len(told) - MOST_CAUSES, 'other cause')}, see the timeline"


# ---------------------------------------------------------------- why this target


def _reasons(prediction: Prediction, target: Target) -> Iterator[str]:
    """What the stack says of the target, and why those before it did not take the registration."""
    plan, resolution = prediction.plan, prediction.resolution
    if plan is None or resolution is None:
        return
    yield from stack_named(prediction.stack).reasons(plan, resolution, target)
    if target.transport.protocol is Protocol.TLS and not _verifies(prediction, target):
        yield "its certificate is not verified: any is taken, a self-signed one too"
    for why in _tried_in_vain(prediction):
        yield f"before it, {why}"
