"""Folds a failover: targets below each other with which the same happens are one box.

Rules of this file:
- folded is what is drawn; the graph itself, and its files, have every target;
- targets are the same where their state, protocol and reason are, and the step to the next; a few are left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.DiGraph[str]

FEWEST = 4
"""Targets that are folded at least."""


def folded(graph: Graph) -> Graph:
    """The graph with one node for targets that do the same, called as the first of them.

    Such a node has `last`, the number and the label of the last one.
    """
    out = graph.copy()
    targets = [name for name, node in graph.nodes.items() if node["kind"] == "target"]
    for run in _runs(graph, targets):
        if len(run) < FEWEST:
            continue
        first, last = run[0], run[-1]
        node = graph.nodes[last]
        details = {graph.nodes[name]["detail"] for name in run}
        detail = details.pop() if len(details) == 1 else _protocol(node["detail"])
        out.nodes[first].update(last=(node["number"], node["label"]), detail=detail)
        for name in graph.succ[last]:
            out.add_edge(first, name, **graph.edges[last, name])
        out.remove_edge(first, run[1])
        out.remove_nodes_from(run[1:])
    return out


def _runs(graph: Graph, targets: list[str]) -> list[list[str]]:
    """The targets, those of a run together: between them there is but one way, in their order."""
    runs: list[list[str]] = []
    for name in targets:
        if runs and _follows(graph, runs[-1][-1], name) and _same(graph, runs[-1][0], name):
            runs[-1].append(name)
        else:
            runs.append([name])
    return runs


def _follows(graph: Graph, before: str, name: str) -> bool:
    """Whether there is no way but from the one target to the other."""
    following = graph.nodes[name]["number"] == graph.nodes[before]["number"] + 1
    return following and list(graph.succ[before]) == [name] and list(graph.pred[name]) == [before]


def _same(graph: Graph, one: str, other: str) -> bool:
    """Whether the same happens with two targets. The last that was not tried has no step to another."""
    a, b = graph.nodes[one], graph.nodes[other]
    if (a["state"], a["reason"], _protocol(a["detail"])) != (b["state"], b["reason"], _protocol(b["detail"])):
        return False
    steps = [list(graph.succ[name].values()) for name in (one, other)]
    return len(steps[1]) < 2 and (steps[0] == steps[1] or (a["state"] == "untried" and not steps[1]))


def _protocol(transport: str) -> str:
    return transport.partition("/")[0]
