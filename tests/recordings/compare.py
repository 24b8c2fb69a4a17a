#!/usr/bin/env python3
"""Hold predictions against recordings of the real Asterisk.

    compare.py [-v] [--only PART] RECORDING.json…    runs `pjresolve simulate S --json` for each
    compare.py --with 'CMD {}' RECORDING.json…       another command; {} stands for the scenario's path
    compare.py --prediction P.json RECORDING.json    one finished prediction

Parts compared, in this order:

    loaded      does Asterisk accept the registration object at all
    queries     the (type, name) pairs sent to the DNS in each round, in order
    targets     the target list of each round, in order
    wire        every UDP datagram and every TCP connect towards a target: where, and when
    registered  the first success: transport, address, port, and when

Times agree within 0.5 s + 1.5 % (the kernel gives connects up within two seconds of its time).
Exit 0 where every recording agrees. Prints `AGREE n of m` last.
"""

from __future__ import annotations

import argparse
import json
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

PARTS = ("loaded", "queries", "targets", "wire", "registered")

Json: TypeAlias = dict[str, Any]
Difference: TypeAlias = tuple[str, str]  # the part, and what differs
Place: TypeAlias = tuple[str, str, int]  # transport (or "udp"/"connect" on the wire), address, port


class Round(NamedTuple):
    """One resolution: when its list was known, what it asked, and the list."""

    t: float
    queries: list[tuple[str, str]]
    targets: list[Place]


class Sent(NamedTuple):
    """One datagram or connect."""

    t: float
    place: Place


@dataclass(frozen=True)
class Story:
    """What a recording and a prediction have in common. Times in seconds from the first query or packet."""

    loaded: bool
    rounds: list[Round]
    wire: list[Sent]
    registered: tuple[Place, float] | None


def near(predicted: float, recorded: float) -> bool:
    """Whether two times agree."""
    return abs(predicted - recorded) <= 0.5 + 0.015 * abs(recorded)


def shown_target(shown: list[str]) -> Place:
    """`["UDP IPv6 transport", "[2001:db8::1]:5060"]` as `("udp", "2001:db8::1", 5060)`."""
    host, port = shown[1].rsplit(":", 1)
    return shown[0].split()[0].lower(), host.strip("[]").lower(), int(port)


def place(entry: Json, transport: str = "transport") -> Place:
    """The transport, address and port of an entry."""
    return entry[transport], entry["address"].lower(), entry["port"]


def recorded_rounds(recording: Json) -> list[Round]:
    """The rounds of a recording: each list that Asterisk logged, with the queries before it."""
    rounds: list[Round] = []
    pending: list[tuple[str, str]] = []
    failed = False
    events = [(e["t"], 0, e) for e in recording["dns"]]
    events += [
        (r["t"] + 0.005, 1, r) for r in recording["resolved"]
    ]  # Asterisk's log cuts to the millisecond
    for t, kind, event in sorted(events, key=lambda x: x[:2]):
        if kind == 0:
            query = (event["type"], event["name"].lower())
            if not (failed and pending and query == pending[-1]):
                pending.append(query)  # the C library asks again when a query fails: that counts once
            failed = event["result"] not in ("NOERROR", "NXDOMAIN")
        else:
            rounds.append(Round(t, pending, [shown_target(x) for x in event["targets"]]))
            pending = []
    return rounds


def observed(recording: Json) -> Story:
    """The story that a recording tells."""
    wire = [
        Sent(t, ("udp" if a["transport"] == "udp" else "connect", a["address"].lower(), a["port"]))
        for a in recording["attempts"]
        for t in (a["sends"] if a["transport"] == "udp" else a["sends"][:1])
    ]
    success = recording["registered"]
    return Story(
        loaded=any("Scheduling outbound" in line for line in recording["log"]),
        rounds=recorded_rounds(recording),
        wire=sorted(wire),
        registered=success and (place(success), success["t"]),
    )


def end_of(recording: Json) -> float:
    """The moment up to which a recording is evidence, in seconds."""
    scenario = recording["scenario"]
    if recording["registered"] and scenario.get("stop", "registered") == "registered":
        return float(recording["registered"]["t"]) + 1.0
    moments = [e["t"] for e in recording["dns"]]
    moments += [r["t"] + 0.005 for r in recording["resolved"]]
    moments += [a["sends"][-1] for a in recording["attempts"]]
    return float(max([scenario.get("duration", 100) - 6.0, *moments]))


