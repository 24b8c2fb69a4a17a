"""A trunk in words: where each kind of request goes, what an outage costs it, and where the kinds part.

Rules of this file: from values to words; nothing is decided, nothing is laid out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from pjresolve.model import Protocol, Target
from pjresolve.prediction.happened import Lived, attempts_of
from pjresolve.prediction.healthy import host_of
from pjresolve.prediction.trunk import Stand, TrunkOutage, TrunkPrediction
from pjresolve.stacks.telephony import Received
from pjresolve.story.calls import call_verdict
from pjresolve.story.lines import Tone
from pjresolve.story.verdict import short_failure
from pjresolve.story.words import response_words, target_words
from pjresolve.words import after, span

NOTICEABLE = 4.0
"""Seconds that a call loses before it is worth a warning."""


class Way(NamedTuple):
    """Where one kind of request goes: `target` None where it goes nowhere, and `text` says why."""

    kind: str
    target: Target | None
    host: str
    text: str
    tone: Tone = Tone.PLAIN

    @property
    def encrypted(self) -> bool:
        """Whether it is sent over TLS."""
        return self.target is not None and self.target.transport.protocol is Protocol.TLS


class Cost(NamedTuple):
    """What an outage costs one kind of request, in a few words. `lost` in seconds; None: for good."""

    text: str
    lost: float | None
    tone: Tone = Tone.PLAIN


def ways(trunk: TrunkPrediction) -> list[Way]:
    """Where REGISTER, OPTIONS and INVITE go while all is well."""
    return [way for way in (_registers(trunk), _qualifies(trunk), _calls(trunk)) if way is not None]


def _registers(trunk: TrunkPrediction) -> Way | None:
    prediction = trunk.healthy.registration
    if prediction is None:
        return None
    if not prediction.loaded:
        return Way("REGISTER", None, "", f"refused: {prediction.refusal}", Tone.BAD)
    reg = prediction.registered
    if reg is None:
        return Way("REGISTER", None, "", short_failure(prediction), Tone.BAD)
    return Way("REGISTER", reg.target, _host(prediction, reg.target), _late(reg.t))


def _qualifies(trunk: TrunkPrediction) -> Way | None:
    asked, change = trunk.healthy.qualify, trunk.healthy.contact
    if asked is None:
        return None
    state = "status not known yet" if change is None else "reachable" if change.reachable else "unreachable"
    told = change is not None and change.why != "200"
    why = f"{state}: {change.why}" if change is not None and told else state
    tone = Tone.PLAIN if change is not None and change.reachable else Tone.BAD
    tried = list(attempts_of(asked.log))
    target = tried[-1].target if tried else None
    request = asked.sender.request
    host = host_of(target, request.host if request else "") if target else ""
    return Way("OPTIONS", target, host, why, tone)


def _calls(trunk: TrunkPrediction) -> Way | None:
    call = trunk.healthy.call
    if call is None:
        return Way("INVITE out", None, "", f"no call: {trunk.uncalled}", Tone.QUIET)
    said = call_verdict(call)
    if call.taken is None or not said.answered:
        return Way("INVITE out", None, "", said.text, Tone.BAD)
    target = call.taken.target
    return Way("INVITE out", target, _host(call, target), _late(call.taken.t - call.t))


def _late(seconds: float) -> str:
    """When it succeeds, where that is not at once."""
    return after(seconds) if round(seconds, 3) else ""


def _host(lived: Lived, target: Target) -> str:
    request = lived.sender.request if lived.sender else None
    return host_of(target, request.host if request else "") or target.address


def senders(trunk: TrunkPrediction) -> list[tuple[list[str], str, Tone]]:
    """Whose calls are that come from the provider's addresses: those with the same fate together."""
    fates = [(_fate(seen.received), seen.address) for seen in trunk.senders]
    fates.sort(key=lambda fate: fate[0])
    return [
        ([address for _, address in group], *fate) for fate, group in groupby(fates, key=lambda fate: fate[0])
    ]


def _fate(received: Received) -> tuple[str, Tone]:
    if received.endpoint is not None:
        where = f"extension {received.extension} of context {received.context}"
        return f"endpoint {received.endpoint} by {received.matched_by}, {where}", Tone.GOOD
    answer = response_words(received.status) if received.status else "no answer that is known"
    whose = f"endpoint {received.taken_for}" if received.taken_for else "nobody's"
    return f"{whose}: {answer}", Tone.BAD


