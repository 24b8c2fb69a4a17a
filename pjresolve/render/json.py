"""The contract's JSON, with the fields that the main command adds.

Rules of this file:
- one object for one prediction, a list for several;
- what is added never changes a field of the contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from pjresolve.dns.source import Origin
from pjresolve.model import Target
from pjresolve.prediction.admission import answer_of
from pjresolve.prediction.beside import CallBeside
from pjresolve.prediction.call import Called
from pjresolve.prediction.happened import Json, target_json
from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.traffic import CallPrediction
from pjresolve.prediction.trunk import TrunkPrediction
from pjresolve.render.text.page import DifferenceLike, OutageLike
from pjresolve.stacks.resolution import Resolution
from pjresolve.story.calls import assumed, call_verdict
from pjresolve.story.trunks import costs, ways
from pjresolve.story.trunks import warnings as trunk_warnings
from pjresolve.story.verdict import in_the_clear, verdict
from pjresolve.trace import RecordSkipped, TargetsDropped


def write_predictions(stream: TextIO, found: Sequence[tuple[Prediction, Json]]) -> None:
    """Write predictions, each with its added fields: one object, or a list where there are several."""
    if len(found) == 1:
        found[0][0].write_json(stream, found[0][1])
        return
    stream.write("[")
    for number, (prediction, more) in enumerate(found):
        stream.write(",\n" if number else "\n")
        prediction.write_json(stream, more)
    stream.write("]\n")


def main_fields(
    prediction: Prediction,
    outages: Iterable[OutageLike],
    answers: Origin,
    calls: Iterable[CallBeside] = (),
) -> Json:
    """What the main command adds: the URI, the walk, what was skipped, the verdict, outages and calls."""
    plan, resolution = prediction.plan, prediction.resolution
    return {
        "server_uri": plan.registration.server_uri if plan else None,
        **_origin(answers),
        **_resolved(resolution, prediction.targets),
        **verdict_fields(prediction),
        "outages": [_outage(o) for o in outages],
        "calls_through": [
            {
                "endpoint": one.endpoint,
                "answered": one.call is not None and call_verdict(one.call).answered,
                "target": target_json(one.call.answered.target) if one.call and one.call.answered else None,
                "verdict": call_verdict(one.call).text if one.call else f"not known: {one.why}",
            }
            for one in calls
        ],
    }


def call_fields(called: Called, answers: Origin) -> Json:
    """A call as `pjresolve call` writes it: the contract's call, how the machine stood, and the outages."""
    call, said = called.call, call_verdict(called.call)
    machine = called.machine.machine or ((called.machine,) if called.machine.registration else ())
    traffic = called.machine.traffic
    resolution = call.resolution
    return {
        "format": "pjresolve.call/1",
        "stack": called.inquiry.stack,
        "answered": said.answered,
        "verdict": said.text,
        "why": list(said.reasons),
        "in_the_clear": said.in_the_clear,
        "assumed": assumed(called),
        "while_registered": called.inquiry.running,
        "dial_timeout": called.inquiry.dial_timeout,
        "call": call.to_json(),
        "orders": [
            {"probability": p, "targets": [target_json(t) for t in targets]} for p, targets in call.orders
        ],
        **_origin(answers),
        **_resolved(resolution, call.targets),
        "registrations": [dict(one.own_members()) for one in machine],
        "contacts": [change.to_json() for change in traffic.contacts] if traffic else [],
        "outages": [
            {"silent": [target_json(t) for t in o.dropped], **_call_outage(o.call)} for o in called.outages
        ],
    }


def trunk_fields(trunks: Sequence[TrunkPrediction], answers: Origin) -> Json:
    """Trunks as `pjresolve trunk` writes them."""
    return {"format": "pjresolve.trunk/1", **_origin(answers), "trunks": [_trunk(trunk) for trunk in trunks]}


