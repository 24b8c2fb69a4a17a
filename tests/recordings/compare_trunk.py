"""Hold a prediction of a whole Asterisk against a recording.

Times agree within 0.5 s + 1.5 %, as in `compare`. What only some runs do (a draw, a race) is no part of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from tests.recordings.compare import missed, near, registration_names

Json: TypeAlias = dict[str, Any]
Stream: TypeAlias = list[tuple[Any, ...]]
PARTS = ("wire", "registered", "calls", "contacts", "incoming")
END = 4.0
"""Seconds before the end of a recording behind which nothing is expected of it any more."""


def with_phases(recording: Json) -> Json:
    """The scenario with the moments at which each AoR was first qualified, which Asterisk draws."""
    scenario: Json = recording["scenario"]
    phases: dict[str, float] = {}
    for t, aor in recording.get("qualified", []):
        phases.setdefault(aor, t)
    return {**scenario, "asterisk": {**scenario.get("asterisk", {}), "qualify_phase": phases}}


def differences(recording: Json, prediction: Json) -> list[tuple[str, str]]:
    """Each part that differs, and how."""
    end = recording["scenario"].get("duration", 100) - END
    return [
        *(("wire", text) for text in _wire(recording, prediction, end)),
        *(("registered", text) for text in _registered(recording, prediction, end)),
        *(("calls", text) for text in _calls(recording, prediction, end)),
        *(("contacts", text) for text in _contacts(recording, prediction, end)),
        *(("incoming", text) for text in _incoming(recording, prediction)),
    ]


def unmatched(recorded: Stream, predicted: Stream, end: float) -> list[str]:
    """What stands in one list of (time, …) and not in the other, each stream by itself."""
    found = []
    for key in sorted({x[1:] for x in recorded} | {x[1:] for x in predicted if x[0] < end}):
        ours, theirs = [x[0] for x in recorded if x[1:] == key], [x[0] for x in predicted if x[1:] == key]
        found += [f"{key}: {text}" for text in missed(ours, theirs, end)]
    return found


def _sent(recording: Json, method: str) -> Stream:
    """Each datagram of a method, and each message of it over a connection."""
    found: Stream = [
        (t, "udp", a["address"], a["port"])
        for a in recording["attempts"]
        if a["transport"] == "udp" and a.get("method", "REGISTER") == method
        for t in a["sends"]
    ]
    found += [
        (e["t"], e["transport"], e["address"], e["port"])
        for e in recording["sip"]
        if e["kind"] == "sip" and e["method"] == method and e["transport"] != "udp"
    ]
    return sorted(found)


def _told(prediction: Json, method: str) -> Stream:
    found: Stream = [
        (w["t"], "udp", w["address"], w["port"])
        for w in prediction["wire"]
        if w["event"] == "udp" and w.get("method", "REGISTER") == method
    ]
    found += [
        (r["t"], r["transport"], r["address"], r["port"])
        for r in prediction.get("requests", [])
        if r["method"] == method and r["transport"] != "udp"
    ]
    return sorted(found)


def _mostly(differing: list[str], sent: Stream) -> list[str]:
    """Repeats that the recorder lost, one in twenty, are no difference."""
    return differing if len(differing) > len(sent) // 20 else []


def _wire(recording: Json, prediction: Json, end: float) -> list[str]:
    connects: Stream = sorted(
        (a["sends"][0], a["address"], a["port"]) for a in recording["attempts"] if a["transport"] != "udp"
    )
    told: Stream = sorted(
        (w["t"], w["address"], w["port"]) for w in prediction["wire"] if w["event"] == "connect"
    )
    registers = _told(prediction, "REGISTER")
    return unmatched(connects, told, end) + _mostly(
        unmatched(_sent(recording, "REGISTER"), registers, end), registers
    )


def _registered(recording: Json, prediction: Json, end: float) -> Iterator[str]:
    names = registration_names(recording)
    for name in names:
        first = recording["registered"] if len(names) == 1 else _first_success(recording, name)
        told = next(
            (r for r in prediction.get("registrations", []) if r["registration"] == name), prediction
        )["registered"]
        if not _same(first, told if told and told["t"] <= end else None):
            yield f"{name}: recorded {first}, predicted {told}"


def _same(recorded: Json | None, told: Json | None) -> bool:
    """Whether two ends are of the same server at the same time, or both are none."""
    if not recorded or not told:
        return not recorded and not told
    place = ("transport", "address", "port")
    return all(recorded[k] == told[k] for k in place) and near(told["t"], recorded["t"])


def _first_success(recording: Json, name: str) -> Json | None:
    """The first 200 to a registration, whose `contact_user` tells it apart."""
    section = recording["scenario"]["pjsip"].split(f"[{name}]\ntype=registration")[1].split("\n\n")[0]
    user = re.search(r"contact_user=(\S+)", section)
    own = {
        e["call"]
        for e in recording["sip"]
        if e["kind"] == "sip"
        and e["method"] == "REGISTER"
        and f"sip:{user[1] if user else name}@" in e["contact"]
    }
    answers = (e for e in recording["sip"] if e["kind"] == "answer" and "method" not in e)
    return next((e for e in answers if e["status"] == 200 and e.get("call") in own), None)


def _calls(recording: Json, prediction: Json, end: float) -> Iterator[str]:
    calls = recording["scenario"].get("calls", [])
    if not calls:
        return
    for number, call in enumerate(calls):
        told = next((c for c in prediction["calls"] if c["n"] == number), None)
        answer = _answer_to(recording, call)
        failed = next((t for t, text in recording["calls"] if _is_end_of(text, call)), None)
        if told is None:
            yield f"call {number}: nothing predicted"
        elif answer:
            who = told["answered"]
            if not _same(answer, who):
                yield f"call {number}: recorded {answer['t']} {answer['address']}, predicted {who}"
        elif failed is not None and (told["answered"] or not near(told["ended"] or 1e9, failed)):
            yield f"call {number}: failed at {failed}, predicted {told['answered']}, ended {told['ended']}"
    yield from unmatched(_sent(recording, "INVITE"), _told(prediction, "INVITE"), end)


def _answer_to(recording: Json, call: Json) -> Json | None:
    """The first 200 to an INVITE of that call, told by its time where it has no number."""
    ids = {
        e["call"]
        for e in recording["sip"]
        if e["kind"] == "sip"
        and e["method"] == "INVITE"
        and (
            e["uri"].split(":", 1)[1].startswith(f"{call['number']}@")
            if call.get("number")
            else call["at"] - 0.1 <= e["t"] <= call["at"] + call.get("timeout", 60)
        )
    }
    answers = (e for e in recording["sip"] if e["kind"] == "answer" and e.get("method") == "INVITE")
    return next((e for e in answers if e["status"] == 200 and e["call"] in ids), None)


def _is_end_of(text: str, call: Json) -> bool:
    who = f"{call['number']}@{call['endpoint']}" if call.get("number") else call["endpoint"]
    return text.startswith(f"Queued call to PJSIP/{who} expired")


def _contacts(recording: Json, prediction: Json, end: float) -> Iterator[str]:
    if not re.search(r"qualify_frequency *= *[1-9]", recording["scenario"]["pjsip"]):
        return
    seen: Stream = [(t, aor, status) for t, aor, _, status in recording["contacts"]]
    told: Stream = [(c["t"], c["aor"], c["status"]) for c in prediction["contacts"]]
    yield from unmatched(seen, told, end)
    asked = _told(prediction, "OPTIONS")
    yield from _mostly(unmatched(_sent(recording, "OPTIONS"), asked, end), asked)


def _incoming(recording: Json, prediction: Json) -> Iterator[str]:
    for number, request in enumerate(recording["scenario"].get("incoming", [])):
        arrived = _first(e["t"] for e in recording["sip"] if e["kind"] == "incoming" and e["n"] == number)
        if arrived is None:
            continue
        finals = (
            e["status"]
            for e in recording["sip"]
            if e["kind"] == "response" and e["call"] == f"incoming-{number}" and e["status"] >= 200
        )
        near_by = (c for c in recording["channels"] if arrived - 0.1 <= c[0] <= arrived + 1.0)
        _, *channel = next(near_by, (None, None, None, None))
        extension, context, endpoint = channel
        told = next(p for p in prediction["incoming"] if p["n"] == number)
        shown = [told[k] if endpoint else None for k in ("endpoint", "context", "extension")]
        if told["status"] is None and "extensions" in recording["scenario"]:
            continue  # what an application of the dialplan answers is said not to be known
        ours, theirs = [_first(finals), endpoint, context, extension], [told["status"], *shown]
        if theirs != ours:
            yield f"request {number} from {request['from']}: recorded {ours}, predicted {theirs}"


def _first(values: Iterable[Any]) -> Any:
    return next(iter(values), None)
