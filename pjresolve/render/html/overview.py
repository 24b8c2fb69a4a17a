"""The report of several predictions on one page: an overview, then what each is about.

Rules of this file: each part is made as on a page of its own; what is added is the overview, and names apart
for the same elements of different parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pjresolve.lint.finding import Finding
from pjresolve.prediction.prediction import Prediction
from pjresolve.render.html.dns import dns_section, targets_section
from pjresolve.render.html.elements import Content, Markup, code, el, foreign, join, section, table
from pjresolve.render.html.report import (
    MOST,
    findings_section,
    graphs_section,
    outages_section,
    page_html,
    scenario_section,
    sentence,
    size,
    timeline_section,
    verdict_section,
)
from pjresolve.render.label import safe
from pjresolve.render.text.page import DifferenceLike, OutageLike, stack_title
from pjresolve.story.lines import Tone
from pjresolve.story.verdict import verdict
from pjresolve.words import plural, span

if TYPE_CHECKING:
    import networkx as nx

MOST_PARTS = 12
"""Predictions that are told in full at most; the overview holds all."""
WITHOUT = "Time without a registration"
_NAMED = re.compile(r' (id|aria-labelledby|aria-describedby)="([^"]*)"')
_ROWS = {Tone.BAD: "failed", Tone.WARN: "warn"}


class Part(NamedTuple):
    """A prediction with what belongs to it; as the arguments of `report_html`."""

    prediction: Prediction
    graphs: Sequence[nx.DiGraph[str]] = ()
    outages: Iterable[OutageLike] = ()
    differences: Sequence[DifferenceLike] = ()


def several_html(parts: Sequence[Part], findings: Sequence[Finding] = (), *, answers: str = "") -> str:
    """The report of several predictions, which share `findings`, as an HTML document, under 1 MB."""
    first = parts[0].prediction
    found = findings_section(findings, first.scenario.name)
    articles = _articles(parts, answers, MOST - size(join(found)))
    shown = join((_overview([part.prediction for part in parts], len(articles)), found, articles))
    body = join((shown, scenario_section(first.scenario, MOST - size(shown))))
    links = [
        el("li", el("a", safe(part.prediction.registration, 60), href=f"#part-{number}"))
        for number, part in enumerate(parts[: len(articles)], 1)
    ]
    name = f"{plural(len(parts), 'registration')} in {safe(first.scenario.name, 80)}"
    return page_html(name, [el("li", el("a", "Overview", href="#overview")), *links], body, "overview")


def _articles(parts: Sequence[Part], answers: str, room: int) -> list[Markup]:
    """The first parts, as many as have room: `MOST_PARTS` at most, and one in any case."""
    made: list[Markup] = []
    for number, part in enumerate(parts[:MOST_PARTS], 1):
        article = _article(number, part, answers)
        room -= size(article)
        if room < 0 and made:
            break
        made.append(article)
    return made


def _article(number: int, part: Part, answers: str) -> Markup:
    prediction = part.prediction
    whole = join(
        (
            verdict_section(prediction, answers, part.differences),
            dns_section(prediction, prediction.refusal or ""),
            targets_section(prediction, prediction.registered.target if prediction.registered else None),
            outages_section(prediction, part.outages),
            graphs_section(part.graphs),
            timeline_section(prediction),
        )
    )
    apart = Markup(_NAMED.sub(rf' \g<1>="part-{number}-\g<2>"', whole))
    return el(
        "article", el("h2", foreign(prediction.registration, 80), class_="part"), apart, id=f"part-{number}"
    )


def _overview(predictions: Sequence[Prediction], in_full: int) -> Markup:
    stacks = {prediction.stack for prediction in predictions}
    rows = []
    for number, prediction in enumerate(predictions, 1):
        said, plan = verdict(prediction), prediction.plan
        name: Content = foreign(prediction.registration, 80)
        if number <= in_full:
            name = el("a", name, href=f"#part-{number}")
        cells: list[Content] = [el("th", name, scope="row")]
        if len(stacks) > 1:
            cells.append(el("td", stack_title(prediction.stack)))
        cells.append(el("td", code(plan.registration.server_uri) if plan else ""))
        cells.append(el("td", foreign(sentence(said.label), 80)))
        cells.append(el("td", foreign(sentence(said.text), 600)))
        without = span(prediction.unregistered) if prediction.loaded else "all of it"
        cells.append(el("td", without, data_head=WITHOUT))
        rows.append(el("tr", cells, class_=_ROWS.get(said.tone, "")))
    heads = ["Registration", "Server URI", "In short", "What comes of it", WITHOUT]
    if len(stacks) > 1:
        heads.insert(1, "Stack")
    more = len(predictions) - in_full
    told = [el("p", f"The first {in_full} are told in full below.")] if more else []
    return section("overview", "Overview", table("All that is predicted", heads, rows), told)
