"""The two graphs: what stands in them agrees with the prediction they are made of."""

from __future__ import annotations

import networkx as nx
import pytest

from pjresolve.render.graph import resolution as graphs
from pjresolve.render.graph.failover import failover_graph
from pjresolve.render.graph.resolution import resolution_graph
from pjresolve.sip.outcome import Ending
from pjresolve.trace import Answered, RecordSkipped, RecordUsed
from tests.render.worlds import NAMES, predicted


def numbered(graph: nx.DiGraph[str]) -> list[tuple[str, str]]:
    """The listed targets of a resolution's graph, in their order."""
    listed = sorted((n for n in graph.nodes.values() if n.get("number")), key=lambda n: n["number"])
    return [(node["detail"], node["label"]) for node in listed]


@pytest.mark.parametrize("name", [*NAMES, "hostile"])
def test_the_resolution_is_a_tree_that_ends_in_the_target_list(name: str) -> None:
    prediction = predicted(name)
    graph = resolution_graph(prediction)
    assert nx.is_arborescence(graph)
    wanted = [(str(t.transport), t.socket) for t in prediction.targets if t.provenance]
    if prediction.resolution and prediction.resolution.asked:
        assert numbered(graph) == wanted


@pytest.mark.parametrize("name", NAMES)
def test_every_record_and_every_empty_answer_is_in_the_graph(name: str) -> None:
    prediction = predicted(name)
    graph = resolution_graph(prediction)
    events = prediction.resolution.events if prediction.resolution else ()
    records = sum(isinstance(event, RecordUsed | RecordSkipped) for event in events)
    empty = sum(
        isinstance(e, Answered) and not any(r.rtype == e.answer.query.rtype for r in e.answer.records)
        for e in events
    )
    kinds = [node["kind"] for node in graph.nodes.values()]
    assert (kinds.count("record"), kinds.count("question")) >= (records, empty)


def test_a_skipped_branch_says_why_and_which_recording_shows_it() -> None:
    graph = resolution_graph(predicted("base"))
    skipped = [n for n in graph.nodes.values() if n["state"] == "skipped"]
    assert {n["reason"] for n in skipped} >= {"no TLS transport is configured"}
    assert all(node["reason"] and node["evidence"] for node in skipped)
    barren = [n["label"] for n in graph.nodes.values() if n["state"] == "barren"]
    assert "20 10 5060 p2.example.net" in barren


def test_the_same_address_under_two_records_stands_below_each() -> None:
    graph = resolution_graph(predicted("all-srv"))
    parents = {next(iter(graph.pred[name])) for name, node in graph.nodes.items() if node.get("number")}
    assert len(parents) >= 2
    for parent in parents:
        below = [graph.nodes[child]["detail"].split("/")[0] for child in graph.succ[parent]]
        assert len(set(below)) == 1, "a record leads to targets of one protocol"


def test_a_refused_object_is_one_node_with_the_reason() -> None:
    graph = resolution_graph(predicted("nosrv-tcponly"))
    assert len(graph) == 1
    assert "UDP/IPv4" in graph.nodes["host"]["reason"]


def test_a_graph_is_bounded_and_keeps_its_targets(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = resolution_graph(predicted("many"))
    monkeypatch.setattr(graphs, "MOST_NODES", 60)
    cut = resolution_graph(predicted("many"))
    assert len(cut) <= 61 < len(whole)
    assert numbered(cut) == numbered(whole)
    assert len(numbered(cut)) == 32
    assert cut.nodes["more"]["label"].endswith("more")


# ---------------------------------------------------------------- failover


@pytest.mark.parametrize("name", NAMES)
def test_every_attempted_target_is_tried_and_every_other_is_not(name: str) -> None:
    prediction = predicted(name)
    graph = failover_graph(prediction)
    ended = {
        str(a.target) for a in prediction.attempts() if a.ended is not None and a.outcome != Ending.UNSUITABLE
    }
    tried = {name for name, node in graph.nodes.items() if node["state"] == "tried"}
    assert tried == ended
    listed = {name for name, node in graph.nodes.items() if node["kind"] == "target"}
    assert listed >= {str(target) for target in prediction.targets}
    assert nx.is_weakly_connected(graph)


def test_the_edge_to_the_next_target_has_outcome_seconds_and_count() -> None:
    graph = failover_graph(predicted("rereg-primary-dead"))
    edge = graph.edges["udp [2001:db8:5::1]:5060", "udp 203.0.113.1:5060"]
    assert (edge["outcome"], edge["seconds"], edge["count"]) == ("timeout", 32.0, 3)
    end = graph.edges["udp 203.0.113.1:5060", "registered"]
    assert (end["outcome"], end["label"], end["count"]) == ("registered", "200", 3)
    assert graph.edges["registered", "start"]["seconds"] == 50.0


def test_what_a_connect_without_answer_blocks_leads_to_waiting() -> None:
    graph = failover_graph(predicted("base"))
    assert graph.edges["tcp 203.0.113.1:5060", "waiting"]["outcome"] == "blocked"
    assert not graph.has_edge("tcp [2001:db8:5::1]:5060", "waiting"), (
        "the round that the run cut off has no end"
    )


@pytest.mark.parametrize(
    ("name", "end"), [("udp-drop1", "registered"), ("auth-reject", "rejected"), ("dns-nxdomain", "waiting")]
)
def test_a_run_ends_where_the_prediction_says(name: str, end: str) -> None:
    graph = failover_graph(predicted(name))
    assert [n for n in graph if n in ("registered", "waiting", "rejected")] == [end]


def test_a_round_without_targets_goes_from_start_to_waiting() -> None:
    edge = failover_graph(predicted("dns-nxdomain")).edges["start", "waiting"]
    assert edge["label"] == "no target"


def test_a_target_of_the_wrong_type_is_skipped_with_the_reason() -> None:
    node = failover_graph(predicted("all-srv-pinned-udp")).nodes["udp [2001:db8:5::1]:5060"]
    assert node["state"] == "skipped"
    assert "pinned" in node["reason"]
