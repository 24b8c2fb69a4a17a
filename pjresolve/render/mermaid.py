"""Ladder and graphs as Mermaid text.

Rules of this file: what came from outside is written as entities wherever Mermaid could read it as its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pjresolve.prediction.call import Called
from pjresolve.prediction.prediction import Prediction
from pjresolve.render.graph.words import edge_text, node_text
from pjresolve.render.label import isolated, safe
from pjresolve.render.ladder.ladder import DNS, SILENCE, ladder
from pjresolve.render.ladder.rung import Rung, RungKind
from pjresolve.sip.timers import seconds
from pjresolve.words import clock

if TYPE_CHECKING:
    import networkx as nx

_PLAIN = frozenset(" .,:/()[]_-+=×→←·…'!?")
_CLASSES = {
    "used": "", "tried": "", "": "", "barren": "grey", "skipped": "grey", "dropped": "grey", "empty": "grey",
    "more": "grey", "untried": "grey", "failed": "bad",
}  # fmt: skip
_END_CLASSES = {"registered": "ok", "waiting": "warn", "rejected": "bad"}
STYLES = (
    "classDef grey fill:#f4f6f9,stroke:#c3cbd6,color:#566173,stroke-dasharray:4 3",
    "classDef bad fill:#fcebea,stroke:#b3261e,color:#b3261e",
    "classDef warn fill:#fdf3e1,stroke:#8a5300,color:#8a5300",
    "classDef ok fill:#e6f4ea,stroke:#17702f,color:#17702f",
    "classDef listed fill:#e9f1fc,stroke:#1d5bb8,color:#1b2330",
)


def mermaid_text(text: str, limit: int = 120) -> str:
    """Foreign text for any place in a Mermaid diagram: what is not a letter or plain mark is an entity."""
    return "".join(c if c.isalnum() or c in _PLAIN else f"#{ord(c)};" for c in isolated(safe(text, limit)))


def ladder_mermaid(shown: Prediction | Called) -> str:
    """The ladder of a registration or a call as a Mermaid `sequenceDiagram`, with a final newline."""
    whole = ladder(shown)
    peers = [peer.address for peer in whole.peers]
    out = ["sequenceDiagram", f"    participant A as {mermaid_text(whole.client)}"]
    if any(rung.peer == DNS for rung in whole.rungs):
        out.append(f"    participant D as {DNS}")
    out += [f"    participant P{n} as {mermaid_text(str(peer))}" for n, peer in enumerate(whole.peers)]
    before: Rung | None = None
    for rung in whole.rungs:
        if before is not None and rung.t - before.until > SILENCE:
            gap = clock(seconds(rung.t - before.until))
            out.append(f"    Note over A: {gap} s pass")
        before = rung
        out.append("    " + _message(rung, peers))
    return "\n".join(out) + "\n"


def _message(rung: Rung, peers: list[str]) -> str:
    times = f" ×{rung.count}" if rung.count > 1 else ""
    text = f"{clock(seconds(rung.t))} s: {mermaid_text(rung.text)}{times}"
    if rung.peer == DNS:
        return f"A->>D: {text}"
    if rung.kind is RungKind.SEND:
        return f"A{'-x' if rung.lost else '->>'}P{peers.index(rung.peer)}: {text}"
    if rung.kind is RungKind.REPLY:
        return f"P{peers.index(rung.peer)}-->>A: {text}"
    return f"Note over A: {text}"


def graph_mermaid(*graphs: nx.DiGraph[str]) -> str:
    """A graph of this package as a Mermaid `flowchart`, several as its parts, with a final newline."""
    out = [f"flowchart {_direction(graphs[0])}"]
    for number, graph in enumerate(graphs):
        lines = _flow(graph, f"g{number}n" if len(graphs) > 1 else "n")
        if len(graphs) > 1:
            head = [f"subgraph g{number} [{graph.graph['kind']}]", f"    direction {_direction(graph)}"]
            lines = [*head, *("    " + line for line in lines), "end"]
        out += ["    " + line for line in lines]
    return "\n".join([*out, *("    " + style for style in STYLES)]) + "\n"


def _direction(graph: nx.DiGraph[str]) -> str:
    return "LR" if graph.graph["kind"] == "resolution" else "TD"


def _flow(graph: nx.DiGraph[str], prefix: str) -> list[str]:
    """The nodes and edges of one graph."""
    names = {name: f"{prefix}{place}" for place, name in enumerate(graph)}
    out = []
    for name, node in graph.nodes.items():
        label = "<br/>".join(mermaid_text(line) for line in node_text(node))
        kind = _END_CLASSES.get(name, _CLASSES.get(node["state"], ""))
        if node.get("number") and node["state"] != "untried":
            kind = kind or "listed"
        out.append(f'{names[name]}["{label}"]' + (f":::{kind}" if kind else ""))
    for a, b, edge in graph.edges(data=True):
        text = mermaid_text(edge_text(edge))
        arrow = "-->" if edge.get("tried", graph.nodes[b]["state"] == "used") else "-.->"
        out.append(f"{names[a]} {arrow}" + (f'|"{text}"| ' if text else " ") + names[b])
    return out
