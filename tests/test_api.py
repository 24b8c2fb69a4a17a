"""The public names: what they return, what they refuse, and how they show themselves."""

from __future__ import annotations

import asyncio
import inspect
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

import pjresolve
from pjresolve import BadInput, Graph, Ladder, Picture, Prediction, Report, Scenario
from pjresolve.dns.live import LiveSource
from pjresolve.model import Answer, Query
from pjresolve.scenario.examples import bundled
from pjresolve.scenario.format import load_scenario
from pjresolve.scenario.snapshot import SnapshotSource
from tests.conftest import need_pandas
from tests.recordings.library import recorded_scenario

SIX = "sip6.voipgrid.nl"
PROXY = "sipproxy.voipgrid.nl"
DEAD = "15-dead-primary-short-expiration"
HEAVY = {"asyncio", "dns", "idna", "matplotlib", "networkx", "pandas", "typer", "yaml"}


def python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    return done.stdout


# ------------------------------------------------------------------ names


def test_importing_it_loads_nothing() -> None:
    loaded = set(python("import sys, pjresolve; print(*sys.modules)").split())
    assert not HEAVY & loaded
    assert {name for name in loaded if name.startswith("pjresolve.")} <= {"pjresolve.errors"}


def test_every_public_name_is_there_and_documented() -> None:
    assert dir(pjresolve) == sorted(pjresolve.__all__)
    for name in pjresolve.__all__:
        assert inspect.getdoc(getattr(pjresolve, name))
    text = (Path(__file__).parent.parent / "docs" / "api.md").read_text()
    assert [name for name in pjresolve.__all__ if f"`{name}" not in text] == []


def test_another_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = pjresolve.nothing  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "before",
    [
        "import pjresolve.dns.srv, pjresolve.prediction.run",
        "from pjresolve.prediction.run import simulate_scenario; from pjresolve.dns.srv import *",
        "pjresolve.simulate; import importlib; importlib.import_module('pjresolve.simulation.life')",
    ],
)
def test_a_function_keeps_its_name_from_the_subpackage(before: str) -> None:
    code = f"import pjresolve\n{before}\nprint(pjresolve.resolve.__name__, pjresolve.simulate.__name__)"
    assert python(code).split() == ["resolve", "simulate"]


@pytest.mark.parametrize("name", ["resolve", "call", "who", "trunk"])
def test_both_ways_to_ask_have_the_same_arguments(name: str) -> None:
    function, awaited = getattr(pjresolve, name), getattr(pjresolve, f"a{name}")
    assert inspect.signature(function) == inspect.signature(awaited)
    assert inspect.iscoroutinefunction(awaited)


# ------------------------------------------------------------------ resolve


def test_a_domain() -> None:
    found = pjresolve.resolve(SIX, offline=True)
    assert isinstance(found, Prediction)
    assert [t.transport.name for t in found.targets] == ["tcp6", "udp6"]
    assert found.verdict.startswith("registers at sbc-a.sip6.voipgrid.nl over TCP/IPv6")
    assert found.reasons


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"pin": "udp6"}, "over UDP/IPv6"),
        ({"pin": "tls6"}, "over TLS/IPv6"),
        ({"transports": "udp6,udp"}, "over UDP/IPv6"),
        ({"faults": "tcp=reject"}, "over UDP/IPv6"),
        ({"faults": ["tcp=reject", "udp=503"]}, "never registers"),
        ({"down": "ipv6", "until": "30s"}, "does not register within 30 s"),
        ({"ipv6": False, "until": 30}, "does not register within 30 s"),
        ({"dns_faults": f"{SIX} NAPTR=drop"}, "after 10 s"),
        ({"stack": "chan_sip"}, "over UDP/"),
    ],
    ids=str,
)
def test_one_thing_changed(options: dict[str, Any], said: str) -> None:
    assert said in pjresolve.resolve(SIX, offline=True, **options).verdict


def test_events_come_in_order() -> None:
    found = pjresolve.resolve(
        SIX, offline=True, until=1000, events=[(100, "tcp=reject"), ("5m", "*=down"), (500, "*=up")]
    )
    assert [(e.at, e.host) for e in found.scenario.events] == [
        (100, "2a06:2a80:1::60"), (300, "2a06:2a80:1::60"), (500, "2a06:2a80:1::60"),
    ]  # fmt: skip
    assert found.end == 1000


