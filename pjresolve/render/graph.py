"""Graphs in every format that can be asked for.

Rules of this file:
- a format is its suffix; whoever writes a file asks for the writer first, before anything is computed;
- what came from outside is escaped as the format wants it, after it was made printable.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pjresolve.errors import BadInput
from pjresolve.render.graph_chain import edge_label
from pjresolve.render.graph_svg import graph_svg
from pjresolve.render.label import isolated, safe
from pjresolve.render.mermaid import graph_mermaid

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.DiGraph[str]

_FILLS = {"failed": "#fcebea", "used": "#f4f6f9", "tried": "#f4f6f9", "": "#f4f6f9"}


def node_text(node: dict[str, Any]) -> list[str]:
    """The lines of a node's label."""
    number = f"{node['number']} " if node.get("number") else ""
    if node["kind"] == "target":
        lines = [f"{number}{node['detail']} {node['label']}"]
    elif node["kind"] == "question":
        lines = [f"{node['detail']}: {node['label']}"]
    else:
        lines = [node["label"], node["detail"]]
    if node["reason"] and node["state"] != "used":
        lines.append(node["reason"])
    return [safe(line, 120) for line in lines if line]


def edge_text(edge: dict[str, Any]) -> str:
    """An edge's label."""
    return edge_label(edge) if "tried" in edge else safe(edge["label"])


def graph_dot(graph: Graph) -> str:
    """The graph in the language of Graphviz."""
    direction = "LR" if graph.graph["kind"] == "resolution" else "TB"
    out = [
        "digraph pjresolve {",
        f'  graph [rankdir={direction}, label="{_dot(_about(graph))}", labelloc=t, fontname="sans-serif"]',
        '  node [shape=box, style="rounded,filled", fontname="monospace", fontsize=11]',
        '  edge [fontname="sans-serif", fontsize=10]',
    ]
    names = {name: f"n{place}" for place, name in enumerate(graph)}
    for name, node in graph.nodes.items():
        label = "\\l".join(_dot(line) for line in node_text(node)) + "\\l"
        grey = node["state"] not in _FILLS
        look = (
            'style="rounded,dashed", color="#9aa3af", fontcolor="#566173"'
            if grey
            else f'fillcolor="{_FILLS[node["state"]]}"'
        )
        out.append(f'  {names[name]} [label="{label}", {look}]')
    for a, b, edge in graph.edges(data=True):
        used = edge.get("tried", graph.nodes[b]["state"] == "used")
        text = edge_text(edge)
        attributes = ([f'label="{_dot(text)}"'] if text else []) + ([] if used else ["style=dashed"])
        out.append(f"  {names[a]} -> {names[b]}" + (f" [{', '.join(attributes)}]" if attributes else ""))
    return "\n".join([*out, "}"]) + "\n"


def _dot(text: str) -> str:
    return isolated(text).replace("\\", "\\\\").replace('"', '\\"')


def _about(graph: Graph) -> str:
    about = graph.graph
    return f"{about['kind']} of {safe(about['registration'], 60)} in {safe(about['scenario'], 80)}"


def graph_graphml(graph: Graph) -> str:
    """The graph as GraphML, for yEd, Gephi and networkx."""
    import networkx as nx

    return "\n".join(nx.generate_graphml(_printable(graph))) + "\n"


def graph_json(graph: Graph) -> str:
    """The graph as networkx's node-link JSON, nodes under `nodes` and edges under `links`."""
    shown = _printable(graph)
    whole = {
        "directed": True,
        "multigraph": False,
        "graph": shown.graph,
        "nodes": [{"id": name, **node} for name, node in shown.nodes.items()],
        "links": [{"source": a, "target": b, **edge} for a, b, edge in shown.edges(data=True)],
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _printable(graph: Graph) -> Graph:
    """A copy whose texts are printable: XML knows no way to write most control characters."""
    import networkx as nx

    shown: Graph = nx.DiGraph(**_shown(graph.graph))
    shown.add_nodes_from((safe(name), _shown(node)) for name, node in graph.nodes.items())
    shown.add_edges_from((safe(a), safe(b), _shown(edge)) for a, b, edge in graph.edges(data=True))
    return shown


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    return {key: safe(value) if isinstance(value, str) else value for key, value in values.items()}


FORMATS: dict[str, Callable[[Graph], str]] = {
    ".svg": graph_svg,
    ".dot": graph_dot,
    ".mmd": graph_mermaid,
    ".graphml": graph_graphml,
    ".json": graph_json,
}
"""What can be written, by the file's suffix."""


def graph_writer(path: Path) -> Callable[[Graph], str]:
    """The function that makes a file's text, by its suffix. Raises BadInput with the suffixes that exist."""
    writer = FORMATS.get(path.suffix.lower())
    if writer is None:
        kind = f"the suffix {path.suffix!r}" if path.suffix else "no suffix"
        raise BadInput(
            f"{path.name!r} has {kind}, and the suffix says what is written",
            where="--graph",
            mend=f"use one of {', '.join(FORMATS)}",
        )
    return writer
