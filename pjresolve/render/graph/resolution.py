"""A prediction as graphs: how the name became targets, and what one target's failure leads to.

Rules of this file:
- nodes and edges carry plain texts and numbers only, so that every file format can hold them;
- what was skipped stays in the graph, with its reason: what is missing is what people look for;
- texts are as they came; whoever draws them escapes them.

Every node has `kind`, `label`, `detail`, `state`, `reason`, `evidence` and `order`. Every edge has `label`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, assert_never

import networkx as nx

from pjresolve.model import NaptrData, Query, Record, SrvData, Status
from pjresolve.prediction.call import Called
from pjresolve.prediction.happened import Lived
from pjresolve.prediction.prediction import Prediction
from pjresolve.trace import (
    Answered,
    ListClosed,
    RecordSkipped,
    RecordUsed,
    ResolutionEvent,
    SetAsked,
    TargetListed,
    TargetsDropped,
)

if TYPE_CHECKING:
    Graph = nx.DiGraph[str]

MOST_NODES = 400
"""Nodes of a resolution's graph at most; targets and what led to them always stay."""
NO_RECORDS = {Status.NOERROR: "no records", Status.NODATA: "no records", Status.NXDOMAIN: "no such name"}


ANSWERED, FAILS = "answered", "fails"
"""The ends of a call."""


class Subject(NamedTuple):
    """What a graph is of, a registration or a call: its name, its URI, and why there is nothing of it."""

    lived: Lived
    name: str
    uri: str
    refusal: str = ""
    evidence: str = ""


def subject_of(shown: Prediction | Called) -> Subject:
    """The subject of a graph."""
    if isinstance(shown, Called):
        call = shown.call
        return Subject(call, shown.inquiry.endpoint, call.uri or "", "" if call.uri else call.why)
    uri = shown.plan.registration.server_uri if shown.plan else ""
    return Subject(shown, shown.registration, uri, shown.refusal or "", shown.evidence)


def new_graph(kind: str, shown: Prediction | Called) -> Graph:
    """An empty graph that says what it is of: a registration, or a call through an endpoint."""
    machine = shown.machine if isinstance(shown, Called) else shown
    graph: Graph = nx.DiGraph(kind=kind)
    graph.graph["endpoint" if isinstance(shown, Called) else "registration"] = subject_of(shown).name
    graph.graph.update(scenario=machine.scenario.name, stack=machine.stack)
    return graph


def name_of(graph: Graph) -> str:
    """The name of the registration or the endpoint that a graph is of."""
    about = graph.graph
    return str(about.get("registration") or about.get("endpoint") or "")


def add_node(
    graph: Graph,
    name: str,
    kind: str,
    label: str,
    *,
    detail: str = "",
    state: str = "used",
    reason: str = "",
    evidence: str = "",
) -> str:
    """Add a node; its `order` is the place in which it came."""
    graph.add_node(
        name,
        kind=kind,
        label=label,
        detail=detail,
        state=state,
        reason=reason,
        evidence=evidence,
        order=len(graph),
    )
    return name


def resolution_graph(shown: Prediction | Called) -> Graph:
    """The first resolution as a tree: the host's name, the records found, the targets they led to.

    `kind` is name, record, question (one without a record) or target. `state` is used, barren (it led to no
    target), skipped, dropped, empty, failed, or more (stands for nodes left out). A target's `number` is its
    place in the list, from 1; 0 where it is not in it.
    """
    graph, subject = new_graph("resolution", shown), subject_of(shown)
    resolution, sender = subject.lived.resolution, subject.lived.sender
    if resolution is None or sender is None or sender.request is None:
        why = subject.refusal or (sender.dead_end if sender else "") or "nothing was resolved"
        name = subject.uri if sender else subject.name
        add_node(graph, "host", "name", name, state="failed", reason=why, evidence=subject.evidence)
        return graph
    add_node(graph, "host", "name", sender.request.host, detail=subject.uri)
    tree = _Tree(graph)
    for event in resolution.events:
        tree.take(event)
    if not resolution.targets:
        graph.nodes["host"].update(state="failed", reason=resolution.why)
    _mark_barren(graph)
    _prune(graph)
    return graph


