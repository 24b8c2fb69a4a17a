"""The other parts of the report: verdict, outages, graphs, timeline, findings, scenario.

Rules of this file: a part returns its section, or nothing where it has nothing to show.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pjresolve.lint.finding import Finding
from pjresolve.model import Target
from pjresolve.prediction.prediction import Prediction
from pjresolve.render.graph.svg import graph_svg
from pjresolve.render.html.bands import bands_svg
from pjresolve.render.html.elements import Content, Markup, code, el, facts, figure, foreign, section, table
from pjresolve.render.ladder.ladder import Ladder, ladder
from pjresolve.render.ladder.svg import ladder_svg
from pjresolve.render.text.page import DifferenceLike, OutageLike, stack_title
from pjresolve.scenario.format import Scenario, scenario_to_yaml
from pjresolve.story.verdict import verdict
from pjresolve.story.words import target_words
from pjresolve.words import clock, numbers, span

if TYPE_CHECKING:
    import networkx as nx

MOST_SCENARIO = 250_000
"""Characters of the scenario that the page holds at most."""
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
        told = f"{target_words(registered.target)} after {span(registered.t)}"
        pairs.append(("Registers with", foreign(told)))
    if prediction.loaded:
        pairs.append(("State at the end", f"{prediction.status}, after {span(prediction.end)}"))
        pairs.append(("Without a registration", span(prediction.unregistered)))
    if prediction.evidence:
        pairs.append(("Seen in recording", code(prediction.evidence)))
    tone = "ok" if said.registers else "bad"
    mark = el(
        "p", el("strong", "Registers" if said.registers else "Does not register"), class_=f"mark {tone}"
    )
    reasons = [el("ul", [el("li", foreign(reason)) for reason in said.reasons])] if said.reasons else []
    notes = [el("p", "Note: ", foreign(note), class_="note") for note in prediction.notes]
    parts = (mark, el("p", foreign(_sentence(said.text), 600), class_="said"), reasons, notes, facts(pairs))
    return section("verdict", "Verdict", parts, _differences(prediction, differences))


def _sentence(text: str) -> str:
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
    place: dict[Target, int] = {t: n for n, t in reversed(list(enumerate(prediction.targets, 1)))}
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
                el("td", foreign(_sentence(blocked + text), 600)),
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
    made = ladder(prediction)
    bands = bands_svg(prediction, inline=True)
    parts: list[Content] = []
    if bands:
        parts.append(
            figure(
                "Bands: states over time",
                bands,
                "States over time, and below them the attempts. Drawn to scale.",
            )
        )
    else:
        parts.append(el("p", "It is over at once: no time passes on the simulated network."))
    legend = "Time runs downward, not to scale; dotted stretches are silent. A cross: never answered."
    parts += [el("h3", "Ladder"), figure("Ladder of messages", ladder_svg(prediction, inline=True), legend)]
    return section("timeline", "Timeline", parts, _events(made))


def _events(made: Ladder) -> Markup:
    words = {"send": "Asterisk to ", "reply": "to Asterisk from "}
    rows = []
    for line in made.lines:
        who = [words[line.kind], foreign(line.peer)] if line.kind in words else line.peer or "Asterisk"
        text = (
            line.text
            + (f" ×{line.count}" if line.count > 1 else "")
            + (", never answered" if line.lost else "")
        )
        cells = (el("td", clock(line.t / 1e6), class_="number"), el("td", who), el("td", foreign(text)))
        rows.append(el("tr", cells, class_=line.tone, data_host=line.peer))
    label = el("label", "Show only rows with ", el("input", type="search", id="filter", autocomplete="off"))
    tools = el("p", label, " ", el("span", id="filtered", role="status"), class_="tools", hidden=True)
    heads = ("Seconds", "Who", "What")
    whole = table("Everything that happens", heads, rows, id="events")
    return el("details", el("summary", "The same as a table"), tools, whole)


def findings_section(findings: Sequence[Finding]) -> Content:
    """What the rules found in the configuration."""
    if not findings:
        return ""
    rows = []
    for finding in findings[:MOST_FINDINGS]:
        text: list[Content] = [el("p", foreign(finding.statement, 600))]
        if finding.consequence:
            text.append(el("p", foreign(finding.consequence, 600)))
        if finding.fix:
            text.append(el("pre", foreign_lines(finding.fix)))
        kind = {"error": "failed", "warning": "warn"}.get(finding.severity.value, "")
        head = el("th", finding.code, " ", finding.severity.value, scope="row")
        rows.append(el("tr", head, el("td", code(str(finding.where))), el("td", text), class_=kind))
    more = len(findings) - MOST_FINDINGS
    told = [el("p", f"{more:,} more are left out here.")] if more > 0 else []
    heads = ("Rule", "Where", "What, what comes of it, and how to mend it")
    return section("findings", "Findings", table("Findings in the configuration", heads, rows), told)


def scenario_section(scenario: Scenario) -> Markup:
    """The scenario as YAML, to run it again; secrets are left out."""
    pjsip, count = SECRETS.subn(rf"\g<1>{LEFT_OUT}", scenario.pjsip)
    text = scenario_to_yaml(replace(scenario, pjsip=pjsip))
    told = [
        "Save this as ",
        el("code", "scenario.yaml"),
        " and run ",
        el("code", "pjresolve simulate scenario.yaml"),
        ".",
    ]
    if count:
        secrets = "1 secret is" if count == 1 else f"{count} secrets are"
        told.append(f" {secrets} replaced by {LEFT_OUT}; the prediction is the same.")
    if "#include" in pjsip or "#tryinclude" in pjsip:
        told.append(" The files that it includes are not part of it.")
    if len(text) > MOST_SCENARIO:
        told.append(f" Only the first {MOST_SCENARIO:,} of its {len(text):,} characters are shown.")
        text = text[:MOST_SCENARIO]
    button = el("button", "Copy the scenario", type="button", id="copy")
    tools = el("p", button, " ", el("span", id="copied", role="status"), class_="tools", hidden=True)
    shown = el(
        "pre",
        el("code", foreign_lines(text), id="yaml"),
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
