"""The tree of a resolution: from the name on the left to the targets on the right.

Rules of this file:
- each level has its own column, and all targets share the last one, so that the list reads downward;
- parents stand in the middle of their children.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pjresolve.render.graph.layout import EDGE, Box, Picture, Wire, box
from pjresolve.render.label import safe
from pjresolve.render.svg import CELL
from pjresolve.story.lines import Tone

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.DiGraph[str]

COLUMN_GAP = 46.0
ROW_GAP = 9.0
WIDEST = 250.0
WIDEST_TARGET = 57 * CELL
"""Enough for any address, with its number and transport."""
TONES = {
    "used": Tone.PLAIN,
    "barren": Tone.QUIET,
    "skipped": Tone.QUIET,
    "dropped": Tone.QUIET,
    "empty": Tone.QUIET,
    "failed": Tone.BAD,
    "more": Tone.QUIET,
}


def tree(graph: Graph) -> Picture:
    """The resolution from left to right, its targets in the last column, each level its own column."""
    boxes = {name: _box(name, node) for name, node in graph.nodes.items()}
    depths = _depths(graph)
    for name in boxes:  # targets share the last column, so that the list reads from top to bottom
        if graph.nodes[name]["kind"] == "target":
            depths[name] = max(depths.values())
    columns: dict[int, float] = {}
    for name, placed in boxes.items():
        columns[depths[name]] = max(columns.get(depths[name], 0.0), placed.width)
    x, left = EDGE, dict[int, float]()
    for depth in sorted(columns):
        left[depth], x = x, x + columns[depth] + COLUMN_GAP
    picture = Picture(_title(graph), _desc(graph), width=x - COLUMN_GAP + EDGE)
    for name, placed in boxes.items():
        placed.x = left[depths[name]]
        placed.width = columns[depths[name]] if graph.nodes[name]["kind"] == "target" else placed.width
    bottom = _set_heights(graph, boxes, depths)
    picture.boxes, picture.height = list(boxes.values()), bottom - ROW_GAP + EDGE
    for a, b in graph.edges:
        picture.wires.append(_wire(boxes[a], boxes[b], left[depths[b]], graph.nodes[b]["state"]))
    return picture


def _depths(graph: Graph) -> dict[str, int]:
    depths = {"host": 0}
    for name in graph:  # parents stand before their children
        for child in graph.succ[name]:
            depths[child] = depths[name] + 1
    return depths


def _box(name: str, node: dict[str, Any]) -> Box:
    tone = TONES[node["state"]]
    quiet: Tone = tone if tone is Tone.QUIET else Tone.PLAIN
    texts: list[tuple[str, str, Tone]]
    more = " · ".join(filter(None, (node["label"], node["detail"], node["reason"])))
    number = node.get("number")
    if node["kind"] == "target":
        place = f"{number} " if number else ""
        texts = [(f"{place}{node['detail']} {node['label']}", "head" if number else "mono", quiet)]
        if not number:
            texts.append((node["reason"], "small", Tone.QUIET))
        return box(name, Tone.ACCENT if number else tone, texts, WIDEST_TARGET, more)
    if node["kind"] == "name":
        texts = [(node["label"], "head", Tone.PLAIN), (node["reason"], "small", Tone.BAD)]
        return box(name, tone, texts, WIDEST, more)
    if node["kind"] == "question":
        texts = [(f"{node['detail']}: {node['label']}", "small", tone)]
    elif node["detail"].startswith("A"):  # the parent names the host already
        texts = [(f"{node['detail'].split()[0]} {node['label']}", "mono", quiet)]
    else:
        texts = [(node["detail"], "small", Tone.QUIET), (node["label"], "mono", quiet)]
    if node["reason"] and node["state"] != "used":
        texts.append((node["reason"], "small", Tone.WARN if tone is Tone.QUIET else tone))
    return box(name, tone, texts, WIDEST, more)


def _set_heights(graph: Graph, boxes: dict[str, Box], depths: dict[str, int]) -> float:
    """Give every box its height above the ground: leaves below each other, parents in the middle of theirs.

    A parent that is taller than its children pushes what follows down. Returns the lowest edge.
    """
    cursor = EDGE
    lowest: dict[int, float] = {}

    def place(name: str) -> None:
        nonlocal cursor
        placed, children = boxes[name], sorted(graph.succ[name], key=lambda n: graph.nodes[n]["order"])
        start = max(cursor, lowest.get(depths[name], EDGE))
        cursor = start
        if not children:
            placed.y = start
        else:
            for child in children:
                place(child)
            middle = (boxes[children[0]].middle + boxes[children[-1]].middle) / 2
            placed.y = max(start, middle - placed.height / 2)
        cursor = max(cursor, placed.y + placed.height + ROW_GAP)
        lowest[depths[name]] = placed.y + placed.height + ROW_GAP

    place("host")
    return cursor


def _wire(a: Box, b: Box, left: float, state: str) -> Wire:
    bend = left - COLUMN_GAP / 2
    points = ((a.right, a.middle), (bend, a.middle), (bend, b.middle), (b.x, b.middle))
    return Wire(points, Tone.PLAIN if state == "used" else Tone.QUIET)


def _title(graph: Graph) -> str:
    return f"Resolution of {safe(str(graph.nodes['host']['label']), 80)}"


def _desc(graph: Graph) -> str:
    listed = sorted((n for n in graph.nodes.values() if n.get("number")), key=lambda n: n["number"])
    skipped = sum(1 for n in graph.nodes.values() if n["state"] in ("skipped", "dropped"))
    targets = "; ".join(f"{n['number']}: {n['detail']} {safe(n['label'])}" for n in listed) or "none"
    return f"Targets in the order of trying: {targets}. Records or addresses skipped: {skipped}."
