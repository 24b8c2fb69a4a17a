"""The verdict in one sentence, and why: read off the records that led to the target.

Rules of this file:
- every reason is derived from the plan, the answers and the provenance; none is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pjresolve.dns.srv import SRV_PREFIXES
from pjresolve.errors import BadInput
from pjresolve.model import Family, NaptrData, Record, SrvData, Target
from pjresolve.prediction.healthy import host_of
from pjresolve.prediction.prediction import Moment, Prediction
from pjresolve.sip.outcome import Ending
from pjresolve.sip.status import is_challenge
from pjresolve.sip.timers import seconds
from pjresolve.sip.uri import SipUri, parse_uri
from pjresolve.stacks.protocol import Plan
from pjresolve.stacks.resolution import Resolution
from pjresolve.trace import (
    AttemptEnded,
    RecordSkipped,
    RecordUsed,
    Responded,
    RoundStarted,
    State,
    StateChanged,
)
from pjresolve.words import after, numbers, plural, span


class Verdict(NamedTuple):
    """What comes of a registration: `text` in one sentence, `reasons` of its target, one sentence each."""

    registers: bool
    text: str
    reasons: tuple[str, ...] = ()


def verdict(prediction: Prediction) -> Verdict:
    """The verdict on a prediction."""
    if not prediction.loaded:
        return Verdict(False, f"refused: {prediction.refusal}")
    reg = prediction.registered
    if reg is not None:
        return Verdict(
            True,
            f"registers {_at(prediction, reg.target)}, {after(reg.t)}",
            tuple(_reasons(prediction, reg.target)),
        )
    return Verdict(False, f"{_failure(prediction)}{_ending(prediction)}", tuple(_failed_reasons(prediction)))


def _at(prediction: Prediction, target: Target) -> str:
    host = host_of(target, _route_host(prediction)) or target.address
    named = "" if host == target.address else f"at {host} "
    return f"{named}over {target.transport}, {target.socket}"


def _route(plan: Plan) -> SipUri | None:
    """The URI that is resolved."""
    r = plan.registration
    try:
        return parse_uri(r.outbound_proxy or r.server_uri)
    except BadInput:
        return None


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


def _failed_reasons(prediction: Prediction) -> Iterator[str]:
    plan, resolution = prediction.plan, prediction.resolution
    failed = [a for a in resolution.answers if a.status.failed] if resolution else []
    if failed and not prediction.targets:
        yield f"failed: {', '.join(str(a.query) for a in failed[:4])}{' and more' if len(failed) > 4 else ''}"
    challenged = any(isinstance(e, Responded) and is_challenge(e.status) for e in prediction.log.events)
    if plan and challenged and not plan.credentials:
        yield "the server asks for credentials, and the registration has no outbound_auth"


def failed_before(prediction: Prediction) -> set[Target]:
    """The targets that were tried in vain before the first success."""
    failed: set[Target] = set()
    for event in prediction.log.events:
        if isinstance(event, AttemptEnded):
            if event.outcome is Ending.REGISTERED:
                return failed - {event.target}
            failed.add(event.target)
    return failed


# ---------------------------------------------------------------- why this transport, and why this IP version


def _reasons(prediction: Prediction, target: Target) -> Iterator[str]:
    plan, resolution = prediction.plan, prediction.resolution
    if plan is None or resolution is None:
        return
    yield _protocol(plan, resolution, target)
    family = _family(resolution, target)
    if family:
        yield family
    places = [i + 1 for i, t in enumerate(prediction.targets) if t == target]
    tried = failed_before(prediction)
    before = [i for i, t in enumerate(prediction.targets, 1) if t in tried and places and i < places[0]]
    if before:
        what = "target" if len(before) == 1 else "targets"
        yield f"{what} {numbers(before)} did not take the registration before"


def _protocol(plan: Plan, resolution: Resolution, target: Target) -> str:
    name = target.transport.protocol.upper()
    route = _route(plan)
    if plan.pinned:
        return f"{name}: transport={plan.registration.transport} pins {plan.pinned}"
    if route and route.protocol:
        return f"{name}: the URI says so, by {'sips:' if route.secure else ';transport='}"
    if route and route.address:
        return f"{name}: the URI names an address and no transport"
    if route and route.port:
        return f"{name}: the URI has a port, so neither NAPTR nor SRV is asked"
    first = target.provenance[0] if target.provenance else None
    if first is not None and isinstance(first.data, NaptrData):
        data = first.data
        return f"{name}: the NAPTR record {data.order} {data.preference} {data.service} leads there"
    if first is not None and isinstance(first.data, SrvData):
        return f"{name}: {_srv_reason(resolution, first)}"
    return f"{name}: {_plain_reason(resolution)}"


_PREFIXES = {f"{prefix}.": protocol for protocol, prefix in SRV_PREFIXES.items()}


def _srv_reason(resolution: Resolution, used: Record) -> str:
    """Which SRV names asked before this one led nowhere, and which come after."""
    queries, answers = resolution.asked[0]
    skipped = {e.record: e.why for e in resolution.events if isinstance(e, RecordSkipped)}
    missing: list[str] = []
    passed: list[str] = []
    for query, answer in zip(queries, answers, strict=True):
        if query.rtype != "SRV":
            continue
        if any(r == used for r in answer.records):
            break
        protocol = next(
            (p.upper() for prefix, p in _PREFIXES.items() if query.name.startswith(prefix)), query.name
        )
        reasons = {skipped[r] for r in answer.records if r in skipped}
        if reasons:
            passed.append(f"those for {protocol} are skipped ({', '.join(sorted(reasons))})")
        elif answer.records:
            passed.append(f"those for {protocol} come first")
        else:
            missing.append(protocol)
    owner = next((p.upper() for prefix, p in _PREFIXES.items() if used.name.startswith(prefix)), "")
    there = f"there is an SRV record for {owner}" if owner else f"{used.name} has an SRV record"
    said = [there] + ([f"none for {' or '.join(missing)}"] if missing else []) + passed
    if len(said) == 1 and owner:
        return f"{there}, which is asked for first"
    return ", ".join(said)


def _plain_reason(resolution: Resolution) -> str:
    """Why the host's own addresses are used."""
    led_on = [e for e in resolution.events if isinstance(e, RecordUsed)]
    asked = [a for a in resolution.answers if a.query.rtype in ("SRV", "NAPTR")]
    if any(a.records for a in asked) and not led_on:
        return "no SRV or NAPTR record is usable, and the host's own addresses mean UDP"
    failed = [a for a in asked if a.status.failed]
    if failed:
        return (
            f"{plural(len(failed), 'query')} for SRV or NAPTR failed, and the host's own addresses mean UDP"
        )
    return "there is no SRV or NAPTR record, and the host's own addresses mean UDP"


def _family(resolution: Resolution, target: Target) -> str:
    """Why this IP version, where the other could have been."""
    if not target.provenance:
        return ""
    owner = target.provenance[-1].name
    version, other = ("IPv6", "A") if Family.of(target.address) is Family.IPV6 else ("IPv4", "AAAA")
    siblings = [t for t in resolution.targets if t.provenance[:-1] == target.provenance[:-1]]
    both = len({Family.of(t.address) for t in siblings}) == 2
    if both:
        return "IPv6: AAAA is asked before A" if version == "IPv6" else ""
    answers = [a for a in resolution.answers if a.query.rtype == other and a.query.name == owner]
    if not answers:
        return f"{version}: {other} records are not asked for"
    if answers[-1].status.failed:
        return f"{version}: the query for {other} of {owner} failed"
    return f"{version}: {owner} has no {other} record" if not answers[-1].records else ""
