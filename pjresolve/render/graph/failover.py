"""The failover of a run as a graph: target to next target, and the ends registered, waiting and rejected.

Rules of this file:
- only what happened in the run is drawn as such; the rest of the list follows as not tried;
- what happened several times is one edge with a count, the exact repetitions of the log included.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pjresolve.model import Target
from pjresolve.prediction.prediction import Prediction
from pjresolve.render.graph.resolution import add_node, new_graph
from pjresolve.sip.outcome import Ending
from pjresolve.sip.status import is_challenge
from pjresolve.sip.timers import seconds
from pjresolve.trace import AttemptEnded, ListKnown, RoundStarted, StateChanged, StepTaken, TargetSkipped

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.DiGraph[str]

ENDS = ("registered", "waiting", "rejected")
MOST_OUTCOMES = 3
"""Different outcomes that an edge names at most."""


@dataclass(slots=True)
class _Step:
    """What became of a target in a round. `lasted` in µs."""

    target: Target
    outcome: str
    status: int
    lasted: int
    why: str = ""


@dataclass(slots=True)
class _Round:
    """A round as it went. Times in µs; `times` counts its exact repetitions."""

    t: int
    why: str
    times: int
    known: int = -1
    targets: tuple[Target, ...] = ()
    steps: list[_Step] = field(default_factory=list)
    ended: int = -1
    after: str = ""
    told: int = 0
    """What was told since the last attempt: first what follows it, then that the round is over."""
    rejected: bool = False


def failover_graph(prediction: Prediction) -> nx.DiGraph[str]:
    """What the run did when a target failed.

    `kind` is start, target or end; a target's `state` is tried, skipped or untried, its `number` the place
    in the first list, from 1 (0 where only a later one has it). Edges carry `outcome` (as in
    `pjresolve.sip.outcome`, comma-separated where it varied; "" for the way into a round), `seconds` (of the
    first time) and `count`.
    """
    graph = new_graph("failover", prediction)
    add_node(graph, "start", "start", prediction.registration, detail="a round begins")
    if not prediction.loaded:
        add_node(
            graph,
            "rejected",
            "end",
            "rejected",
            reason=prediction.refusal or "",
            evidence=prediction.evidence,
        )
        _edge(graph, "start", "rejected", "refused", 0, 1)
        return graph
    for place, target in enumerate(prediction.targets, 1):
        _target(graph, target, place)
    rounds = _rounds(prediction)
    for number, made in enumerate(rounds):
        _draw(graph, made, rounds[number + 1] if number + 1 < len(rounds) else None)
    _untried(graph, [str(target) for target in dict.fromkeys(prediction.targets)])
    return graph


def _rounds(prediction: Prediction) -> list[_Round]:
    log, found = prediction.log, list[_Round]()
    for place, event in enumerate(log.events):
        if isinstance(event, RoundStarted):
            times = 1 + sum(r.times for r in log.repeats if r.start <= place < r.end)
            found.append(_Round(event.t, event.why, times))
            continue
        if not found:
            continue
        now = found[-1]
        if isinstance(event, ListKnown):
            now.known, now.targets = event.t, event.targets
        elif isinstance(event, TargetSkipped):
            now.steps.append(_Step(event.target, Ending.UNSUITABLE, 503, 0, event.why))
            now.told = 0
        elif isinstance(event, AttemptEnded):
            _took(now, event)
        elif isinstance(event, StepTaken):
            now.after = event.why
            now.told += 1
        elif isinstance(event, StateChanged) and event.state == "rejected":
            now.rejected, now.after, now.ended = True, event.why, event.t
    return found


def _took(made: _Round, event: AttemptEnded) -> None:
    """Add an attempt's end; one that answers a challenge goes on with the attempt before it."""
    made.ended, made.told = event.t, 0
    last = made.steps[-1] if made.steps else None
    if last is not None and event.credentials and last.target == event.target and is_challenge(last.status):
        last.outcome, last.status, last.lasted = event.outcome, event.status, last.lasted + event.lasted
    else:
        made.steps.append(_Step(event.target, event.outcome, event.status, event.lasted))


def _draw(graph: Graph, made: _Round, following: _Round | None) -> None:
    at, label, outcome, lasted = "start", "", "", max(0, made.known - made.t)
    for step in made.steps:
        name = _target(graph, step.target, 0)
        node = graph.nodes[name]
        if step.outcome == Ending.UNSUITABLE:
            node.update(reason=step.why, state=node["state"] if node["state"] == "tried" else "skipped")
        else:
            node["state"] = "tried"
        _edge(graph, at, name, label or ("the DNS takes" if lasted else ""), lasted, made.times, outcome)
        at, outcome, lasted = name, step.outcome, step.lasted
        label = f"{step.status}" if step.outcome in (Ending.ANSWERED, Ending.REGISTERED) else step.outcome
    if following is None and not made.rejected and made.told < (2 if made.steps else 1):
        return  # the run ended within the round
    end = "registered" if outcome == Ending.REGISTERED else "rejected" if made.rejected else "waiting"
    if not made.steps:
        label = "no target"
    if end not in graph:
        add_node(graph, end, "end", end)
    graph.nodes[end]["reason"] = graph.nodes[end]["reason"] or made.after
    _edge(graph, at, end, label, lasted, made.times, outcome)
    if following is not None and end != "rejected":
        waited = following.t - max(made.ended, made.known, made.t)
        _edge(graph, end, "start", following.why, waited, made.times)


def _target(graph: Graph, target: Target, number: int) -> str:
    name = str(target)
    if name not in graph:
        add_node(graph, name, "target", target.socket, detail=str(target.transport), state="untried")
        graph.nodes[name]["number"] = number
    return name


def _edge(graph: Graph, a: str, b: str, label: str, lasted: int, count: int, outcome: str = "") -> None:
    if not graph.has_edge(a, b):
        graph.add_edge(a, b, label=label, seconds=seconds(lasted), count=count, outcome=outcome, tried=True)
        return
    edge = graph.edges[a, b]
    edge["count"] += count
    for key, value in (("label", label), ("outcome", outcome)):
        known = edge[key].split(", ")
        if value and value not in known and len(known) < MOST_OUTCOMES:
            edge[key] = ", ".join([*filter(None, known), value])


def _untried(graph: Graph, names: list[str]) -> None:
    """Join what was not tried to the list before it."""
    for before, name in zip(["start", *names], names, strict=False):
        if not graph.pred[name] and graph.nodes[name]["state"] == "untried":
            graph.add_edge(before, name, label="not tried", seconds=0.0, count=0, outcome="", tried=False)