# ---------------------------------------------------------------- outages


def costs(trunk: TrunkPrediction, outage: TrunkOutage) -> list[Cost]:
    """What an outage costs each kind of request, in the order of `ways`."""
    healthy, stand = trunk.healthy, outage.stand
    found: list[Cost] = []
    if healthy.registration is not None:
        found.append(_register_cost(healthy, stand))
    if healthy.qualify is not None:
        change = stand.contact
        reachable = change is not None and change.reachable
        text = "reachable" if reachable else "unreachable" if change is not None else "not known yet"
        found.append(Cost(text, 0.0 if reachable else None, Tone.PLAIN if reachable else Tone.BAD))
    found.append(_call_cost(healthy, stand))
    return found


def _register_cost(healthy: Stand, stand: Stand) -> Cost:
    before = healthy.registration.registered if healthy.registration else None
    now = stand.registration.registered if stand.registration else None
    if now is None:
        return Cost("never" if before is not None else "never, as before", None, Tone.BAD)
    lost = now.t - before.t if before is not None else now.t
    return _cost(lost, now.target, before.target if before is not None else None)


def _call_cost(healthy: Stand, stand: Stand) -> Cost:
    call, before = stand.call, healthy.call.taken if healthy.call else None
    if call is None:
        return Cost("no call", None, Tone.QUIET)
    said = call_verdict(call)
    if not said.answered or call.taken is None:
        return Cost(f"fails {after((call.ended or call.t) - call.t)}", None, Tone.BAD)
    lost = call.taken.t - call.t
    lost -= before.t - healthy.call.t if before is not None and healthy.call is not None else 0.0
    return _cost(lost, call.taken.target, before.target if before is not None else None)


def _cost(lost: float, target: Target, before: Target | None) -> Cost:
    same = before is not None and before.transport == target.transport and before.port == target.port
    where = "" if before == target else f" → {target.address if same else target_words(target)}"
    took = f"+{span(lost)}" if round(lost, 3) > 0 else "no loss" if where else "as before"
    return Cost(f"{took}{where}", lost, Tone.WARN if lost >= NOTICEABLE else Tone.PLAIN)


# ---------------------------------------------------------------- where they part


def warnings(trunk: TrunkPrediction) -> list[str]:
    """Where registration and calls part, a sentence each."""
    return [*_other_ways(trunk), *_unrecognised(trunk), *_parted(trunk)]


def _other_ways(trunk: TrunkPrediction) -> Iterator[str]:
    """That calls leave another way than the registration while all is well."""
    registers, calls = _registers(trunk), _calls(trunk)
    if registers is None or calls is None or registers.target is None:
        return
    if calls.target is None:
        if not trunk.uncalled:
            yield f"registered at {registers.host}, but a call {calls.text}"
        return
    if registers.encrypted and not calls.encrypted:
        yield f"the registration is encrypted, calls are not: {target_words(calls.target)}"
    if registers.target != calls.target:
        to = f"the registration to {target_words(registers.target)}"
        yield f"calls leave another way than the registration: {target_words(calls.target)}, {to}"


def _unrecognised(trunk: TrunkPrediction) -> Iterator[str]:
    lost = [address for addresses, _, tone in senders(trunk) if tone is Tone.BAD for address in addresses]
    if lost and trunk.name.endpoint:
        yield f"calls that come from {', '.join(lost[:6])} reach no context"


def _parted(trunk: TrunkPrediction) -> Iterator[str]:
    """The outages in which it is registered all the while, and calls are lost or late."""
    for outage in trunk.outages:
        registration, call = outage.stand.registration, outage.stand.call
        reg = registration.registered if registration else None
        if reg is None or call is None or registration is None:
            continue
        cost = _call_cost(trunk.healthy, outage.stand)
        here = f"{outage.what}: registered at {_host(registration, reg.target)}"
        if call.uri is None:
            yield f"{here}, and every call fails at once"
        elif cost.lost is None:
            yield f"{here}, and every call {call_verdict(call).text}"
        elif cost.lost >= NOTICEABLE:
            first = next(iter(call.attempts())).target.address
            yield f"{here}, and calls go to {first} first, for {span(cost.lost)} each"
