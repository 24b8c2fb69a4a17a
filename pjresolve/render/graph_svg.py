"""A graph as SVG, drawn by the package itself.

Rules of this file: it draws what the layout placed, and places nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pjresolve.render.graph_chain import chain
from pjresolve.render.graph_layout import Picture, Wire, tree
from pjresolve.render.svg import Svg

if TYPE_CHECKING:
    import networkx as nx


def graph_picture(graph: nx.DiGraph[str]) -> Picture:
    """The layout that belongs to a graph's kind."""
    return tree(graph) if graph.graph["kind"] == "resolution" else chain(graph)


def graph_svg(graph: nx.DiGraph[str], *, inline: bool = False) -> str:
    """The graph as a picture: a file of its own, or (`inline`) for a page that holds the stylesheet."""
    picture = graph_picture(graph)
    svg = Svg(picture.title, picture.desc, ident=f"{graph.graph['kind']}-graph")
    for wire in sorted(picture.wires, key=lambda w: w.tone != "quiet"):
        _wire(svg, wire)
    for box in picture.boxes:
        with svg.group(title=box.more, data_node=box.node, class_="node"):
            svg.add(
                "rect",
                x=box.x,
                y=box.y,
                width=box.width,
                height=box.height,
                rx=5,
                class_=f"box {box.tone}".strip(),
            )
            for text in box.placed():
                svg.text(text.x, text.y, text.content, f"{text.kind} {text.tone}".strip())
    for label in picture.labels:
        svg.text(label.x, label.y, label.content, f"{label.kind} {label.tone or 'quiet'}")
    draw = svg.inline if inline else svg.document
    return draw(picture.width, picture.height)


def _wire(svg: Svg, wire: Wire) -> None:
    kind = f"wire {wire.tone}".strip()
    (x0, y0), (x, y) = wire.points[-2:]
    dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
    path = "M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in (*wire.points[:-1], (x - 5 * dx, y - 5 * dy)))
    svg.add("path", d=path, class_=kind)
    a, b = (x - 8 * dx - 4 * dy, y - 8 * dy - 4 * dx), (x - 8 * dx + 4 * dy, y - 8 * dy + 4 * dx)
    points = f"{x:.1f},{y:.1f} {a[0]:.1f},{a[1]:.1f} {b[0]:.1f},{b[1]:.1f}"
    svg.add("polygon", points=points, class_=f"tip {wire.tone}".strip())