def predicted(prediction: Json) -> Story:
    """The story that a prediction tells."""
    success = prediction["registered"]
    return Story(
        loaded=prediction["loaded"],
        rounds=[
            Round(
                r["t"],
                [(q[0], q[1].rstrip(".").lower() or ".") for q in r["queries"]],
                [place(x) for x in r["targets"]],
            )
            for r in prediction["rounds"]
        ],
        wire=sorted(Sent(w["t"], place(w, "event")) for w in prediction["wire"]),
        registered=success and (place(success), success["t"]),
    )


def drew_otherwise(recording: Json, prediction: Json) -> bool:
    """Whether the recording's first list is another possible draw of the SRV weights than the predicted one.

    What follows that list cannot be compared then.
    """
    first = [
        story.rounds[0].targets if story.rounds else None
        for story in (observed(recording), predicted(prediction))
    ]
    return first[0] != first[1] and first[0] in possible(prediction)


def possible(prediction: Json) -> list[list[Place]]:
    """Every target list that the prediction calls possible."""
    return [[place(x) for x in order["targets"]] for order in prediction.get("orders", [])]


def round_differences(
    number: int, a: Round, b: Round, unbound: bool, orders: list[list[Place]]
) -> Iterator[Difference]:
    """What recorded round `a` and predicted round `b` disagree on."""
    asked, expected = list(a.queries), list(b.queries)
    other_draw = a.targets != b.targets and a.targets in orders
    if unbound:  # libunbound asks together, joins equal questions and repeats some
        asked, expected = sorted(set(asked)), sorted(set(expected))
    elif other_draw:
        asked, expected = sorted(asked), sorted(expected)
    if asked != expected:
        yield "queries", f"round {number}: recorded {asked}, predicted {expected}"
    if a.targets != b.targets and not other_draw:
        yield "targets", f"round {number}: recorded {a.targets}, predicted {b.targets}"
    if not near(b.t, a.t):
        yield "targets", f"round {number}: recorded at {a.t:.2f} s, predicted at {b.t:.2f} s"


def missed(recorded: list[float], predicted: list[float], end: float) -> list[str]:
    """The times of one stream that stand on one side only.

    They are matched in order, so that one retransmission lost in the lab's jitter shifts nothing.
    """
    out, i, j = [], 0, 0
    while i < len(recorded) or j < len(predicted):
        if i < len(recorded) and j < len(predicted) and near(predicted[j], recorded[i]):
            i, j = i + 1, j + 1
        elif j == len(predicted) or (i < len(recorded) and recorded[i] < predicted[j]):
            out.append(f"recorded at {recorded[i]}, not predicted")
            i += 1
        else:
            if predicted[j] < end - 1:
                out.append(f"predicted at {predicted[j]:.2f}, not recorded")
            j += 1
    return out


