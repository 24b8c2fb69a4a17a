"""Where the boxes and lines of a graph stand: a tree for a resolution, a chain for a failover.

Rules of this file:
- only geometry: whatever is placed here is drawn as it is, and no two boxes or texts overlap;
- a box is as wide as its text, which is cut where it would be too wide; nothing needs measuring.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pjresolve.render.label import cells, cut, safe, sans_cut, sans_width, sans_wrap
from pjresolve.render.svg import CELL, SANS

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.DiGraph[str]

PAD = 10.0
"""Pixels between a box's edge and its text."""
LINE = 18.0
"""Pixels from one baseline to the next."""
EDGE = 16.0
"""Pixels around the whole picture."""


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text. `kind` is head, mono or small; `x`, `y` of its start and baseline; `width` at most."""

    x: float
    y: float
    content: str
    kind: str
    tone: str
    width: float


@dataclass(slots=True)
class Box:
    """A node in its place. `more` is the tooltip, with everything that was cut."""

    node: str
    x: float
    y: float
    width: float
    height: float
    tone: str
    texts: list[tuple[str, str, str]]
    """(content, kind, tone) from top to bottom."""
    more: str = ""

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    def placed(self) -> list[Text]:
        """The box's texts, in its middle."""
        top = self.y + (self.height - LINE * len(self.texts)) / 2 + 13.5
        return [
            Text(self.x + PAD, top + LINE * n, content, kind, tone, text_width(content, kind))
            for n, (content, kind, tone) in enumerate(self.texts)
        ]


@dataclass(frozen=True, slots=True)
class Wire:
    """A line through points, with an arrow at its end."""

    points: tuple[tuple[float, float], ...]
    tone: str


@dataclass(slots=True)
class Picture:
    """A graph laid out."""

    title: str
    desc: str
    boxes: list[Box] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    labels: list[Text] = field(default_factory=list)
    width: float = 0.0
    height: float = 0.0


def text_width(content: str, kind: str) -> float:
    """Pixels that a text takes at most."""
    return sans_width(content, SANS) if kind == "small" else cells(content) * CELL


def fitted(content: str, kind: str, most: float) -> str:
    """Foreign text made safe and cut to `most` pixels."""
    content = safe(content)
    return sans_cut(content, SANS, most) if kind == "small" else cut(content, int(most / CELL))


def wrapped(content: str, kind: str, most: float) -> list[str]:
    """Foreign text made safe, in lines of at most `most` pixels: three of words, two of names."""
    content = safe(content)
    if kind == "small":
        return sans_wrap(content, SANS, most, 3)
    head, _, tail = content.rpartition(" ") if text_width(content, kind) > most else ("", "", content)
    return [cut(part, int(most / CELL)) for part in (head, tail) if part]


def box(node: str, tone: str, texts: list[tuple[str, str, str]], most: float, more: str = "") -> Box:
    """A box around texts of at most `most` pixels; it has no place yet."""
    short = [
        (line, kind, own) for content, kind, own in texts if content for line in wrapped(content, kind, most)
    ]
    width = max(text_width(content, kind) for content, kind, _ in short) + 2 * PAD
    return Box(node, 0, 0, width, LINE * len(short) + 12, tone, short, safe(more, 600))


# ---------------------------------------------------------------- the tree of a resolution

COLUMN_GAP = 46.0
ROW_GAP = 9.0
WIDEST = 250.0
WIDEST_TARGET = 57 * CELL
"""Enough for any address, with its number and transport."""
TONES = {
    "used": "", "barren": "quiet", "skipped": "quiet", "dropped": "quiet", "empty": "quiet", "failed": "bad",
    "more": "quiet",
}  # fmt: skip