class _Tree:
    """Follows a resolution's events and grows the tree."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.wanted: list[tuple[Query, str]] = []
        self.added: list[tuple[Query, str]] = []
        self.listed: list[str] = []
        self.parent, self.question = "host", Query("", "")
        self.first = True

    def take(self, event: ResolutionEvent) -> None:
        """Take one event up."""
        match event:
            case SetAsked():
                self._set(event)
            case Answered():
                self._answer(event)
            case RecordUsed():
                node = self._record(event.record, "used", event.why)
                self.added += [(query, node) for query in event.added]
            case RecordSkipped():
                self._record(event.record, "skipped", event.why, event.evidence)
            case TargetListed():
                target = event.target
                self._child(
                    "target", str(target.transport), state="used", reason=event.why, label=target.socket
                )
                self.listed.append(self._last)
            case TargetsDropped():
                for name in self.listed:
                    self.graph.nodes[name].update(state="dropped", reason=event.why, evidence=event.evidence)
                self.listed = []
            case ListClosed():
                for place, name in enumerate(self.listed, 1):
                    self.graph.nodes[name]["number"] = place
            case _:
                assert_never(event)

    def _set(self, event: SetAsked) -> None:
        self.wanted, self.added, self.listed = self.added, [], []
        if self.first:
            self.wanted = [(query, "host") for query in event.queries]
            self.first = False
        for query in event.unsent:
            self.parent, self.question = self._parent(query), query
            self._child(
                "question",
                f"{query.rtype} {query.name}",
                state="skipped",
                reason="no query goes out for the root",
                label="not asked",
            )

    def _parent(self, query: Query) -> str:
        for place, (wanted, parent) in enumerate(self.wanted):
            if wanted == query:
                del self.wanted[place]
                return parent
        return "host"

    def _answer(self, event: Answered) -> None:
        answer = event.answer
        self.question = answer.query
        self.parent = self._parent(answer.query)
        if any(record.rtype == answer.query.rtype for record in answer.records):
            return
        state = "failed" if answer.status.failed else "empty"
        label = NO_RECORDS.get(answer.status, str(answer.status))
        self._child("question", str(answer.query), state=state, reason=answer.detail, label=label)

    def _record(self, record: Record, state: str, why: str, evidence: str = "") -> str:
        return self._child(
            "record", str(self.question), state=state, reason=why, evidence=evidence, label=data_label(record)
        )

    def _child(
        self, kind: str, detail: str, *, state: str, reason: str, label: str, evidence: str = ""
    ) -> str:
        graph = self.graph
        name = (
            f"{kind}{sum(1 for node in graph if node.startswith(kind)) + 1}"
            if len(graph) < 50
            else f"{kind}-{len(graph)}"
        )
        self._last = add_node(
            graph, name, kind, label, detail=detail, state=state, reason=reason, evidence=evidence
        )
        if kind == "target":
            graph.nodes[name]["number"] = 0
        graph.add_edge(self.parent, name, label=self.question.rtype)
        return name


def data_label(record: Record) -> str:
    """A record's data as it is drawn."""
    data = record.data
    if isinstance(data, SrvData):
        return f"{data.priority} {data.weight} {data.port} {data.target}"
    if isinstance(data, NaptrData):
        return f"{data.order} {data.preference} {data.service} {data.replacement}"
    return str(data)


def _mark_barren(graph: Graph) -> None:
    """A used node without a listed target below it is barren."""
    fruitful = {"host"}
    for name, node in graph.nodes.items():
        if node.get("number"):
            fruitful |= {name, *nx.ancestors(graph, name)}
    for name, node in graph.nodes.items():
        if node["state"] == "used" and name not in fruitful:
            node.update(state="barren", reason="it led to no target")


def _prune(graph: Graph) -> None:
    """Leave out the last nodes that led nowhere, as far as needed, and say how many."""
    surplus = len(graph) - MOST_NODES
    if surplus <= 0:
        return
    out = 0
    for name in reversed(list(graph)):
        if out > surplus:
            break
        if graph.nodes[name]["state"] != "used" and not graph.succ[name] and name != "host":
            graph.remove_node(name)
            out += 1
    add_node(
        graph,
        "more",
        "question",
        f"{out} more",
        detail="left out",
        state="more",
        reason="records that led nowhere",
    )
    graph.add_edge("host", "more", label="")
