"""The report: one page that holds everything, asks for nothing, and can be read without a script.

Rules of this file:
- the page's policy forbids every request, and every style and script but the two that stand in it;
- what came from outside is escaped by `html_elements`; only the page itself is put together here.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from pjresolve.lint.finding import Finding
from pjresolve.prediction.prediction import Prediction
from pjresolve.render.html.dns import dns_section, targets_section
from pjresolve.render.html.elements import Markup, el, foreign, join
from pjresolve.render.html.parts import (
    findings_section,
    graphs_section,
    outages_section,
    scenario_section,
    timeline_section,
    verdict_section,
)
from pjresolve.render.label import safe, xml
from pjresolve.render.svg import stylesheet
from pjresolve.render.text.page import DifferenceLike, OutageLike

if TYPE_CHECKING:
    import networkx as nx

PARTS = (
    ("verdict", "Verdict"), ("findings", "Findings"), ("dns", "DNS walk"), ("targets", "Targets"),
    ("outages", "Outages"), ("graphs", "Graphs"), ("timeline", "Timeline"), ("scenario", "Scenario"),
)  # fmt: skip


def report_html(
    prediction: Prediction,
    findings: Sequence[Finding] = (),
    *,
    graphs: Sequence[nx.DiGraph[str]] = (),
    outages: Iterable[OutageLike] = (),
    differences: Sequence[DifferenceLike] = (),
    answers: str = "",
) -> str:
    """The report of a prediction as an HTML document, under 1 MB.

    `graphs` are those of `pjresolve.render.graph` to be drawn; `outages` as in
    `pjresolve.prediction.outages`; `differences` from the scenario's expectations; `answers` says where those
    of the DNS came from.
    """
    body = join(
        (
            verdict_section(prediction, answers, differences),
            findings_section(findings),
            dns_section(prediction),
            targets_section(prediction),
            outages_section(prediction, outages),
            graphs_section(graphs),
            timeline_section(prediction),
            scenario_section(prediction.scenario),
        )
    )
    name = f"{safe(prediction.registration, 60)} in {safe(prediction.scenario.name, 80)}"
    links = [
        el("li", el("a", label, href=f"#{ident}"))
        for ident, label in PARTS
        if f'<section id="{ident}"' in body
    ]
    nav = el("nav", el("ul", links), aria_label="Parts of the report")
    kind = el("p", "pjresolve report", class_="kind")
    header = el("header", kind, el("h1", foreign(name, 160)), nav)
    skip = el("a", "Skip to the verdict", href="#verdict", class_="skip")
    main = el("main", body, id="main")
    footer = el(
        "footer",
        el("p", "Times are in seconds from the registration's first DNS query, or its first packet."),
    )
    return _page(f"{name}: pjresolve report", join((skip, header, main, footer)))


def _page(title: str, body: Markup) -> str:
    style, script = _asset("report.css") + stylesheet(), _asset("report.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{xml(title)}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n{body}\n<script>{script}</script>\n</body>\n</html>\n"
    )


@cache
def _asset(name: str) -> str:
    return resources.files("pjresolve.render.html").joinpath(name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
