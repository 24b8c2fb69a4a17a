"""The failover of a run as a graph: target to next target, and the ends registered, waiting and rejected.

Rules of this file:
- only what happened in the run is drawn as such; the rest of the list follows as not tried;
- what happened several times is one edge with a count, the exact repetitions of the log included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pjresolve.model import Target
from pjresolve.prediction.call import Called
from pjresolve.prediction.happened import Lived
from pjresolve.prediction.prediction import Prediction
from pjresolve.render.graph.resolution import ANSWERED, FAILS, add_node, new_graph, subject_of
from pjresolve.simulation.log import Repeat
from pjresolve.sip.outcome import Ending
from pjresolve.sip.timers import seconds
from pjresolve.story.calls import CallVerdict, call_verdict
from pjresolve.story.lines import Attempt
from pjresolve.story.rounds import Round, rounds
from pjresolve.trace import State

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.DiGraph[str]

MOST_OUTCOMES = 3
"""Different outcomes that an edge names at most."""


def failover_graph(shown: Prediction | Called) -> nx.DiGraph[str]:
    """What the run did when a target failed.

    `kind` is start, target or end; a target's `state` is tried, skipped or untried, its `number` the place
    in the first list, from 1 (0 where only a later one has it). Edges carry `outcome` (as in
    `pjresolve.sip.outcome`, comma-separated where it varied; "" for the way into a round), `seconds` (of the
    first time) and `count`.
    """
    graph, (lived, name, _, refusal, evidence) = new_graph("failover", shown), subject_of(shown)
    if refusal:
        # there is no round, and no state: the program has no such registration, or no call
        called = isinstance(shown, Called)
        why = "nothing is sent" if called else "refused when it is loaded"
        add_node(graph, "start", "start", name, detail=why, reason=refusal, evidence=evidence)
        return graph
    add_node(graph, "start", "start", name, detail="a round begins")
    for place, target in enumerate(lived.targets, 1):
        _target(graph, target, place)
    told = _rounds(lived)
    for number, (round_, times) in enumerate(told):
        following = told[number + 1][0] if number + 1 < len(told) else None
        if isinstance(shown, Called):
            _draw_call(graph, round_, call_verdict(shown.call))
        else:
            _draw(graph, round_, times, following)
    _untried(graph, [str(target) for target in dict.fromkeys(lived.targets)])
    return graph


def _rounds(lived: Lived) -> list[tuple[Round, int]]:
    """The rounds of the run, each with how often it happens."""
    repeats = lived.log.repeats
    told, place = list[tuple[Round, int]](), 0
    for item in rounds(lived):
        if isinstance(item, Repeat):
            continue
        if item.number >= 0:
            told.append((item, 1 + sum(r.times for r in repeats if r.start <= place < r.end)))
        place += len(item.lines)
    return told


class _Last(NamedTuple):
    """Where a round got to, and the edge that leads on from there."""

    at: str
    label: str
    outcome: str
    lasted: int


def _draw_call(graph: Graph, round_: Round, said: CallVerdict) -> None:
    """The one round of a call, and whether it is answered."""
    last = _attempts(graph, round_, 1)
    end = ANSWERED if said.answered else FAILS
    add_node(graph, end, "end", end, reason=said.text)
    _edge(graph, last.at, end, last.label or "no target", last.lasted, 1, last.outcome)


def _attempts(graph: Graph, round_: Round, times: int) -> _Last:
    """The targets of a round, one after the other."""
    at, label, outcome, lasted = "start", "", "", max(0, round_.known - round_.t)
    for attempt in round_.attempts:
        name = _target(graph, attempt.target, 0)
        node = graph.nodes[name]
        if attempt.ending is Ending.UNSUITABLE:
            skipped = node["state"] if node["state"] == "tried" else "skipped"
            node.update(reason=attempt.failure, state=skipped)
        else:
            node["state"] = "tried"
        _edge(graph, at, name, label or ("the DNS takes" if lasted else ""), lasted, times, outcome)
        at, outcome, lasted = name, str(attempt.ending), attempt.lasted_in_all
        answered = attempt.ending in (Ending.ANSWERED, Ending.REGISTERED)
        label = str(attempt.status) if answered else _words(attempt)
    return _Last(at, label, outcome, lasted)


def _draw(graph: Graph, round_: Round, times: int, following: Round | None) -> None:
    at, label, outcome, lasted = _attempts(graph, round_, times)
    if following is None and not round_.over:
        return  # the run ended within the round
    end = State.WAITING
    if outcome == Ending.REGISTERED:
        end = State.REGISTERED
    elif round_.rejected:
        end = State.REJECTED
    if not round_.attempts:
        label = "no target"
    if end.value not in graph:
        add_node(graph, end.value, "end", end.value)
    graph.nodes[end.value]["reason"] = graph.nodes[end.value]["reason"] or round_.after
    _edge(graph, at, end.value, label, lasted, times, outcome)
    if following is not None and end is not State.REJECTED:
        waited = following.t - max(round_.ended, round_.known, round_.t)
        _edge(graph, end.value, "start", following.why, waited, times)


def _words(attempt: Attempt) -> str:
    """How an attempt ended without an answer, for people."""
    ending = attempt.ending
    if ending is Ending.TLS_FAILED and attempt.failure:
        return f"TLS fails: {attempt.failure}"
    if ending is Ending.TIMEOUT and attempt.connected is False:
        return "the connect gets no answer"
    return ending.words if ending else ""


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
    for key, value, between in (("label", label, "; "), ("outcome", outcome, ", ")):
        known = edge[key].split(between)
        if value and value not in known and len(known) < MOST_OUTCOMES:
            edge[key] = between.join([*filter(None, known), value])


def _untried(graph: Graph, names: list[str]) -> None:
    """Join what was not tried to the list before it."""
    for before, name in zip(["start", *names], names, strict=False):
        if not graph.pred[name] and graph.nodes[name]["state"] == "untried":
            graph.add_edge(before, name, label="not tried", seconds=0.0, count=0, outcome="", tried=False)
