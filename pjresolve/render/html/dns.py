"""The report's section on the DNS, and its target list.

Rules of this file: every record of an answer is shown with what became of it, up to a bound that is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from pjresolve.model import Answer, Target
from pjresolve.prediction.happened import AttemptMade, Lived
from pjresolve.render.html.elements import Content, Markup, code, el, foreign, section, table
from pjresolve.render.text.dns import percent
from pjresolve.sip.outcome import Ending
from pjresolve.stacks.resolution import Resolution
from pjresolve.story.rounds import places
from pjresolve.story.words import STATUSES, record_words, source_words, target_words
from pjresolve.trace import (
    Answered,
    ConnectionFailed,
    ListClosed,
    RecordSkipped,
    RecordUsed,
    SetAsked,
    TargetListed,
    TargetsDropped,
)
from pjresolve.words import plural, span

MOST_ROWS = 300
ORDERS_SHOWN = 8
HEADS = ("Number", "Transport", "Address and port", "Found through", "In the first round")
"""Of the targets."""


def dns_section(lived: Lived, refusal: str = "") -> Markup:
    """The DNS walk: each question in the order asked, each record with what became of it. `refusal` says why
    nothing is resolved at all.
    """
    resolution = lived.resolution
    if resolution is None or not resolution.asked:
        why = resolution.why if resolution else refusal or "nothing is resolved"
        return section("dns", "DNS walk", el("p", "No query is sent: ", foreign(why), "."))
    rows = list(_rows(resolution))
    shown = rows[:MOST_ROWS]
    more = (
        [el("p", f"{len(rows) - MOST_ROWS:,} more rows are left out here.")] if len(rows) > MOST_ROWS else []
    )
    asked = f"{plural(len(resolution.queries), 'query')} in {plural(len(resolution.asked), 'set')}. "
    intro = el("p", asked, "All queries of a set are sent before any of its answers is used.")
    heads = ("Set", "Question", "Answer", "What becomes of it")
    return section(
        "dns", "DNS walk", intro, table("Questions and answers, in the order asked", heads, shown), more
    )


def _rows(resolution: Resolution) -> Iterator[Markup]:
    number, answer, became = 0, None, list[tuple[str, Content, str]]()
    for event in resolution.events:
        match event:
            case SetAsked():
                yield from _answer(number, answer, became)
                number, answer = event.number, None
                for query in event.unsent:
                    question = [foreign(str(query)), " (not sent)"]
                    yield el(
                        "tr",
                        el("td", str(number + 1)),
                        el("th", question, scope="row"),
                        el("td"),
                        el("td", "the root has no address"),
                    )
            case Answered():
                yield from _answer(number, answer, became)
                answer = event.answer
            case RecordUsed():
                became.append((record_words(event.record), ["used: ", foreign(event.why)], ""))
            case RecordSkipped():
                evidence = [" (recording ", code(event.evidence), ")"] if event.evidence else []
                became.append(
                    (record_words(event.record), ["skipped: ", foreign(event.why), evidence], "skipped")
                )
            case TargetListed():
                last = event.target.provenance[-1:]
                words = record_words(last[0]) if last else event.target.address
                became.append((words, ["listed as ", foreign(target_words(event.target))], "listed"))
            case TargetsDropped():
                yield from _answer(number, answer, became)
                answer = None
                told = [f"{plural(len(event.targets), 'target')} dropped: ", foreign(event.why)]
                yield el("tr", el("td", str(number + 1)), el("td", told, colspan="3"), class_="skipped")
            case ListClosed():
                pass  # the targets are a table of their own
            case _:
                assert_never(event)
    yield from _answer(number, answer, became)


def _answer(number: int, answer: Answer | None, became: list[tuple[str, Content, str]]) -> list[Markup]:
    """The rows of one answer; empties `became`."""
    if answer is None:
        return []
    told, rows = list(became), list[Markup]()
    became.clear()
    question: list[Content] = [answer.query.rtype, " ", foreign(answer.query.name)]
    for _, target in answer.cnames:
        question += [el("br"), "CNAME → ", foreign(target)]
    if not told:
        words = STATUSES[answer.status] or "nothing of this type"
        words += f", {answer.detail}" if answer.detail else ""
        told = [("", foreign(words), "failed" if answer.status.failed else "skipped")]
    for place, (record, words_, kind) in enumerate(told):
        first = (
            [el("td", str(number + 1)), el("th", question, scope="row")]
            if not place
            else [el("td"), el("td")]
        )
        rows.append(el("tr", first, el("td", code(record) if record else ""), el("td", words_), class_=kind))
    return rows


def targets_section(lived: Lived, taken: Target | None = None) -> Markup:
    """The list in the order of trying, with what became of each target in the first round; `taken` is the one
    that succeeded.
    """
    targets = lived.targets
    if not targets:
        return section("targets", "Targets", el("p", "There is nothing to try."))
    first: dict[Target, AttemptMade] = {}
    for attempt in lived.attempts():
        if attempt.round > 0:
            break
        first[attempt.target] = attempt
    pinned = lived.sender.pinned if lived.sender else None
    failures = _failures(lived)
    rows = []
    for place, target in enumerate(targets, 1):
        led = [[foreign(source_words(record)), el("br")] for record in target.provenance] or "the URI itself"
        unsuitable = pinned is not None and target.transport != pinned
        became = (
            f"skipped: not {pinned}" if unsuitable else _became(first.get(target), failures.get(target, ""))
        )
        kind = "skipped" if unsuitable or target not in first else ""
        if taken == target:
            kind = "listed"
        cells = (
            el("td", str(target.transport)),
            el("td", code(target.socket)),
            el("td", led, data_head=HEADS[3]),
            el("td", foreign(became, 300), data_head=HEADS[4]),
        )
        rows.append(el("tr", el("th", str(place), scope="row"), cells, class_=kind, data_host=target.address))
    whole = table("Targets in the order they are tried", HEADS, rows)
    return section("targets", "Targets", whole, _orders(lived))


def _failures(lived: Lived) -> dict[Target, str]:
    """Why the connections of the first round failed."""
    return {
        event.target: event.why
        for event in reversed(lived.log.events)
        if isinstance(event, ConnectionFailed) and event.why
    }


def _became(attempt: AttemptMade | None, why: str = "") -> str:
    if attempt is None:
        return "not tried"
    if attempt.outcome is None or attempt.ended is None:
        return "under way when the run ends"
    lasted = span(attempt.ended - attempt.t) if attempt.ended > attempt.t else ""
    if attempt.outcome is Ending.BLOCKED:
        return f"blocked for {lasted}, nothing sent"
    if attempt.outcome is Ending.TLS_FAILED and why:
        return f"TLS fails: {why}"
    words = f"answers {attempt.status}" if attempt.outcome is Ending.ANSWERED else attempt.outcome.words
    return f"{words} after {lasted}" if lasted else words


def _orders(lived: Lived) -> Content:
    orders = lived.orders
    if len(orders) < 2:
        return ""
    place = places(lived)
    rows = []
    for order in orders[:ORDERS_SHOWN]:
        words = ", ".join(str(place.get(t, t)) for t in order.targets)
        rows.append(
            el("tr", el("th", percent(order.probability), scope="row"), el("td", foreign(words, 600)))
        )
    count = f"{'more than ' if lived.orders_truncated else ''}{len(orders):,}"
    told = f"SRV weights leave {count} orders possible; each round draws one. Above stands the most probable."
    shown = f" The {ORDERS_SHOWN} most probable are shown." if len(orders) > ORDERS_SHOWN else ""
    heads = ("Probability", "Targets, by their numbers above")
    return [el("h3", "Other orders"), el("p", told, shown), table("Possible orders", heads, rows)]
