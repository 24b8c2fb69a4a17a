"""The words on a graph's nodes and edges, the same in every text format.

Rules of this file: texts are printable and short; whoever writes them escapes them as its format wants it.
"""

from __future__ import annotations

from typing import Any

from pjresolve.render.graph.chain import edge_label
from pjresolve.render.label import safe


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