def tree(graph: Graph) -> Picture:
    """The resolution from left to right, its targets in the last column, each level its own column."""
    boxes = {name: _tree_box(name, node) for name, node in graph.nodes.items()}
    depths = _depths(graph)
    for name in boxes:  # targets share the last column, so that the list reads from top to bottom
        if graph.nodes[name]["kind"] == "target":
            depths[name] = max(depths.values())
    columns: dict[int, float] = {}
    for name, made in boxes.items():
        columns[depths[name]] = max(columns.get(depths[name], 0.0), made.width)
    x, left = EDGE, dict[int, float]()
    for depth in sorted(columns):
        left[depth], x = x, x + columns[depth] + COLUMN_GAP
    picture = Picture(_tree_title(graph), _tree_desc(graph), width=x - COLUMN_GAP + EDGE)
    for name, made in boxes.items():
        made.x = left[depths[name]]
        made.width = columns[depths[name]] if graph.nodes[name]["kind"] == "target" else made.width
    bottom = _stack(graph, boxes, depths)
    picture.boxes, picture.height = list(boxes.values()), bottom - ROW_GAP + EDGE
    for a, b in graph.edges:
        picture.wires.append(_tree_wire(boxes[a], boxes[b], left[depths[b]], graph.nodes[b]["state"]))
    return picture


def _depths(graph: Graph) -> dict[str, int]:
    depths = {"host": 0}
    for name in graph:  # parents stand before their children
        for child in graph.succ[name]:
            depths[child] = depths[name] + 1
    return depths


def _tree_box(name: str, node: dict[str, Any]) -> Box:
    tone = TONES[node["state"]]
    quiet = tone if tone == "quiet" else ""
    more = " · ".join(filter(None, (node["label"], node["detail"], node["reason"])))
    number = node.get("number")
    if node["kind"] == "target":
        place = f"{number} " if number else ""
        texts = [(f"{place}{node['detail']} {node['label']}", "head" if number else "mono", quiet)]
        if not number:
            texts.append((node["reason"], "small", "quiet"))
        return box(name, "accent" if number else tone, texts, WIDEST_TARGET, more)
    if node["kind"] == "name":
        texts = [(node["label"], "head", ""), (node["reason"], "small", "bad")]
        return box(name, tone, texts, WIDEST, more)
    if node["kind"] == "question":
        texts = [(f"{node['detail']}: {node['label']}", "small", tone)]
    elif node["detail"].startswith("A"):  # the parent names the host already
        texts = [(f"{node['detail'].split()[0]} {node['label']}", "mono", quiet)]
    else:
        texts = [(node["detail"], "small", "quiet"), (node["label"], "mono", quiet)]
    if node["reason"] and node["state"] != "used":
        texts.append((node["reason"], "small", "warn" if tone == "quiet" else tone))
    return box(name, tone, texts, WIDEST, more)


def _stack(graph: Graph, boxes: dict[str, Box], depths: dict[str, int]) -> float:
    """Give every box its height above the ground: leaves below each other, parents in the middle of theirs.

    A parent that is taller than its children pushes what follows down. Returns the lowest edge.
    """
    cursor = EDGE
    lowest: dict[int, float] = {}

    def place(name: str) -> None:
        nonlocal cursor
        made, children = boxes[name], sorted(graph.succ[name], key=lambda n: graph.nodes[n]["order"])
        start = max(cursor, lowest.get(depths[name], EDGE))
        cursor = start
        if not children:
            made.y = start
        else:
            for child in children:
                place(child)
            middle = (boxes[children[0]].middle + boxes[children[-1]].middle) / 2
            made.y = max(start, middle - made.height / 2)
        cursor = max(cursor, made.y + made.height + ROW_GAP)
        lowest[depths[name]] = made.y + made.height + ROW_GAP

    place("host")
    return cursor


def _tree_wire(a: Box, b: Box, left: float, state: str) -> Wire:
    bend = left - COLUMN_GAP / 2
    points = ((a.right, a.middle), (bend, a.middle), (bend, b.middle), (b.x, b.middle))
    return Wire(points, "" if state == "used" else "quiet")


def _tree_title(graph: Graph) -> str:
    return f"Resolution of {safe(str(graph.nodes['host']['label']), 80)}"


def _tree_desc(graph: Graph) -> str:
    listed = sorted((n for n in graph.nodes.values() if n.get("number")), key=lambda n: n["number"])
    skipped = sum(1 for n in graph.nodes.values() if n["state"] in ("skipped", "dropped"))
    targets = "; ".join(f"{n['number']}: {n['detail']} {safe(n['label'])}" for n in listed) or "none"
    return f"Targets in the order of trying: {targets}. Records or addresses skipped: {skipped}."
