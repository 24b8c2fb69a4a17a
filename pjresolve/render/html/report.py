"""The report: one page that holds everything, asks for nothing, and can be read without a script.

Rules of this file:
- the page's policy forbids every request, and every style and script but the two that stand in it;
- what came from outside is escaped by `elements`; a section is nothing where it has nothing to show.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from pjresolve.lint.finding import Finding, Severity
from pjresolve.prediction.call import Called
from pjresolve.prediction.prediction import Prediction
from pjresolve.render.graph.svg import graph_svg
from pjresolve.render.html.bands import bands_svg
from pjresolve.render.html.dns import dns_section, targets_section
from pjresolve.render.html.elements import (
    Content,
    Markup,
    code,
    el,
    facts,
    figure,
    foreign,
    join,
    section,
    table,
)
from pjresolve.render.label import safe, xml
from pjresolve.render.ladder.ladder import Ladder, ladder
from pjresolve.render.ladder.rung import Rung, RungKind
from pjresolve.render.ladder.svg import ladder_svg
from pjresolve.render.svg import stylesheet
from pjresolve.render.text.page import DifferenceLike, OutageLike, stack_title
from pjresolve.render.tones import CSS
from pjresolve.scenario.format import Scenario, scenario_to_yaml
from pjresolve.story.rounds import places
from pjresolve.story.verdict import verdict
from pjresolve.story.words import subject, target_words
from pjresolve.words import after, clock, numbers, plural, span

if TYPE_CHECKING:
    import networkx as nx

PARTS = (
    ("verdict", "Verdict"), ("before", "Before"), ("findings", "Findings"), ("dns", "DNS walk"),
    ("targets", "Targets"), ("outages", "Outages"), ("graphs", "Graphs"), ("timeline", "Timeline"),
    ("scenario", "Scenario"),
)  # fmt: skip
MOST = 900_000
"""Bytes of all parts of a page together: what the others leave is the scenario's."""
MOST_SCENARIO, LEAST_SCENARIO = 250_000, 20_000
"""Bytes that the scenario takes at most, and that there are for it in any case."""
MOST_FINDINGS = 200
SECRETS = re.compile(
    r"(?mi)^([ \t]*(?:password|password_digest|md5_cred|oauth_secret|refresh_token)[ \t]*=>?[ \t]*)\S.*$"
)
LEFT_OUT = "left-out"
"""Stands for a secret: nothing that is predicted depends on it."""
CAPTIONS = {
    "resolution": "From the name to the targets. Dashed boxes were passed over; each says why.",
    "failover": "What followed each target. Dashed boxes were not tried in this run.",
}


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
    told = join(
        (
            verdict_section(prediction, answers, differences),
            findings_section(findings, prediction.scenario.name),
            dns_section(prediction, prediction.refusal or ""),
            targets_section(prediction, prediction.registered.target if prediction.registered else None),
            outages_section(prediction, outages),
            graphs_section(graphs),
            timeline_section(prediction),
        )
    )
    body = join((told, scenario_section(prediction.scenario, MOST - size(told))))
    links = [
        el("li", el("a", label, href=f"#{ident}"))
        for ident, label in PARTS
        if f'<section id="{ident}"' in body
    ]
    return page_html(safe(subject(prediction), 160), links, body, "verdict")


FOOTER = "Times are in seconds from the registration's first DNS query, or its first packet."


def page_html(name: str, links: Sequence[Markup], body: Markup, first: str, foot: str = FOOTER) -> str:
    """A page of the report called `name`, with links to its parts; `first` is the id of the first of them,
    `foot` says what times count from.
    """
    nav = el("nav", el("ul", links), aria_label="Parts of the report")
    kind = el("p", "pjresolve report", class_="kind")
    header = el("header", kind, el("h1", foreign(name, 160)), nav)
    skip = el("a", f"Skip to the {first}", href=f"#{first}", class_="skip")
    main = el("main", body, id="main")
    footer = el("footer", el("p", foot))
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


# ---------------------------------------------------------------- the sections


