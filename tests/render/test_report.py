"""The report as a document: what stands in it, what its policy allows, and what it leaves out."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml

from pjresolve.errors import Location
from pjresolve.lint.finding import Finding, Severity
from pjresolve.prediction.run import simulate_scenario
from pjresolve.render.html import dns as html_dns
from pjresolve.render.html import overview
from pjresolve.render.html.overview import Part, several_html
from pjresolve.render.html.report import (
    LEFT_OUT,
    findings_section,
    foreign_lines,
    report_html,
    scenario_section,
)
from pjresolve.scenario.format import parse_scenario, scenario_to_yaml
from tests.render.worlds import BIDI, DRAWN, MARKUP, in_a_row, predicted, scenario

Report = Callable[[str], Path]
PAGES = [*DRAWN, "hostile"]


class Reader(HTMLParser):
    """Collects elements, and the text of those with an id."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, str] = {}
        self.rows: dict[str, list[str]] = {}
        """For each id, the rows inside of it."""
        self._open: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert not self._open, "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {key: value or "" for key, value in attrs}
        self.elements.append((tag, found))
        if tag == "tr":
            for _, ident in self._open:
                self.rows.setdefault(ident, []).append(found.get("class", ""))
        if tag not in ("meta", "input", "br"):
            self._open.append((tag, found.get("id", "")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, ident in self._open:
            if ident:
                self.texts[ident] = self.texts.get(ident, "") + data


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_well_formed_and_refers_to_nothing_outside(report: Report, name: str) -> None:
    page = Reader(report(name).read_text(encoding="utf-8"))
    for tag, attributes in page.elements:
        assert tag not in ("link", "img", "iframe", "object", "embed", "form", "base")
        assert not any(key.startswith("on") or key in ("src", "style", "srcset") for key in attributes)
        assert attributes.get("href", "#").startswith("#")
    idents = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(idents) == len(set(idents))
    targets = {a["href"][1:] for _, a in page.elements if "href" in a}
    assert targets <= set(idents)


@pytest.mark.parametrize("name", PAGES)
def test_only_the_two_blocks_of_the_page_itself_are_allowed(report: Report, name: str) -> None:
    text = report(name).read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy is not None
    assert text.index("Content-Security-Policy") < text.index("<style>")
    for tag in ("style", "script"):
        blocks = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert len(blocks) == 1
        digest = base64.b64encode(hashlib.sha256(blocks[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy[1]
    assert policy[1].startswith("default-src 'none';")


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_small(report: Report, name: str) -> None:
    assert report(name).stat().st_size < 1_000_000


def test_hostile_names_are_text_and_nothing_else(report: Report) -> None:
    text = report("hostile").read_text(encoding="utf-8")
    assert MARKUP not in text
    assert "<svg onload" not in text
    assert "&lt;script&gt;alert(1)" in text
    assert not set(BIDI[0] + "\x1b\x07") & set(text)


@pytest.mark.parametrize("name", ["udp-drop1", "base", "tls-good", "event-tcp-outage"])
def test_the_scenario_in_the_page_predicts_the_same(report: Report, name: str) -> None:
    shown = Reader(report(name).read_text(encoding="utf-8")).texts["yaml"]
    again = simulate_scenario(parse_scenario(shown, name="copied", folder=None))
    assert again.to_json() == predicted(name).to_json()


def test_secrets_are_left_out() -> None:
    kept = scenario("udp-drop1")
    pjsip = kept.pjsip + "\n[more]\ntype=auth\nusername=u\n Password = tops;ecret\nmd5_cred => tops3cret\n"
    text = report_html(replace(predicted("udp-drop1"), scenario=replace(kept, pjsip=pjsip)))
    assert not re.search("tops.?ecret", text)
    found: dict[str, Any] = yaml.safe_load(Reader(text).texts["yaml"])
    assert f"Password = {LEFT_OUT}" in found["pjsip"]
    assert "secrets are replaced" in text


def test_a_page_without_graphs_or_findings_has_no_empty_parts() -> None:
    text = report_html(predicted("nosrv-tcponly"))
    sections = re.findall(r'<section id="(\w+)"', text)
    assert sections == ["verdict", "dns", "targets", "scenario"]


@pytest.mark.slow
def test_a_huge_zone_stays_a_small_page() -> None:
    plain = scenario("nosrv")
    records = [f"h{n}.example.net. 300 IN A 10.{n // 256}.{n % 256}.1" for n in range(30_000)]
    text = report_html(simulate_scenario(replace(plain, zone=plain.zone + "\n" + "\n".join(records) + "\n")))
    assert len(text.encode()) < 1_000_000
    assert re.search(r"too long to be shown whole: the last [0-9,]+ lines are left out", text)


@pytest.mark.slow
def test_two_days_of_failures_stay_a_small_page() -> None:
    """Some 3,000 outages, and thousands of attempts that end in every way."""
    plain = in_a_row(["accept"] * 8).scenario
    draw, t = random.Random(1), 100
    states: list[Any] = ["down", "up", {"udp/5060": "drop"}, {"udp/5060": {"status": 503}}]
    events = []
    for _ in range(3000):
        t += draw.randint(20, 90)
        events.append({"at": t, "host": f"203.0.113.{draw.randint(1, 8)}", "set": draw.choice(states)})
    options = "expiration=60\nretry_interval=5\nmax_retries=100000\n"
    world = json.loads(json.dumps(yaml.safe_load(scenario_to_yaml(plain))))
    world |= {"events": events, "duration": t, "stop": "duration", "pjsip": plain.pjsip + options}
    found = simulate_scenario(parse_scenario(json.dumps(world), name="flapping", folder=None))
    assert len(list(found.attempts())) > 3000
    text = report_html(found)
    assert len(text.encode()) < 600_000
    (bands,) = re.findall(r"(?s)Bands: states over time.*?</svg>", text)
    assert len(bands.encode()) < 200_000
    several = several_html([Part(found)] * 5)
    assert len(several.encode()) < 1_000_000
    assert "are told in full below" in several
    assert several.count(">r</a>") == several.count("<article"), "links to what is there"


def test_a_page_holds_what_it_has_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    found = predicted("udp-drop1")
    whole = several_html([Part(found)] * 4)
    assert whole.count("<article") == 4
    assert "told in full below" not in whole
    monkeypatch.setattr(overview, "MOST", 30_000)
    cut = several_html([Part(found)] * 4)
    assert 1 <= cut.count("<article") < 4
    assert f"The first {cut.count('<article')} are told in full below" in cut


def test_a_scenario_of_markup_takes_the_bytes_that_it_takes_in_the_page() -> None:
    plain = scenario("udp-drop1")
    text = scenario_section(replace(plain, pjsip=plain.pjsip + "; <&>\n" * 100_000))
    assert len(text.encode()) < 260_000
    assert "lines are left out" in text


def test_rows_left_out_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = report_html(predicted("many"))
    monkeypatch.setattr(html_dns, "MOST_ROWS", 60)
    cut = report_html(predicted("many"))
    assert "left out here" not in whole
    left = re.search(r"(\d+) more rows are left out here", cut)
    assert left is not None
    assert int(left[1]) + 60 == len(Reader(whole).rows["dns"]) - 1, "all rows but the head"


def test_lines_keep_their_ends_and_nothing_else_that_is_invisible() -> None:
    assert foreign_lines("a\n\tb\x1b\u202e") == "a\n\tb\\x1b\\u202e"


def test_the_worst_finding_stands_first_and_says_whose_it_is() -> None:
    kinds = [Severity.INFO, Severity.ERROR, Severity.WARNING]
    findings = [
        Finding(f"PJ10{n}", kind, Location("A world: pjsip", n), "so", subject=f"trunk{n}")
        for n, kind in enumerate(kinds)
    ]
    text = Reader(f"<div id='all'>{findings_section(findings, 'A world')}</div>").texts["all"]
    assert text.index("PJ101 error") < text.index("PJ102 warning") < text.index("PJ100 info")
    assert "A world" not in text
    assert "pjsip:1trunk1" in text


def test_every_report_has_the_same_parts() -> None:
    import pjresolve

    shown = pjresolve.simulate("15")
    html = shown.report().html
    for part in ("verdict", "findings", "dns", "targets", "outages", "graphs", "timeline", "scenario"):
        assert f'<section id="{part}"' in html, part
    assert "Registers, with gaps: " in html
    assert " % of the time" in html


def test_why_tls_failed_stands_in_every_picture() -> None:
    import pjresolve

    shown = pjresolve.resolve(
        "sip6.voipgrid.nl",
        offline=True,
        pin="tls6",
        transports="tls6,udp6",
        config=None,
        faults="tls={tls: {max: '1.1'}}",
    )
    why = "no common TLS version: the client speaks 1.2 to 1.3, the server 1.0 to 1.1"
    html = shown.report().html
    targets = html.partition('<section id="targets"')[2].partition("</section>")[0]
    assert f"TLS fails: {why}" in targets
    assert (
        why in shown.ladder().svg.replace("\n", " ") or why.partition(", the server")[0] in shown.ladder().svg
    )
    assert "TLS fails: no common TLS version" in shown.graph("failover").svg


def test_no_sentence_of_the_ladder_is_cut() -> None:
    import pjresolve

    for name in ("09", "10", "22"):
        svg = pjresolve.simulate(name).ladder().svg
        assert not re.search(r'class="small[^"]*">[^<]*…<', svg), name


def test_a_refused_registration_has_no_round_and_no_state() -> None:
    import pjresolve

    graph = pjresolve.simulate("20").graph("failover").networkx[0]
    assert list(graph) == ["start"]
    assert graph.nodes["start"]["detail"] == "refused when it is loaded"
