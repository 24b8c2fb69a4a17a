"""Graphs in every format that can be asked for.

Rules of this file:
- a format is its suffix; whoever writes a file asks for the writer first, before anything is computed;
- what came from outside is escaped as the format wants it, after it was made printable.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from pjresolve.errors import BadInput, Parameter
from pjresolve.render.graph.resolution import name_of
from pjresolve.render.graph.svg import graph_svg
from pjresolve.render.graph.words import edge_text, node_text
from pjresolve.render.label import isolated, safe
from pjresolve.render.mermaid import graph_mermaid

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.DiGraph[str]

_FILLS = {
    "failed": "#fcebea", "used": "#f4f6f9", "tried": "#f4f6f9", "": "#f4f6f9",
    "registered": "#e6f4ea", "waiting": "#fdf3e1", "rejected": "#fcebea",
}  # fmt: skip
_GREY = 'style="rounded,dashed", color="#9aa3af", fontcolor="#566173"'


def graph_dot(*graphs: Graph) -> str:
    """The graph in the language of Graphviz, several as clusters of one."""
    direction = "LR" if graphs[0].graph["kind"] == "resolution" else "TB"
    out = [
        "digraph pjresolve {",
        f'  graph [rankdir={direction}, labelloc=t, labeljust=l, fontname="sans-serif"]',
        '  node [shape=box, style="rounded,filled", fontname="monospace", fontsize=11]',
        '  edge [fontname="sans-serif", fontsize=10]',
    ]
    for number, graph in enumerate(graphs):
        title = f'label="{_dot(_about(graph))}"'
        lines = [title, *_dot_lines(graph, f"g{number}n" if len(graphs) > 1 else "n")]
        if len(graphs) > 1:
            lines = [f"subgraph cluster_{number} {{", *("  " + line for line in lines), "}"]
        out += ["  " + line for line in lines]
    return "\n".join([*out, "}"]) + "\n"


def _dot_lines(graph: Graph, prefix: str) -> list[str]:
    """The nodes and edges of one graph."""
    names = {name: f"{prefix}{place}" for place, name in enumerate(graph)}
    out = []
    for name, node in graph.nodes.items():
        label = "\\l".join(_dot(line) for line in node_text(node)) + "\\l"
        fill = _FILLS.get(name if node["kind"] == "end" else node["state"])
        look = f'fillcolor="{fill}"' if fill else _GREY
        out.append(f'{names[name]} [label="{label}", {look}]')
    for a, b, edge in graph.edges(data=True):
        used = edge.get("tried", graph.nodes[b]["state"] == "used")
        text = edge_text(edge)
        attributes = ([f'label="{_dot(text)}"'] if text else []) + ([] if used else ["style=dashed"])
        out.append(f"{names[a]} -> {names[b]}" + (f" [{', '.join(attributes)}]" if attributes else ""))
    return out


def _dot(text: str) -> str:
    return isolated(text).replace("\\", "\\\\").replace('"', '\\"')


def _about(graph: Graph) -> str:
    about = graph.graph
    return f"{about['kind']} of {safe(name_of(graph), 60)} in {safe(about['scenario'], 80)}"


def graph_graphml(*graphs: Graph) -> str:
    """The graph as GraphML, for yEd, Gephi and networkx; several as one, see `_joined`."""
    import networkx as nx

    return "\n".join(nx.generate_graphml(_joined(graphs))) + "\n"


def graph_json(*graphs: Graph) -> str:
    """The graph as networkx's node-link JSON, nodes under `nodes` and edges under `links`; several as one."""
    shown = _joined(graphs)
    whole = {
        "directed": True,
        "multigraph": False,
        "graph": shown.graph,
        "nodes": [{"id": name, **node} for name, node in shown.nodes.items()],
        "links": [{"source": a, "target": b, **edge} for a, b, edge in shown.edges(data=True)],
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _joined(graphs: Sequence[Graph]) -> Graph:
    """A copy whose texts are printable: XML knows no way to write most control characters.

    Of several graphs every node says in `part` which it belongs to, and has that before its name.
    """
    import networkx as nx

    whole: Graph = nx.DiGraph(**_shown(graphs[0].graph))
    if len(graphs) > 1:
        whole.graph["kind"] = " and ".join(graph.graph["kind"] for graph in graphs)
    for graph in graphs:
        part = {"part": graph.graph["kind"]} if len(graphs) > 1 else {}
        before = f"{graph.graph['kind']}:" if part else ""
        for name, node in graph.nodes.items():
            whole.add_node(before + safe(name), **_shown(node), **part)
        for a, b, edge in graph.edges(data=True):
            whole.add_edge(before + safe(a), before + safe(b), **_shown(edge))
    return whole


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    return {key: safe(value) if isinstance(value, str) else value for key, value in values.items()}


Writer: TypeAlias = Callable[..., str]
FORMATS: dict[str, Writer] = {
    ".svg": graph_svg,
    ".dot": graph_dot,
    ".mmd": graph_mermaid,
    ".graphml": graph_graphml,
    ".json": graph_json,
}
"""What can be written, by the file's suffix."""


def graph_writer(path: Path) -> Writer:
    """The function that makes a file's text, by its suffix. Raises BadInput with the suffixes that exist."""
    writer = FORMATS.get(path.suffix.lower())
    if writer is None:
        kind = f"the suffix {path.suffix!r}" if path.suffix else "no suffix"
        raise BadInput(
            f"{path.name!r} has {kind}, and the suffix says what is written",
            where=Parameter("graph"),
            hint=f"use one of {', '.join(FORMATS)}",
        )
    return writer