def test_a_seed_draws_the_weights() -> None:
    firsts = {pjresolve.resolve(PROXY, offline=True, seed=n).targets[0].address for n in range(20)}
    assert len(firsts) == 2


def test_a_prediction_can_be_run_again_from_its_scenario() -> None:
    found = pjresolve.resolve(PROXY, offline=True, down="ipv6")
    again = pjresolve.simulate(found.scenario)
    assert again.to_json() == found.to_json()
    parsed = Scenario.parse(found.scenario.to_yaml())
    assert pjresolve.simulate(parsed).to_json() == found.to_json()


def test_a_configuration(tmp_path: Path) -> None:
    conf = tmp_path / "pjsip.conf"
    conf.write_text(
        pjresolve.resolve(SIX, offline=True).scenario.pjsip
        + pjresolve.resolve(PROXY, offline=True, transports="udp").scenario.pjsip.replace(
            "[transport-", "[t-"
        )
    )
    assert pjresolve.resolve(config=conf, offline=True).registration == SIX
    assert pjresolve.resolve(PROXY, config=conf, offline=True).registration == PROXY
    found = pjresolve.resolve(config=conf, registration=PROXY, offline=True)
    assert len(found.targets) == 6
    assert found.scenario.registrations == [SIX, PROXY]


TWO = """\
[udp]
type=transport
protocol=udp
bind=0.0.0.0
[tcp]
type=transport
protocol=tcp
bind=0.0.0.0
[a]
type=registration
server_uri=sip:203.0.113.1
client_uri=sip:me@203.0.113.1
outbound_auth=me
[b]
type=registration
transport=udp
server_uri=sip:203.0.113.2
client_uri=sip:me@203.0.113.2
outbound_auth=me
[me]
type=auth
username=me
password=secret
"""


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A configuration with two registrations."""
    conf = tmp_path / "two.conf"
    conf.write_text(TWO)
    return conf


def test_several_registrations_come_back_as_several(two: Path) -> None:
    found = pjresolve.resolve(config=two, offline=True)
    assert [p.registration for p in found.registrations] == ["a", "b"]
    assert found is found.registrations[0]
    assert found.registrations[1].registrations == found.registrations
    assert found.stacks == (found,)
    alone = pjresolve.resolve(config=two, registration="b", offline=True)
    assert alone.registrations == (alone,)


def test_several_stacks_come_back_as_several(two: Path) -> None:
    found = pjresolve.resolve(config=two, offline=True, stack=["asterisk-22", "chan_sip"])
    assert [(p.registration, p.stack) for p in found.stacks] == [("a", "asterisk-22"), ("a", "chan_sip")]
    assert [p.registration for p in found.registrations] == ["a", "b"]
    assert [p.stack for p in found.stacks[1].registrations] == ["chan_sip", "chan_sip"]


def test_the_registrations_of_a_scenario_come_back_together() -> None:
    scenario = recorded_scenario("mr-tcp-two-names")
    found = pjresolve.simulate(scenario, registration="line1")
    assert found.registration == "line1"
    assert [p.registration for p in found.registrations] == ["line0", "line1"]
    assert found is found.registrations[1]
    assert len(found.to_json()["registrations"]) == 2
    assert sum(w.event == "connect" for p in found.registrations for w in p.wire()) == 1
    assert "line0: registers at a.example.net over TCP/IPv4" in str(found)


def test_a_pin_holds_for_the_registrations_of_a_configuration(two: Path) -> None:
    found = pjresolve.resolve(config=two, pin="tcp", offline=True)
    for prediction in found.registrations:
        sent = [str(a.target.transport.protocol) for a in prediction.attempts()]
        assert set(sent) <= {"tcp"}, "an IPv4 literal is tried over UDP, which the pin bars"
        again = pjresolve.simulate(prediction.scenario, registration=prediction.registration)
        assert again.to_json()["attempts"] == prediction.to_json()["attempts"]
    literal = TWO.replace("server_uri=sip:203.0.113.1", "server_uri=sip:203.0.113.1\\;transport=tcp")
    two.write_text(literal)
    pinned = pjresolve.resolve(config=two, registration="a", pin="tcp", offline=True)
    assert str(pinned.registered and pinned.registered.target) == "tcp 203.0.113.1:5060"
    assert pinned.outages()[0].prediction.registered is None
    assert "outbound_auth=me\ntransport=tcp\n[b]" in pinned.scenario.pjsip
    with pytest.raises(BadInput, match="pin: no transport is called 'x'"):
        pjresolve.resolve(config=two, pin="x", offline=True)


def test_includes_start_where_config_dir_says(two: Path) -> None:
    outer = two.parent / "elsewhere" / "pjsip.conf"
    outer.parent.mkdir()
    outer.write_text("#include two.conf\n")
    assert len(pjresolve.resolve(config=outer, config_dir=two.parent, offline=True).registrations) == 2
    pinned = pjresolve.resolve(config=outer, config_dir=two.parent, pin="tcp", offline=True)
    assert [o.prediction.registered for o in pinned.outages()] == [None], "the outages know the includes, too"


def test_a_registration_without_a_host_is_refused_from_every_source(tmp_path: Path) -> None:
    conf, zone = tmp_path / "pjsip.conf", tmp_path / "zone"
    conf.write_text("[r]\ntype=registration\nserver_uri=nonsense:\nclient_uri=sip:x@example.net\n")
    zone.write_text("")
    bundled_one = pjresolve.resolve(config=conf, offline=True)
    assert "is not a sip(s) uri" in bundled_one.verdict
    assert bundled_one.verdict == pjresolve.resolve(config=conf, zone=zone).verdict


def test_a_zone_and_a_snapshot(tmp_path: Path) -> None:
    zone = tmp_path / "zone"
    zone.write_text("sip.example.net. 300 IN A 203.0.113.1\n")
    assert str(pjresolve.resolve("sip.example.net", zone=zone).targets[0]) == "udp 203.0.113.1:5060"
    path = bundled(SIX)
    assert path is not None
    found = pjresolve.resolve(SIX, snapshot=str(path))
    assert found.to_json() == pjresolve.resolve(SIX, offline=True).to_json()


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: pjresolve.resolve(), "no domain and no config is given"),
        (lambda: pjresolve.resolve("a b", offline=True), "domain: "),
        (lambda: pjresolve.resolve("example.net", offline=True), "there are sip6.voipgrid.nl"),
        (lambda: pjresolve.resolve(SIX, offline=True, zone="x"), "zone and offline exclude each other"),
        (lambda: pjresolve.resolve(SIX, registration="x", offline=True), "registration: needs config"),
        (lambda: pjresolve.resolve(config="x", transports="udp"), "transports: goes without config"),
        (lambda: pjresolve.resolve(config="/no/such/file"), "/no/such/file"),
        (lambda: pjresolve.resolve(SIX, offline=True, pin="sctp"), "pin: no transport is called 'sctp'"),
        (lambda: pjresolve.resolve(SIX, config_dir="x", offline=True), "config_dir: needs config"),
        (lambda: pjresolve.resolve(SIX, offline=True, transports="sctp"), "transports: no transport"),
        (lambda: pjresolve.resolve(SIX, offline=True, transports=""), "transports: no transport is named"),
        (lambda: pjresolve.resolve(SIX, offline=True, stack=()), "stack: no stack is named"),
        (lambda: pjresolve.resolve(SIX, offline=True, faults="x"), "faults: 'x' says no behaviour"),
        (lambda: pjresolve.resolve(SIX, offline=True, faults="*=up"), "(write it in events)"),
        (lambda: pjresolve.resolve(SIX, offline=True, events=[(1, "x")]), "events: 'x' says no behaviour"),
        (lambda: pjresolve.resolve(SIX, offline=True, events=[("x", "*=up")]), "events: 'x' is no length"),
        (lambda: pjresolve.resolve(SIX, offline=True, down="a=b"), "(a behaviour belongs to faults)"),
        (lambda: pjresolve.resolve(SIX, offline=True, dns_faults="x"), "dns_faults: 'x' is no DNS fault"),
        (lambda: pjresolve.resolve(SIX, offline=True, until=0), "until: a run of no time"),
        (lambda: pjresolve.resolve(SIX, offline=True, until="soon"), "until: 'soon' is no length of time"),
        (lambda: pjresolve.resolve(SIX, offline=True, down="192.0.2.1"), "down 192.0.2.1 matches no target"),
        (lambda: pjresolve.resolve(SIX, offline=True, stack="chan_dahdi"), "stack: no stack is called"),
        (
            lambda: pjresolve.resolve(SIX, nameservers=["localhost"]),
            "nameservers: 'localhost' is no name server",
        ),
        (lambda: pjresolve.resolve(SIX, nameservers=["127.0.0.1"], timeout=0), "timeout: 0 s is no timeout"),
        (lambda: pjresolve.simulate("retry-aftr"), "did you mean retry-after?"),
        (lambda: pjresolve.simulate(Path("retry-after")), "cannot be read"),
        (lambda: pjresolve.simulate("18", registration="x"), "there is only provider"),
    ],
)
def test_what_cannot_be_used(call: Callable[[], object], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        call()
    assert said in str(caught.value)


# ------------------------------------------------------------------ live


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[Query]]:
    """The sets that were asked of live DNS, which is a bundled snapshot here."""
    path = bundled(SIX)
    assert path is not None
    snapshot = SnapshotSource(load_scenario(path))
    sets: list[list[Query]] = []

    async def ask(self: LiveSource, queries: Sequence[Query]) -> tuple[Answer, ...]:
        sets.append(list(queries))
        return tuple(snapshot.lookup(query) for query in queries)

    monkeypatch.setattr(LiveSource, "ask", ask)
    return sets


def test_live_answers_are_asked_for_set_by_set_and_kept(asked: list[list[Query]]) -> None:
    found = pjresolve.resolve(SIX, nameservers=["127.0.0.1#5300"])
    assert [len(queries) for queries in asked] == [6, 2]
    assert found.to_json() == pjresolve.resolve(SIX, offline=True).to_json()
    assert pjresolve.simulate(found.scenario).to_json() == found.to_json()


async def test_live_answers_inside_a_running_loop(asked: list[list[Query]]) -> None:
    both = await asyncio.gather(
        *(pjresolve.aresolve(SIX, nameservers=["127.0.0.1#5300"], pin=pin) for pin in ("udp6", "tls6"))
    )
    assert [p.targets[0].port for p in both] == [5060, 5061]
    assert pjresolve.resolve(SIX, nameservers=["127.0.0.1#5300"]).registered  # as in a notebook


async def test_an_address_needs_no_name_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a name server was wanted")

    monkeypatch.setattr(LiveSource, "__init__", refuse)
    assert (await pjresolve.aresolve("203.0.113.1")).registered
    assert pjresolve.resolve("[2001:db8::1]", offline=True).registered


def test_what_was_never_asked_is_not_guessed(asked: list[list[Query]]) -> None:
    found = pjresolve.resolve(SIX, nameservers=["127.0.0.1#5300"], pin="tls6")
    assert [len(queries) for queries in asked] == [3]
    with pytest.raises(BadInput, match=r"the snapshot holds no answer to SRV _sip\._tcp"):
        pjresolve.simulate(found.scenario.with_pjsip("transport=transport-tls6\n", ""))


# ------------------------------------------------------------------ Scenario


def test_a_scenario_changes_one_thing_at_a_time() -> None:
    scenario = Scenario.load(DEAD)
    assert pjresolve.simulate(scenario).unregistered == pytest.approx(76, abs=0.1)
    patient = scenario.with_pjsip("expiration=60", "expiration=3600")
    assert pjresolve.simulate(patient).unregistered == pytest.approx(32, abs=0.1)
    well = scenario.with_host("203.0.113.1", {"udp/5060": "ok"})
    assert pjresolve.simulate(well).unregistered == pytest.approx(0, abs=0.1)
    swapped = scenario.with_zone("SRV 20 10", "SRV 5 10")
    assert pjresolve.simulate(swapped).targets[0].address == "203.0.113.2"
    assert pjresolve.simulate(scenario.replace(duration=50)).end == 50
    assert pjresolve.simulate(scenario, until="50s").end == 50
    assert scenario == Scenario.load("15") != patient


def test_whoever_changes_a_scenario_expects_something_else() -> None:
    scenario = Scenario.load(DEAD)
    assert scenario.expect is not None
    assert scenario.with_host("203.0.113.1", "down").expect is None


def test_a_scenario_is_saved_and_read_back(tmp_path: Path) -> None:
    scenario = Scenario.load("22")
    scenario.save(tmp_path / "mine.yaml")
    again = Scenario.load(tmp_path / "mine.yaml")
    assert again.to_yaml() == scenario.to_yaml()
    assert pjresolve.simulate(again).to_json() == pjresolve.simulate("22").to_json()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s.with_pjsip("expiration=61", ""), "'expiration=61' is there nowhere"),
        (lambda s: s.with_pjsip("provider", ""), "is there 3 times"),
        (lambda s: s.with_pjsip("", "x"), "is there nowhere"),
        (lambda s: s.with_zone("\x1b[31m", "x"), "\\x1b[31m"),
        (lambda s: s.with_host("sip.example.net", "down"), "is no IP address"),
        (lambda s: s.with_host("203.0.113.1", {"udp/5060": "asleep"}), "asleep"),
        (lambda s: s.with_host("203.0.113.1", "asleep"), "down"),
        (lambda s: s.save("/no/such/folder/x.yaml"), "cannot be written"),
    ],
)
def test_a_change_that_cannot_be_made(change: Callable[[Scenario], object], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        change(Scenario.load(DEAD))
    assert said in str(caught.value)


def test_the_library_is_listed() -> None:
    assert list(pjresolve.scenarios().items())[17] == ("18-no-srv", "No SRV records")


# ------------------------------------------------------------------ Prediction


@pytest.fixture(scope="module")
def dead() -> Prediction:
    return pjresolve.simulate(DEAD)


def test_states_are_bands_without_gaps(dead: Prediction) -> None:
    bands = dead.to_records("states")
    assert [b["state"] for b in bands] == ["trying", *["registered", "lapsed"] * 2, "registered"]
    assert [b["start"] for b in bands[1:]] == [b["end"] for b in bands[:-1]]
    assert (bands[0]["start"], bands[-1]["end"]) == (0, dead.end)
    lapsed = sum(b["end"] - b["start"] for b in bands if b["state"] != "registered")
    assert lapsed == pytest.approx(dead.unregistered, abs=0.1)


@pytest.mark.parametrize(
    ("table", "member"), [("attempts", "attempts"), ("wire", "wire"), ("rounds", "rounds")]
)
def test_a_table_holds_what_the_json_holds(dead: Prediction, table: Any, member: str) -> None:
    rows, written = dead.to_records(table), dead.to_json()[member]
    assert len(rows) == len(written) > 0
    assert [row["t"] for row in rows] == [item["t"] for item in written]


@pytest.mark.parametrize("table", ["attempts", "targets", "states", "rounds", "wire", "outages"])
@pytest.mark.parametrize("scenario", [DEAD, "20-tls-only-refused"])
def test_frames_have_the_same_columns_with_and_without_rows(table: Any, scenario: str) -> None:
    need_pandas()
    found = pjresolve.simulate(scenario)
    rows, frame = found.to_records(table), found.to_frame(table)
    assert len(frame) == len(rows)
    assert all(list(frame.columns) == list(row) for row in rows)
    assert len(frame.columns) >= 3


def test_outages_are_simulations_of_their_own() -> None:
    found = pjresolve.resolve(SIX, offline=True)
    assert [row["without"] for row in found.to_records("outages")] == ["1", "1-2"]
    assert [row["t"] for row in found.to_records("outages")] == [135.5, None]
    first = found.outages()[0]
    assert first.blocked
    assert isinstance(first.prediction, Prediction)
    assert (
        first.prediction.to_json()["attempts"]
        == (pjresolve.resolve(SIX, offline=True, faults="tcp=drop").to_json()["attempts"])
    )


def test_without_pandas_a_frame_is_refused(dead: Prediction, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(BadInput, match=r"pandas is not installed \(pip install 'pjresolve\[notebook\]'"):
        dead.to_frame()


def test_a_word_that_names_nothing(dead: Prediction) -> None:
    with pytest.raises(BadInput, match="no table is called 'x'"):
        dead.to_records("x")  # type: ignore[arg-type]
    with pytest.raises(BadInput, match="no graph is called 'x'"):
        dead.graph("x")  # type: ignore[arg-type]


def test_it_prints_as_the_command_does(dead: Prediction) -> None:
    assert "lapsed" in str(dead)
    assert str(dead).endswith("as expected\n")
    assert repr(dead).startswith("<Prediction 'provider': registers at p2.example.net")


def test_the_ladder(dead: Prediction, tmp_path: Path) -> None:
    ladder = dead.ladder()
    assert isinstance(ladder, Ladder)
    assert max(map(len, str(ladder).splitlines())) <= 80
    assert ladder.mermaid.startswith("sequenceDiagram")
    for suffix, start in ((".svg", "<?xml"), (".mmd", "sequenceDiagram"), (".txt", " ")):
        ladder.save(tmp_path / f"ladder{suffix}")
        assert (tmp_path / f"ladder{suffix}").read_text().startswith(start)


@pytest.mark.parametrize(("which", "count"), [("resolution", 1), ("failover", 1), ("both", 2)])
def test_the_graphs(dead: Prediction, tmp_path: Path, which: Any, count: int) -> None:
    graph = dead.graph(which)
    assert isinstance(graph, Graph)
    assert len(graph.networkx) == count
    for suffix in (".svg", ".dot", ".mmd", ".graphml", ".json"):
        graph.save(tmp_path / f"graph{suffix}")
    assert json.loads((tmp_path / "graph.json").read_text())["nodes"]
    assert (tmp_path / "graph.svg").read_text() == graph.svg


def test_the_report(dead: Prediction, tmp_path: Path) -> None:
    report = dead.report()
    assert isinstance(report, Report)
    report.save(tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text() == report.html
    assert report._repr_html_().startswith("<iframe ")
    with pytest.raises(BadInput, match=r"end it in \.html"):
        report.save(tmp_path / "report.pdf")


@pytest.mark.parametrize("name", ["picture.png", "picture", ".svg"])
def test_a_suffix_nobody_writes_leaves_nothing_behind(dead: Prediction, tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match=r"use one of \.svg"):
        dead.graph().save(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_pictures_show_themselves(dead: Prediction) -> None:
    for picture in (dead.ladder(), dead.graph(), dead.timeline()):
        svg = picture._repr_svg_()
        assert svg is not None
        assert svg.startswith("<svg ")
    assert Picture("")._repr_svg_() is None
    assert 'src="data:image/svg+xml;base64,' in dead._repr_html_()
    refused = pjresolve.simulate("tls-only-refused")
    assert "<img" not in refused._repr_html_()
    assert "refused" in refused._repr_html_()


HOSTILE = """
pjsip: |
  [t]
  type=transport
  bind=0.0.0.0
  [<img src=x onerror=alert(1)>]
  type=registration
  server_uri=sip:203.0.113.1
  client_uri=sip:me@203.0.113.1
