"""A graph as SVG, drawn by the package itself.

Rules of this file: it draws what the layout placed, and places nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pjresolve.render.graph.chain import chain
from pjresolve.render.graph.layout import EDGE, Picture, Wire, text_width
from pjresolve.render.graph.tree import tree
from pjresolve.render.label import safe
from pjresolve.render.svg import Svg
from pjresolve.render.tones import css
from pjresolve.story.lines import Tone

if TYPE_CHECKING:
    import networkx as nx

HEADING = 36.0
"""Pixels that the title of one of several graphs takes."""


def graph_picture(graph: nx.DiGraph[str]) -> Picture:
    """The layout that belongs to a graph's kind."""
    return tree(graph) if graph.graph["kind"] == "resolution" else chain(graph)


def graph_svg(*graphs: nx.DiGraph[str], inline: bool = False) -> str:
    """The graph as a picture: a file of its own, or (`inline`) for a page that holds the stylesheet.

    Several graphs stand below each other, each under its title.
    """
    pictures = [graph_picture(graph) for graph in graphs]
    title, desc = "; ".join(p.title for p in pictures), " ".join(p.desc for p in pictures)
    svg = Svg(title, desc, ident="-".join(graph.graph["kind"] for graph in graphs) + "-graph")
    y = 0.0
    for picture in pictures:
        if len(pictures) > 1:
            svg.text(EDGE, y + 28, picture.title, "head")
            y += HEADING
        with svg.group(transform=f"translate(0 {y:.1f})" if y else None):
            _draw(svg, picture)
        y += picture.height
    draw = svg.inline if inline else svg.document
    return draw(max(_width(p, len(pictures) > 1) for p in pictures), y)


def _width(picture: Picture, titled: bool) -> float:
    """Pixels that a picture needs, its title included where it is drawn."""
    return max(picture.width, 2 * EDGE + text_width(picture.title, "head") if titled else 0.0)


def _draw(svg: Svg, picture: Picture) -> None:
    for wire in sorted(picture.wires, key=lambda w: w.tone is not Tone.QUIET):
        _wire(svg, wire)
    for box in picture.boxes:
        with svg.group(title=box.more, data_node=safe(box.node), class_="node"):
            place = {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
            svg.add("rect", **place, rx=5, class_=css("box", box.tone))
            for text in box.placed():
                svg.text(text.x, text.y, text.content, css(text.kind, text.tone))
    for label in picture.labels:
        svg.text(label.x, label.y, label.content, css(label.kind, label.tone or Tone.QUIET))


def _wire(svg: Svg, wire: Wire) -> None:
    (x0, y0), (x, y) = wire.points[-2:]
    dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
    path = "M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in (*wire.points[:-1], (x - 5 * dx, y - 5 * dy)))
    svg.add("path", d=path, class_=css("wire", wire.tone))
    a, b = (x - 8 * dx - 4 * dy, y - 8 * dy - 4 * dx), (x - 8 * dx + 4 * dy, y - 8 * dy + 4 * dx)
    points = f"{x:.1f},{y:.1f} {a[0]:.1f},{a[1]:.1f} {b[0]:.1f},{b[1]:.1f}"
    svg.add("polygon", points=points, class_=css("tip", wire.tone))
