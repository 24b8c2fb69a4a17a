"""Graphs laid out and written: nothing overlaps, texts fit, and every format reads back."""

from __future__ import annotations

import io
import itertools
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest

from pjresolve.errors import BadInput
from pjresolve.render.graph.failover import failover_graph
from pjresolve.render.graph.files import FORMATS, graph_dot, graph_graphml, graph_json, graph_writer
from pjresolve.render.graph.fold import folded
from pjresolve.render.graph.layout import Picture, Text
from pjresolve.render.graph.resolution import resolution_graph
from pjresolve.render.graph.svg import graph_picture, graph_svg
from pjresolve.render.mermaid import graph_mermaid
from tests.render.worlds import NAMES, in_a_row, predicted

ALL = [*NAMES, "hostile"]
BOTH = (resolution_graph, failover_graph)


def pictures(name: str) -> list[Picture]:
    return [graph_picture(make(predicted(name))) for make in BOTH]


def frame(text: Text) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a text."""
    return text.x, text.y - 11, text.x + text.width, text.y + 4


@pytest.mark.parametrize("name", ALL)
def test_no_two_boxes_or_labels_overlap(name: str) -> None:
    for picture in pictures(name):
        frames = [(b.x, b.y, b.right, b.y + b.height) for b in picture.boxes]
        frames += [frame(label) for label in picture.labels]
        for one, other in itertools.combinations(frames, 2):
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart, (one, other)


@pytest.mark.parametrize("name", ALL)
def test_every_text_fits_its_box_and_every_box_the_picture(name: str) -> None:
    for picture in pictures(name):
        for box in picture.boxes:
            assert box.x >= 0
            assert box.right <= picture.width
            assert box.y >= 0
            assert box.y + box.height <= picture.height
            for text in box.placed():
                left, top, right, bottom = frame(text)
                assert box.x < left
                assert right <= box.right - 4
                assert box.y < top
                assert bottom < box.y + box.height
        for label in picture.labels:
            assert frame(label)[2] <= picture.width
        for wire in picture.wires:
            assert all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in wire.points)


def test_thirty_two_targets_stand_in_one_column_in_their_order() -> None:
    resolution, failover = pictures("many")
    listed = [b for b in resolution.boxes if b.tone == "accent"]
    assert len(listed) == 32
    assert len({b.x for b in listed}) == 1
    ordered = sorted(listed, key=lambda b: b.y)
    assert [b.texts[0][0].split()[0] for b in ordered] == [str(n) for n in range(1, 33)]
    assert resolution.width < 1000
    assert [b.texts[0][0].split()[0] for b in failover.boxes] == ["itsp", "1-32"]


def test_skipped_branches_are_grey_and_labelled_with_the_reason() -> None:
    picture = pictures("base")[0]
    skipped = [b for b in picture.boxes if any("no TLS transport is configured" in t[0] for t in b.texts)]
    assert len(skipped) == 2
    assert {b.tone for b in skipped} == {"quiet"}


def test_the_edge_of_a_failover_says_outcome_and_seconds() -> None:
    labels = [label.content for label in pictures("udp-drop1")[1].labels]
    assert labels == ["no answer, 32 s", "200, at once"]


@pytest.mark.parametrize("name", ALL)
def test_the_svg_is_well_formed_and_holds_no_script(name: str) -> None:
    for graphs in ([make(predicted(name)) for make in BOTH], [resolution_graph(predicted(name))]):
        root = ElementTree.fromstring(graph_svg(*graphs))
        tags = {element.tag.partition("}")[2] for element in root.iter()}
        assert tags <= {"svg", "title", "desc", "style", "rect", "path", "polygon", "text", "g"}
        attributes = {key for element in root.iter() for key in element.attrib}
        assert not {key for key in attributes if key.startswith("on") or key.endswith("href")}


@pytest.mark.parametrize("name", ALL)
def test_graphml_reads_back_as_the_same_graph(name: str) -> None:
    graph = failover_graph(predicted(name))
    read = nx.read_graphml(io.BytesIO(graph_graphml(graph).encode()))
    assert len(read) == len(graph)
    assert read.number_of_edges() == graph.number_of_edges()
    assert sorted(d["kind"] for _, d in read.nodes(data=True)) == sorted(
        n["kind"] for n in graph.nodes.values()
    )


@pytest.mark.parametrize("name", ALL)
def test_json_reads_back_as_the_same_graph(name: str) -> None:
    graph = resolution_graph(predicted(name))
    read = nx.node_link_graph(json.loads(graph_json(graph)), edges="links")
    assert list(read) == list(graph)
    assert set(read.edges) == set(graph.edges)


def test_two_graphs_in_one_file_keep_their_nodes_apart() -> None:
    prediction = predicted("udp-drop1")
    graphs = [make(prediction) for make in BOTH]
    whole = json.loads(graph_json(*graphs))
    assert len(whole["nodes"]) == sum(map(len, graphs))
    assert {node["part"] for node in whole["nodes"]} == {"resolution", "failover"}
    assert graph_dot(*graphs).count("subgraph cluster_") == 2
    assert graph_mermaid(*graphs).count("subgraph ") == 2


DOT_LINE = re.compile(
    r'\s*(digraph pjresolve \{|subgraph cluster_\d \{|\}|label="(?:[^"\\]|\\.)*"'
    r"|(?:graph|node|edge|g?\d*n\d+|g\dn\d+( -> g\dn\d+)?|n\d+( -> n\d+)?)"
    r'( \[(?:\w+=(?:"(?:[^"\\]|\\.)*"|\w+)(?:, )?)+\])?)'
)


@pytest.mark.parametrize("name", ALL)
def test_dot_is_one_statement_a_line_whatever_the_names(name: str) -> None:
    for line in graph_dot(*(make(predicted(name)) for make in BOTH)).splitlines():
        assert DOT_LINE.fullmatch(line), line


MERMAID_LINE = re.compile(
    r"\s*(flowchart (LR|TD)|subgraph g\d \[\w+\]|direction (LR|TD)|end|classDef \w+ [\w#:,\- ]+"
    r'|g?\d?n\d+\["[^"]*"\](:::\w+)?|g?\d?n\d+ (-->|-\.->)(\|"[^"|]*"\|)? ?g?\d?n\d+)'
)


@pytest.mark.parametrize("name", ALL)
def test_mermaid_is_one_statement_a_line_whatever_the_names(name: str) -> None:
    for line in graph_mermaid(*(make(predicted(name)) for make in BOTH)).splitlines():
        assert MERMAID_LINE.fullmatch(line), line
        shown = "".join(re.findall(r'"([^"]*)"', line)).replace("<br/>", "")
        assert not set(re.sub(r"#\d+;", "", shown)) & set("<>;#%&`"), line


@pytest.mark.parametrize("name", ["x.png", "x", "x.svg.gz", ".svg"])
def test_an_unknown_suffix_names_those_that_exist(name: str) -> None:
    with pytest.raises(BadInput, match=re.escape(".svg, .dot, .mmd, .graphml, .json")):
        graph_writer(Path(name))


def test_a_suffix_may_be_in_capitals() -> None:
    assert graph_writer(Path("X.SVG")) is FORMATS[".svg"]


def test_targets_with_which_the_same_happens_are_one_box() -> None:
    found = failover_graph(in_a_row(["silent"] * 6 + ["ok"] + ["ok"] * 5))
    drawn = folded(found)
    boxes = [node["number"] for node in drawn.nodes.values() if node["kind"] == "target"]
    assert boxes == [1, 7, 8]
    first, _, untried = (node for node in drawn.nodes.values() if node["kind"] == "target")
    assert first["last"] == (6, "203.0.113.6:5060")
    assert untried["last"] == (12, "203.0.113.12:5060")
    assert len(found) == 14, "the graph itself has them all: twelve, the start and the end"
    svg = graph_svg(found)
    assert "1-6 UDP/IPv4 203.0.113.1:5060 … 203.0.113.6:5060" in svg
    assert len(re.findall(">no answer[^<]*32 s<", svg)) == 1


def test_a_target_with_which_something_else_happens_stays_apart() -> None:
    drawn = folded(failover_graph(in_a_row(["silent"] * 4 + [{"status": 503}] + ["silent"] * 3 + ["ok"])))
    boxes = [node["number"] for node in drawn.nodes.values() if node["kind"] == "target"]
    assert boxes == [1, 5, 6, 7, 8, 9], "three are not folded"