def verdict_section(prediction: Prediction, answers: str, differences: Sequence[DifferenceLike]) -> Markup:
    """The verdict, why, and the facts of the run."""
    said = verdict(prediction)
    plan, registered = prediction.plan, prediction.registered
    pairs: list[tuple[str, Content]] = [("Registration", code(prediction.registration))]
    if plan:
        pairs.append(("Server URI", code(plan.registration.server_uri)))
        if plan.registration.outbound_proxy:
            pairs.append(("Outbound proxy", code(plan.registration.outbound_proxy)))
    pairs.append(("Stack", stack_title(prediction.stack)))
    if answers:
        pairs.append(("Answers", foreign(answers)))
    if registered:
        told = f"{target_words(registered.target)} {after(registered.t)}"
        pairs.append(("Registers with", foreign(told)))
    if prediction.loaded:
        pairs.append(("State at the end", f"{prediction.status}, after {span(prediction.end)}"))
        pairs.append(("Without a registration", _unregistered(prediction)))
    if prediction.evidence:
        pairs.append(("Seen in recording", code(prediction.evidence)))
    label = f"{said.label[:1].upper()}{said.label[1:]}"
    mark = el("p", el("strong", label), class_=f"mark {CSS[said.tone]}")
    told_of = [el("li", foreign(reason)) for reason in said.reasons]
    told_of += [el("li", el("strong", foreign(warning))) for warning in said.warnings]
    told_of += [el("li", foreign(said.assumed))] if said.assumed else []
    reasons = [el("ul", told_of)] if told_of else []
    notes = [el("p", "Note: ", foreign(note), class_="note") for note in prediction.notes]
    parts = (mark, el("p", foreign(sentence(said.text), 600), class_="said"), reasons, notes, facts(pairs))
    return section("verdict", "Verdict", parts, _differences(prediction, differences))


def _unregistered(prediction: Prediction) -> str:
    """The time without a registration, and its share of the run."""
    lost = prediction.unregistered
    share = f", {100 * lost / prediction.end:.0f} % of the time" if lost and prediction.end else ""
    return f"{span(lost)}{share}"


def sentence(text: str) -> str:
    """A text with a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."


def _differences(prediction: Prediction, differences: Sequence[DifferenceLike]) -> Content:
    if not differences:
        return ""
    rows = [
        el(
            "tr",
            el("th", d.what, scope="row"),
            el("td", foreign(d.expected, 600)),
            el("td", foreign(d.predicted, 600)),
        )
        for d in differences
    ]
    told = "What the scenario expects and the prediction says"
    return [el("h3", "Not as expected"), table(told, ("Expectation", "Expected", "Predicted"), rows)]


def outages_section(prediction: Prediction, outages: Iterable[OutageLike]) -> Content:
    """What happens if targets do not answer."""
    place = places(prediction)
    rows = []
    for outage in outages:
        then = outage.prediction
        text = verdict(then).text
        blocked = "the connect gets no answer and holds the request; " if outage.blocked else ""
        label = numbers([place[t] for t in outage.dropped if t in place])
        kind = "failed" if not then.registered else ""
        rows.append(
            el(
                "tr",
                el("th", label, scope="row"),
                el("td", foreign(sentence(blocked + text), 600)),
                class_=kind,
            )
        )
    if not rows:
        return ""
    heads = ("Targets that do not answer", "What then happens")
    return section(
        "outages", "If targets do not answer", table("Outages from the first target on", heads, rows)
    )


def graphs_section(graphs: Sequence[nx.DiGraph[str]]) -> Content:
    """The graphs as pictures."""
    if not graphs:
        return ""
    names = {"resolution": "Resolution", "failover": "Failover"}
    parts = []
    for graph in graphs:
        kind = graph.graph["kind"]
        picture = figure(f"Graph: {names[kind].lower()}", graph_svg(graph, inline=True), CAPTIONS[kind])
        parts += [el("h3", names[kind]), picture]
    return section("graphs", "Graphs", parts)


def timeline_section(prediction: Prediction) -> Content:
    """Bands, ladder, and the same as a table."""
    if not prediction.loaded:
        return ""
    bands = bands_svg(prediction, inline=True)
    parts: list[Content] = []
    if bands:
        parts.append(
            figure(
                "Bands: states over time",
                bands,
                "States over time, below them the attempts, and what happens to the hosts. Drawn to scale.",
            )
        )
    else:
        parts.append(el("p", "It is over at once: no time passes on the simulated network."))
    return section("timeline", "Timeline", parts, ladder_parts(prediction))


def ladder_parts(shown: Prediction | Called) -> Content:
    """The ladder as a picture, and the same as a table."""
    legend = "Time runs downward, not to scale; dotted stretches are silent. A cross: never answered."
    picture = figure("Ladder of messages", ladder_svg(shown, inline=True), legend)
    return [el("h3", "Ladder"), picture, _events(ladder(shown))]


def _events(drawn: Ladder) -> Markup:
    rows = []
    for rung in drawn.rungs:
        text = (
            rung.text
            + (f" ×{rung.count}" if rung.count > 1 else "")
            + (", never answered" if rung.lost else "")
        )
        who = _who(rung, drawn.client)
        cells = (el("td", clock(rung.t / 1e6), class_="number"), el("td", who), el("td", foreign(text)))
        rows.append(el("tr", cells, class_=CSS[rung.tone], data_host=rung.peer))
    label = el("label", "Show only rows with ", el("input", type="search", id="filter", autocomplete="off"))
    tools = el("p", label, " ", el("span", id="filtered", role="status"), class_="tools", hidden=True)
    heads = ("Seconds", "Who", "What")
    whole = table("Everything that happens", heads, rows, id="events")
    return el("details", el("summary", "The same as a table"), tools, whole)


def _who(rung: Rung, client: str) -> Content:
    match rung.kind:
        case RungKind.SEND:
            return [f"{client} to ", foreign(rung.peer)]
        case RungKind.REPLY:
            return [f"to {client} from ", foreign(rung.peer)]
        case _:
            return rung.peer or client


def findings_section(findings: Sequence[Finding], name: str = "") -> Content:
    """What the rules found in the configuration, the worst first; `name` is its scenario."""
    if not findings:
        return ""
    rows = []
    order = list(Severity)
    for finding in sorted(findings, key=lambda f: order.index(f.severity))[:MOST_FINDINGS]:
        text: list[Content] = [el("p", foreign(finding.statement, 600))]
        if finding.consequence:
            text.append(el("p", foreign(finding.consequence, 600)))
        if finding.fix:
            text.append(el("pre", foreign_lines(finding.fix)))
        elif finding.advice:
            text.append(el("p", foreign(finding.advice)))
        kind = {"error": "failed", "warning": "warn"}.get(finding.severity.value, "")
        head = el("th", finding.code, " ", finding.severity.value, scope="row")
        rows.append(el("tr", head, el("td", _where(finding, name)), el("td", text), class_=kind))
    more = len(findings) - MOST_FINDINGS
    told = [el("p", f"{more:,} more are left out here.")] if more > 0 else []
    heads = ("Rule", "Where", "What, what comes of it, and how to fix it")
    return section("findings", "Findings", table("Findings in the configuration", heads, rows), told)


def _where(finding: Finding, name: str) -> Content:
    """File and line, and whose they are; without what the page has said already."""
    where = str(finding.where).removeprefix(f"{safe(name)}: ").rpartition("/")[2]
    whose = [el("br"), foreign(finding.subject, 80)] if finding.subject else []
    return [code(where), whose]


def size(text: str) -> int:
    """The bytes of a text."""
    return len(text.encode("utf-8"))


def _first_lines(text: str, room: int) -> tuple[str, int]:
    """The first lines of a text, which take `room` bytes of the page at most, and how many are left out."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        room -= size(xml(line)) + 1
        if room < 0:
            return "\n".join(lines[:number]), len(lines) - number
    return text, 0


