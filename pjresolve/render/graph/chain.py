"""The chain of a failover: targets below each other, the ends beside them.

Rules of this file:
- an edge's label stands right of it, in the gap that its two boxes leave;
- targets with which the same happens are one box, and the label below it holds for each of them;
- an edge to an end leaves its target to the right; its label stands above it, in the target's row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pjresolve.render.graph.fold import folded
from pjresolve.render.graph.layout import EDGE, LINE, PAD, Box, Picture, Text, Wire, box, fitted, text_width
from pjresolve.render.graph.resolution import ANSWERED, FAILS, name_of
from pjresolve.render.label import safe
from pjresolve.sip.outcome import Ending
from pjresolve.story.lines import STATE_TONES, Tone, ending_tone
from pjresolve.words import span

if TYPE_CHECKING:
    import networkx as nx

    Graph = nx.DiGraph[str]

GAP, SHORT_GAP = 36.0, 12.0
"""Pixels between two boxes, with and without a label."""
SIDE, WIRE = 26.0, 24.0
"""Pixels beside a box, and from its left to the wire that goes on downward."""
WIDEST, WIDEST_END, WIDEST_LABEL = 460.0, 250.0, 440.0
TONES = {"tried": Tone.PLAIN, "untried": Tone.QUIET, "skipped": Tone.QUIET}


def chain(graph: Graph) -> Picture:
    """The failover from top to bottom."""
    picture = Picture(f"Failover of {safe(name_of(graph), 80)}", _desc(graph))
    graph = folded(graph)
    boxes = {name: _box(name, node, graph) for name, node in graph.nodes.items()}
    column = [name for name, node in graph.nodes.items() if node["kind"] != "end"]
    ends = [name for name, node in graph.nodes.items() if node["kind"] == "end"]
    width = max(boxes[name].width for name in column)
    y = EDGE
    for number, name in enumerate(column):
        placed = boxes[name]
        placed.x, placed.y, placed.width = EDGE, y, width
        placed.height = max(placed.height, 2 * LINE * len(_to_ends(graph, name)))
        following = column[number + 1] if number + 1 < len(column) else None
        y = (
            placed.y
            + placed.height
            + (GAP if following is None or _labelled(graph, name, following) else SHORT_GAP)
        )
    right = EDGE + width
    labels = [edge_label(graph.edges[a, b]) for a, b in graph.edges if graph.nodes[b]["kind"] == "end"]
    room = max([text_width(text, "small") for text in labels] or [0.0]) + 2 * SIDE
    below = [edge_label(graph.edges[a, b]) for a, b in graph.edges if graph.nodes[b]["kind"] == "target"]
    reach = max([text_width(text, "small") for text in below] or [0.0])  # from the column's wire on
    room = max(room, EDGE + WIRE + PAD + reach + SIDE - right)
    low = _place_ends(graph, boxes, ends, right + room)
    picture.boxes = list(boxes.values())
    _downward(picture, graph, boxes, column)
    _to_the_ends(picture, graph, boxes, column, right + room)
    far = _back(picture, graph, boxes, ends)
    picture.width = (
        max([b.right for b in picture.boxes] + [t.x + t.width for t in picture.labels] + [far]) + EDGE
    )
    picture.height = max([b.y + b.height for b in picture.boxes] + [low]) + EDGE
    return picture


END_TONES = {
    **{state.value: tone for state, tone in STATE_TONES.items()},
    ANSWERED: Tone.GOOD,
    FAILS: Tone.BAD,
}
"""Of the states of a registration, and of the ends of a call."""


def _box(name: str, node: dict[str, Any], graph: Graph) -> Box:
    more = " · ".join(filter(None, (node["label"], node["detail"], node["reason"])))
    if node["kind"] == "end":
        tone = END_TONES[name]
        texts = [(node["label"], "head", tone)]
        texts += [(_next_round(graph, name), "small", Tone.PLAIN), (node["reason"], "small", Tone.QUIET)]
        return box(name, tone, texts, WIDEST_END, more)
    if node["kind"] == "start":
        return box(
            name,
            Tone.ACCENT,
            [
                (node["label"], "head", Tone.PLAIN),
                (node["detail"], "small", Tone.BAD if node["reason"] else Tone.QUIET),
                (node["reason"], "small", Tone.PLAIN),
            ],
            WIDEST,
            more,
        )
    number = f"{node['number']} " if node["number"] else ""
    tone = TONES[node["state"]]
    label = node["label"]
    if "last" in node:
        last, other = node["last"]
        number, label = f"{node['number']}-{last} ", f"{label} … {other}"
    texts = [(f"{number}{node['detail']} {label}", "head" if not tone else "mono", tone)]
    if node["state"] == "skipped":
        texts.append((f"skipped: {node['reason']}", "small", Tone.WARN))
    return box(name, tone, texts, WIDEST, more)


def _next_round(graph: Graph, end: str) -> str:
    if not graph.has_edge(end, "start"):
        return ""
    return f"next round after {span(graph.edges[end, 'start']['seconds'])}"


def edge_label(edge: dict[str, Any]) -> str:
    """An edge in words: what happened, how long it took, how often."""
    label = edge["label"]
    if edge["tried"] and (edge["seconds"] or edge["outcome"]):
        took = span(edge["seconds"]) if edge["seconds"] else "at once"
        label = f"{label}, {took}" if label else took
    if edge["count"] > 1 and label:
        label += f" ×{edge['count']:,}"
    return fitted(label, "small", WIDEST_LABEL)


def _labelled(graph: Graph, a: str, b: str) -> bool:
    return graph.has_edge(a, b) and graph.edges[a, b]["tried"] and bool(edge_label(graph.edges[a, b]))


def _tone(edge: dict[str, Any]) -> Tone:
    """That of the ending, where the edge stands for one kind of it."""
    if not edge["tried"]:
        return Tone.QUIET
    outcome = edge["outcome"]
    if not outcome:
        return Tone.PLAIN
    return next((ending_tone(ending) for ending in Ending if ending == outcome), Tone.BAD)


def _to_ends(graph: Graph, name: str) -> list[str]:
    return [b for b in graph.succ[name] if graph.nodes[b]["kind"] == "end"]


def _place_ends(graph: Graph, boxes: dict[str, Box], ends: list[str], x: float) -> float:
    """Each end beside the first that leads to it, below the end before; returns the lowest edge."""
    low = EDGE
    for name in sorted(ends, key=lambda end: min(boxes[a].y for a in graph.pred[end])):
        first = min((boxes[a] for a in graph.pred[name]), key=lambda b: b.y)
        placed = boxes[name]
        placed.x, placed.y = x, max(low, first.middle - placed.height / 2)
        low = placed.y + placed.height + GAP / 2
    return low - GAP / 2


def _downward(picture: Picture, graph: Graph, boxes: dict[str, Box], column: list[str]) -> None:
    """Edges within the column: straight to the next box, to any other around the left."""
    for a, b in graph.edges:
        if a not in column or b not in column or a == b:
            continue
        edge, one, other = graph.edges[a, b], boxes[a], boxes[b]
        x = one.x + WIRE
        if column.index(b) == column.index(a) + 1:
            picture.wires.append(Wire(((x, one.y + one.height), (x, other.y)), _tone(edge)))
            if _labelled(graph, a, b):
                text, y = edge_label(edge), one.y + one.height + GAP / 2 + 4
                picture.labels.append(Text(x + PAD, y, text, "small", _tone(edge), text_width(text, "small")))
        else:
            points = (
                (one.x, one.middle),
                (EDGE / 2, one.middle),
                (EDGE / 2, other.middle),
                (other.x, other.middle),
            )
            picture.wires.append(Wire(points, _tone(edge)))


def _to_the_ends(picture: Picture, graph: Graph, boxes: dict[str, Box], column: list[str], x: float) -> None:
    arriving: dict[str, int] = {}
    for name in column:
        leaving = _to_ends(graph, name)
        for place, end in enumerate(leaving):
            edge, one, other = graph.edges[name, end], boxes[name], boxes[end]
            y = one.middle + 2 * LINE * (place - (len(leaving) - 1) / 2) + (2 if len(leaving) > 1 else 0)
            arriving[end] = arriving.get(end, 0) + 1
            goal = min(max(y, other.y + 6), other.y + other.height - 6)
            bend = x - SIDE / 2
            points = (
                ((one.right, y), (bend, y), (bend, goal), (other.x, goal))
                if goal != y
                else ((one.right, y), (other.x, y))
            )
            picture.wires.append(Wire(points, _tone(edge)))
            text = edge_label(edge)
            width = text_width(text, "small")
            picture.labels.append(Text(one.right + PAD, y - 6, text, "small", _tone(edge), width))


def _back(picture: Picture, graph: Graph, boxes: dict[str, Box], ends: list[str]) -> float:
    """The way from an end into the next round, around the right; returns how far it goes."""
    start = boxes["start"]
    returning = [name for name in ends if graph.has_edge(name, "start")]
    far = max([boxes[name].right for name in ends] or [0.0])
    for place, name in enumerate(sorted(returning, key=lambda end: boxes[end].y)):
        one, x = boxes[name], far + SIDE / 2 + 12 * place
        y = start.y + 8 + 6 * place
        points = ((one.right, one.middle), (x, one.middle), (x, y), (start.right, y))
        picture.wires.append(Wire(points, Tone.QUIET))
    return far + SIDE / 2 + 12 * max(0, len(returning) - 1) if returning else far


def _desc(graph: Graph) -> str:
    words = []
    for a, b, edge in graph.edges(data=True):
        if edge["tried"] and edge["label"]:
            one, other = (safe(graph.nodes[name]["label"], 60) for name in (a, b))
            words.append(f"{one} to {other}: {edge_label(edge)}")
    shown = "; ".join(words[:40]) or "nothing was tried"
    return f"{shown}{'; and more' if len(words) > 40 else ''}."
