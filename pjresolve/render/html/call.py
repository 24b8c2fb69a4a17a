"""The report of a call: what becomes of it, why, and what if its first targets do not answer.

Rules of this file: the parts that a registration's report has too are made there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pjresolve.dns.source import Origin
from pjresolve.prediction.call import Called
from pjresolve.render.html.dns import dns_section, targets_section
from pjresolve.render.html.elements import Content, Markup, code, el, facts, foreign, join, section, table
from pjresolve.render.html.report import (
    PARTS,
    graphs_section,
    ladder_parts,
    page_html,
    scenario_section,
    sentence,
)
from pjresolve.render.ladder.ladder import title
from pjresolve.render.text.page import stack_title
from pjresolve.render.tones import CSS
from pjresolve.story.calls import assumed, call_verdict, contact_words, dial_words
from pjresolve.story.rounds import places
from pjresolve.story.verdict import verdict
from pjresolve.words import numbers

if TYPE_CHECKING:
    import networkx as nx

FOOTER = "Times are in seconds from the call."


def call_html(called: Called, answers: Origin, *, graphs: Sequence[nx.DiGraph[str]] = ()) -> str:
    """The report of a call as an HTML document, with these graphs of `pjresolve.render.graph`."""
    call = called.call
    body = join(
        (
            _verdict(called, answers),
            _before(called),
            dns_section(call, call.why),
            targets_section(call, call.taken.target if call.taken else None),
            _outages(called),
            graphs_section(graphs),
            section("timeline", "Timeline", ladder_parts(called)),
            scenario_section(called.machine.scenario),
        )
    )
    links = [
        el("li", el("a", label, href=f"#{ident}"))
        for ident, label in PARTS
        if f'<section id="{ident}"' in body
    ]
    return page_html(title(called), links, body, "verdict", FOOTER)


def _verdict(called: Called, answers: Origin) -> Markup:
    """The verdict, why, and the facts of the call."""
    call, said = called.call, call_verdict(called.call)
    pairs: list[tuple[str, Content]] = [("Endpoint", code(called.inquiry.endpoint))]
    if call.uri:
        pairs.append(("Request URI", foreign(f"{call.uri}{contact_words(call)}")))
    pairs.append(("Stack", stack_title(called.inquiry.stack)))
    if answers:
        pairs.append(("Answers", foreign(answers)))
    if dial_words(call):
        pairs.append(("The dialplan is told", code(dial_words(call))))
    told_of = [el("li", foreign(reason)) for reason in (*said.reasons, assumed(called)) if reason]
    mark = el(
        "p", el("strong", "Answered" if said.answered else "Not answered"), class_=f"mark {CSS[said.tone]}"
    )
    parts = (mark, el("p", foreign(sentence(said.text), 600), class_="said"))
    return section("verdict", "Verdict", parts, [el("ul", told_of)] if told_of else [], facts(pairs))


def _before(called: Called) -> Content:
    """How registrations and contacts stood when the call began."""
    if not called.inquiry.running:
        return ""
    machine = called.machine.machine or ((called.machine,) if called.machine.registration else ())
    rows = [(f"registration {one.registration}", verdict(one).text) for one in machine]
    traffic = called.machine.traffic
    changes = [c for c in traffic.contacts if c.t <= called.at] if traffic else []
    for contact, change in {change.contact: change for change in changes}.items():
        state = "reachable" if change.reachable else "unreachable"
        rows.append((f"contact {contact.aor}/{contact.uri}", f"{state}: {change.why}"))
    cells = [
        el("tr", el("th", foreign(what, 160), scope="row"), el("td", foreign(how, 400))) for what, how in rows
    ]
    return section(
        "before", "Before the call", table("When the call begins", ("What", "How it stands"), cells)
    )


def _outages(called: Called) -> Content:
    """What becomes of the call if targets do not answer."""
    targets = called.call.targets or (called.outages[-1].dropped if called.outages else ())
    place = places(called.call) or {target: number for number, target in enumerate(targets, 1)}
    rows = []
    for outage in called.outages:
        said, result = call_verdict(outage.call), outage.call.result
        told = f"{said.text}, {result.dialstatus}" if result and not said.answered else said.text
        label = numbers([place[t] for t in outage.dropped if t in place])
        cells = el("th", label, scope="row"), el("td", foreign(sentence(told), 600))
        rows.append(el("tr", cells, class_="" if said.answered else "failed"))
    if not rows:
        return ""
    heads = ("Targets that do not answer", "What then becomes of the call")
    return section(
        "outages", "If targets do not answer", table("Outages from the first target on", heads, rows)
    )