def wire_differences(a: Story, b: Story, end: float) -> Iterator[Difference]:
    """What the two stories disagree on about each stream of packets."""
    for key in sorted({w.place for w in a.wire} | {w.place for w in b.wire if w.t < end}):
        recorded = [w.t for w in a.wire if w.place == key]
        gaps = missed(recorded, [w.t for w in b.wire if w.place == key], end)
        if len(gaps) > (len(recorded) // 20 if key[0] == "udp" else 0):
            text = f"{key[0]} {key[1]} port {key[2]}: {len(gaps)} of {len(recorded)}: " + "; ".join(gaps[:3])
            yield "wire", text


def registration_names(recording: Json) -> list[str]:
    """The registrations of a recording's scenario, in the file's order."""
    name, names = "", []
    for line in recording["scenario"]["pjsip"].splitlines():
        bare = line.split(";")[0].replace(" ", "")
        if bare.startswith("["):
            name = bare[1:].split("]")[0]
        elif bare in ("type=registration", "type=>registration"):
            names.append(name)
    return names


def successes(recording: Json) -> dict[str, tuple[Place, float]]:
    """The first 200 of each registration, told apart by its Contact's user; "" for all where no answer says
    whose it is.
    """
    calls = {
        e["call"]: e["contact"].partition("sip:")[2].partition("@")[0]
        for e in recording["sip"]
        if e["kind"] == "sip" and e["method"] == "REGISTER" and "call" in e
    }
    found: dict[str, tuple[Place, float]] = {}
    for event in recording["sip"]:
        if event["kind"] == "answer" and event["status"] == 200:
            who = calls.get(event.get("call", ""), "")
            found.setdefault(who, (place(event), event["t"]))
    return found


def together_differences(recording: Json, prediction: Json) -> Iterator[Difference]:
    """What disagrees where several registrations share one Asterisk.

    Which of them starts first is a race: what is compared is all that they asked, listed and sent, and each
    one's first success.
    """
    a, b, end = observed(recording), predicted(prediction), end_of(recording)
    rounds = [r for one in prediction["registrations"] for r in one["rounds"]]
    listed = sorted([place(x) for x in r["targets"]] for r in rounds if r["t"] <= end - 1.5)
    if sorted(r.targets for r in a.rounds if r.t <= end - 1.5) != listed:
        yield "targets", f"recorded {[r.targets for r in a.rounds]}, predicted {listed}"
    asked = {(q[0], q[1].rstrip(".").lower()) for r in rounds for q in r["queries"]}
    if asked != {(e["type"], e["name"].lower()) for e in recording["dns"]}:
        yield "queries", f"predicted {sorted(asked)}"
    yield from wire_differences(a, b, end)
    recorded = successes(recording)
    expected = {one["registration"]: one["registered"] for one in prediction["registrations"]}
    if "" in recorded:
        first = recorded[""][0]
        expected = {"": next((r for r in expected.values() if r and place(r) == first), None)}
    for name, success in expected.items():
        seen = recorded.get(name)
        there = success if success and success["t"] <= end + 0.5 else None
        if bool(seen) != bool(there) or (
            seen and there and (seen[0] != place(there) or not near(there["t"], seen[1]))
        ):
            yield "registered", f"{name}: recorded {seen}, predicted {success}"


def differences(recording: Json, prediction: Json) -> list[Difference]:
    """Everything in which a prediction and a recording disagree."""
    if prediction.get("registrations"):
        return list(together_differences(recording, prediction))
    a, b, end = observed(recording), predicted(prediction), end_of(recording)
    if a.loaded != b.loaded:
        return [("loaded", f"Asterisk {'accepts' if a.loaded else 'refuses'} the registration")]
    if not a.loaded:
        return []
    out: list[Difference] = []
    surplus = sum(r.t <= end - 1.5 for r in b.rounds) - len(a.rounds)
    certain = max(1, sum(r.t <= end - 1.5 for r in a.rounds)) if a.rounds else 0
    if surplus > 1 or len(b.rounds) < certain:
        out.append(("targets", f"{len(a.rounds)} rounds recorded, {len(b.rounds)} predicted"))
    unbound, orders = bool(recording["scenario"].get("asterisk", {}).get("unbound")), possible(prediction)
    for number, (x, y) in enumerate(zip(a.rounds, b.rounds, strict=False)):
        out += round_differences(number, x, y, unbound, orders)
    if drew_otherwise(recording, prediction):
        return out
    out += wire_differences(a, b, end)
    success = b.registered if b.registered and b.registered[1] <= end + 0.5 else None
    agrees = not a.registered and not success
    if a.registered and success:
        agrees = a.registered[0] == success[0] and near(success[1], a.registered[1])
    if not agrees:
        out.append(("registered", f"recorded {a.registered}, predicted {b.registered}"))
    return out


def run(command: str, scenario: Json) -> Json:
    """The prediction that `command` prints for `scenario`."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(scenario, file)
        file.flush()
        words = [word.replace("{}", file.name) for word in shlex.split(command)]
        done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    if not done.stdout.strip():
        raise RuntimeError(f"exit {done.returncode}: {done.stderr.strip()[-300:]}")
    prediction: Json = json.loads(done.stdout)
    return prediction


def main() -> None:
    """Compare the recordings named on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--with", dest="command", default="pjresolve simulate {} --json")
    parser.add_argument("--prediction", type=Path)
    parser.add_argument("--only", choices=PARTS, help="count only differences in this part")
    parser.add_argument(
        "-v", action="store_true", help="print every difference, not the first of each recording"
    )
    parser.add_argument("recordings", nargs="+", type=Path)
    options = parser.parse_args()
    good = 0
    for path in options.recordings:
        recording = json.loads(path.read_text())
        try:
            if options.prediction:
                prediction = json.loads(options.prediction.read_text())
            else:
                prediction = run(options.command, recording["scenario"])
            found = differences(recording, prediction)
        except Exception as exc:  # a broken prediction disagrees; the rest still count
            found = [("broken", f"{type(exc).__name__}: {exc}")]
        if options.only:
            found = [d for d in found if d[0] in (options.only, "broken")]
        good += not found
        for part, text in found if options.v else found[:1]:
            print(f"{path.stem}: {part}: {text[:600]}")
    print(f"AGREE {good} of {len(options.recordings)}")
    sys.exit(good != len(options.recordings))


if __name__ == "__main__":
    main()