def _trunk(trunk: TrunkPrediction) -> Json:
    return {
        "registration": trunk.name.registration or None,
        "endpoint": trunk.name.endpoint or None,
        "warnings": trunk_warnings(trunk),
        "ways": [
            {
                "kind": way.kind,
                "host": way.host or None,
                "target": {**target_json(way.target), "ip": way.target.transport.family.value}
                if way.target
                else None,
                "encrypted": way.encrypted if way.target else None,
                "text": way.text,
            }
            for way in ways(trunk)
        ],
        "incoming": [
            {
                "address": seen.address,
                "status": answer_of(seen.received),
                "endpoint": seen.received.endpoint,
                "matched_by": seen.received.matched_by,
                "context": seen.received.context,
                "extension": seen.received.extension,
            }
            for seen in trunk.senders
        ],
        "outages": [
            {
                "outage": outage.what,
                "costs": [
                    {"kind": way.kind, "lost": cost.lost, "text": cost.text}
                    for way, cost in zip(ways(trunk), costs(trunk, outage), strict=True)
                ],
                "call": outage.stand.call.to_json() if outage.stand.call else None,
            }
            for outage in trunk.outages
        ],
    }


def _call_outage(call: CallPrediction) -> Json:
    said = call_verdict(call)
    return {"answered": said.answered, "verdict": said.text, "call": call.to_json()}


def _origin(answers: Origin) -> Json:
    """Where the answers came from, in words and as values."""
    source = {"kind": answers.kind, "names": list(answers.names), "captured": answers.captured}
    return {"answers_from": answers, "source": source}


def _resolved(resolution: Resolution | None, targets: Iterable[Target]) -> Json:
    """The walk, what was skipped, and which records led to each target."""
    return {
        "dns": _walk(resolution) if resolution else [],
        "skipped": _skipped(resolution) if resolution else [],
        "provenance": [_provenance(t) for t in targets],
    }


def expectation_fields(prediction: Prediction, failed: Sequence[DifferenceLike]) -> Json:
    """What `simulate` adds: the verdict, and which expectations fail (null where there are none to hold)."""
    expected = prediction.scenario.expect is not None
    rows = [{"what": d.what, "expected": d.expected, "predicted": d.predicted} for d in failed]
    return {**verdict_fields(prediction), "unexpected": rows if expected else None}


def verdict_fields(prediction: Prediction) -> Json:
    """The verdict and its reasons in words, and as values what programs decide by."""
    said, clear = verdict(prediction), in_the_clear(prediction)
    return {
        "verdict": said.text,
        "why": list(said.reasons),
        "warnings": list(said.warnings),
        "registers": said.registers,
        "assumed": said.assumed,
        "depends": said.depends,
        "in_the_clear": target_json(clear) if clear else None,
    }


def _walk(resolution: Resolution) -> list[Json]:
    return [
        {
            "set": number,
            "query": [answer.query.rtype, answer.query.name],
            "status": answer.status.value,
            "detail": answer.detail,
            "cnames": [target for _, target in answer.cnames],
            "records": [str(record.data) for record in answer.records],
        }
        for number, (_, answers) in enumerate(resolution.asked)
        for answer in answers
    ]


def _skipped(resolution: Resolution) -> list[Json]:
    out: list[Json] = []
    for event in resolution.events:
        if isinstance(event, RecordSkipped):
            out.append({"record": str(event.record), "why": event.why, "evidence": event.evidence})
        elif isinstance(event, TargetsDropped):
            out += [
                {"record": str(t.provenance[-1]), "why": event.why, "evidence": event.evidence}
                for t in event.targets
            ]
    return out


def _provenance(target: Target) -> Json:
    return {**target_json(target), "records": [str(record) for record in target.provenance]}


def _outage(outage: OutageLike) -> dict[str, Any]:
    then = outage.prediction
    reg = then.registered
    return {
        "silent": [target_json(t) for t in outage.dropped],
        "blocked": outage.blocked,
        "registered": {"t": reg.t, **target_json(reg.target)} if reg else None,
        "status": then.status,
        "verdict": verdict(then).text,
    }