hosts: {203.0.113.1: {udp/5060: {status: 503, reason: "<b>&"}}}
duration: 40
"""


def test_hostile_names_are_escaped_where_they_are_shown() -> None:
    scenario = Scenario.parse(HOSTILE).replace(name="<script>alert(1)</script>\x1b[31m\u202e")
    found = pjresolve.simulate(scenario)
    pages = [scenario._repr_html_(), found._repr_html_(), found.report()._repr_html_()]
    pages += [p._repr_svg_() or "" for p in (found.ladder(), found.graph(), found.timeline())]
    for text in pages:
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    for text in [*pages, repr(scenario), repr(found), str(found)]:
        assert "\x1b" not in text
        assert "\u202e" not in text


# ------------------------------------------------------------------ what goes on beside registrations


@pytest.mark.parametrize(
    ("table", "scenario", "member"),
    [
        ("calls", "unavailable-or-busy", "calls"),
        ("contacts", "which-answer-is-reachable", "contacts"),
        ("incoming", "who-gets-in", "incoming"),
    ],
)
def test_a_table_of_the_trunk_holds_what_the_json_holds(table: Any, scenario: str, member: str) -> None:
    found = pjresolve.simulate(scenario)
    rows, told = found.to_records(table), found.to_json()[member]
    assert rows
    for row, one in zip(rows, told, strict=True):
        same = set(row) & set(one) - {"answered", "number"}
        assert {"t", "status", "why"} <= same
        assert {key: row[key] for key in same} == {key: one[key] for key in same}


def test_calls_say_whom_they_tried_and_who_answered() -> None:
    through, busy = pjresolve.simulate("unavailable-or-busy").to_records("calls")
    assert through["tried"] == ["udp 203.0.113.1:5060", "udp 203.0.113.2:5060"]
    assert (through["answered_by"], through["answered"]) == ("udp 203.0.113.2:5060", 5.0)
    assert (busy["tried"], busy["answered_by"], busy["status"]) == (["udp 203.0.113.3:5060"], None, 486)


def test_every_target_that_was_qualified_is_a_row() -> None:
    rows = pjresolve.simulate("qualify-hides-healthy-server").to_records("qualifies")
    assert {row["address"] for row in rows} == {"203.0.113.1"}
    assert [row["t"] for row in rows] == [0.0, 20.0, 40.0, 60.0]


def test_without_traffic_there_is_none(dead: Prediction) -> None:
    assert (dead.calls, dead.contacts, dead.incoming) == ((), (), ())
    for table in ("calls", "contacts", "qualifies", "incoming"):
        assert dead.to_records(table) == []


# ------------------------------------------------------------------ who gets in

DOOR = """
[udp]
type=transport
protocol=udp
bind=0.0.0.0
[itsp]
type=registration
server_uri=sip:sip.example.net
client_uri=sip:me@sip.example.net
contact_user=0201
line=yes
endpoint=itsp
[itsp]
type=endpoint
context=from-itsp
allow=alaw
[itsp]
type=identify
endpoint=itsp
match=203.0.113.10
"""


@pytest.fixture
def door(tmp_path: Path) -> Path:
    path = tmp_path / "pjsip.conf"
    path.write_text(DOOR)
    return path


def test_whose_a_request_is(door: Path) -> None:
    found = pjresolve.who(door, "203.0.113.10", headers={"X-A": "b"}, method="INVITE", port=5062)
    assert (found.well, found.gets_in, found.status) == (True, True, None)
    assert (found.endpoint, found.taken_for, found.matched_by) == ("itsp", "itsp", "ip")
    assert (found.context, found.extension) == ("from-itsp", "100")
    assert [look.identifier for look in found.looks] == ["line", "ip"]
    (row,) = found.to_records()
    assert row["source"] == "203.0.113.10"
    assert found.to_json()["request"]["port"] == 5062


def test_a_request_is_read_from_a_text_and_from_a_file(door: Path, tmp_path: Path) -> None:
    text = "INVITE sip:0201@198.51.100.10;line=abc SIP/2.0\nFrom: <sip:x@y.example>\nTo: <sip:0201@z>\n\n"
    (tmp_path / "invite.txt").write_text(text)
    by_text = pjresolve.who(door, "198.51.100.7", message=text)
    by_file = pjresolve.who(door, "198.51.100.7", message=tmp_path / "invite.txt")
    assert by_text.matched_by == by_file.matched_by == "line"
    assert str(by_text) == str(by_file)


def test_strangers_and_addresses_of_a_provider(door: Path, tmp_path: Path) -> None:
    zone = tmp_path / "zone"
    zone.write_text("sip.example.net. 300 IN A 203.0.113.10\nsip.example.net. 300 IN A 203.0.113.11\n")
    strangers = pjresolve.who(door, stranger=True)
    assert (strangers.well, strangers.matched_by) == (False, "username")
    found = pjresolve.who(door, provider="sip.example.net", zone=zone)
    assert not found.well
    assert [(row["source"], row["gets_in"]) for row in found.to_records()] == [
        ("203.0.113.10", True),
        ("203.0.113.11", False),
    ]
    door.write_text(
        DOOR.replace("match=203.0.113.10", "match=203.0.113.0/24").replace("allow", "auth=a\nallow")
    )
    closed = pjresolve.who(door, stranger=True)
    assert (closed.well, closed.gets_in, closed.endpoint, closed.looks, closed.why) == (
        True,
        False,
        None,
        (),
        "",
    )
    assert closed.to_records() == []


async def test_who_is_asked_inside_a_running_loop(door: Path) -> None:
    found, awaited = pjresolve.who(door, "203.0.113.10"), await pjresolve.awho(door, "203.0.113.10")
    assert found.to_json() == awaited.to_json()


def test_who_shows_itself_and_escapes(door: Path) -> None:
    found = pjresolve.who(door, "203.0.113.10", uri="sip:<b>@198.51.100.10")
    assert "<b>" not in found._repr_html_()
    assert repr(found).startswith("<Who itsp: ")
    assert str(found).startswith("INVITE sip:")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "nothing is asked (give one of source, message, stranger, provider)"),
        ({"source": "203.0.113.1", "stranger": True}, "only one thing can be asked: source, stranger"),
        ({"stranger": True, "headers": {"A": "b"}}, "headers: says nothing of stranger"),
        ({"source": "203.0.113.1", "port": 0}, "'0' is no port"),
        ({"source": "203.0.113.1", "headers": {"": "b"}}, "is no header"),
        ({"source": "203.0.113.1", "message": "nothing"}, "'nothing' begins no SIP request"),
    ],
)
def test_who_cannot_be_asked_everything(door: Path, options: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        pjresolve.who(door, **options)
    assert said in str(caught.value)