def scenario_section(scenario: Scenario, room: int = MOST_SCENARIO) -> Markup:
    """The scenario as YAML, to run it again; secrets are left out. It takes `room` bytes, and a few more."""
    pjsip, count = SECRETS.subn(rf"\g<1>{LEFT_OUT}", scenario.pjsip)
    text = foreign_lines(scenario_to_yaml(replace(scenario, pjsip=pjsip, gathered="")))
    told: list[Content] = []
    if scenario.gathered == "in part":
        told.append("The configuration cannot be written as one text: a part of it is not here.")
    else:
        run = el("code", "pjresolve simulate scenario.yaml")
        told += ["Save this as ", el("code", "scenario.yaml"), " and run ", run, "."]
    if scenario.gathered == "whole":
        told.append(" Its configuration is what several files say together.")
    if count:
        secrets = "1 secret is" if count == 1 else f"{count} secrets are"
        told.append(f" {secrets} replaced by {LEFT_OUT}; the prediction is the same.")
    if not scenario.gathered and ("#include" in pjsip or "#tryinclude" in pjsip):
        told.append(" The files that it includes are not part of it.")
    text, left_out = _first_lines(text, max(LEAST_SCENARIO, min(room, MOST_SCENARIO)))
    if left_out:
        told.append(f" It is too long to be shown whole: the last {plural(left_out, 'line')} are left out.")
    button = el("button", "Copy the scenario", type="button", id="copy")
    tools = el("p", button, " ", el("span", id="copied", role="status"), class_="tools", hidden=True)
    shown = el(
        "pre",
        el("code", text, id="yaml"),
        class_="scroll",
        role="region",
        aria_label="The scenario as YAML",
        tabindex="0",
    )
    return section("scenario", "Scenario", el("p", told), tools, shown)


def foreign_lines(text: str) -> str:
    """Text of several lines as it is, but for characters that no page should hold."""
    return "".join(
        c if c in "\n\t" or c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text
    )
