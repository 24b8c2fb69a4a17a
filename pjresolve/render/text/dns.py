"""The DNS and the targets as text: each query and what became of it, each target and what put it there.

Rules of this file:
- everything is read from the resolution's events, in their order;
- without `explain`, records that were passed over for the same reason share a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import assert_never

from pjresolve.model import Answer, Query, Record, Target
from pjresolve.prediction.happened import Lived
from pjresolve.render.terminal import Page, cut
from pjresolve.stacks.resolution import Resolution
from pjresolve.story.lines import Tone
from pjresolve.story.words import STATUSES, record_words, silence_words, source_words
from pjresolve.trace import (
    Answered,
    ListClosed,
    RecordSkipped,
    RecordUsed,
    SetAsked,
    TargetListed,
    TargetsDropped,
)
from pjresolve.words import numbers, plural

ORDERS_SHOWN = 6
NAME_COLUMN = 46
"""Columns at most for the names of a set, before answers that fit on the same line."""


def put_dns(page: Page, resolution: Resolution, explain: bool) -> None:
    """The queries in the order they are asked, with answers and what was skipped."""
    page.gap()
    _put_head(page, resolution)
    column = 0
    answer: Answer | None = None
    pending: list[RecordSkipped | RecordUsed | TargetListed] = []

    def flush() -> None:
        if answer is not None:
            _put_answer(page, answer, pending, column, explain)
        pending.clear()

    for event in resolution.events:
        match event:
            case SetAsked():
                flush()
                answer = None
                column = min(max((len(q.name) for q in event.queries), default=0), NAME_COLUMN)
                if event.number:
                    page.put(_led_to(event), Tone.QUIET, indent=2)
                for query in event.unsent:
                    page.put(f"{query.rtype:<5} of the root: not asked, no records", Tone.QUIET, indent=2)
            case Answered():
                flush()
                answer = event.answer
            case TargetsDropped():
                flush()
                answer = None
                dropped = f"{plural(len(event.targets), 'target')} of this set dropped: {event.why}"
                page.put(dropped + _evidence(event.evidence, explain), Tone.QUIET, indent=2)
            case RecordSkipped() | RecordUsed() | TargetListed():
                pending.append(event)
            case ListClosed():
                pass  # the targets have a part of their own
            case _:
                assert_never(event)
    flush()


def _put_head(page: Page, resolution: Resolution) -> None:
    page.put("DNS, in the order asked" if resolution.asked else "DNS", Tone.HEAD)
    if not resolution.asked:
        page.put(
            resolution.why if not resolution.targets else "not asked: the URI names an address", indent=2
        )
    for words in silence_words(resolution.answers):
        page.put(words, Tone.WARN, indent=2)


def _led_to(event: SetAsked) -> str:
    return f"these lead to {plural(len(event.queries) + len(event.unsent), 'further query')}:"


def _put_answer(
    page: Page,
    answer: Answer,
    events: Sequence[RecordSkipped | RecordUsed | TargetListed],
    column: int,
    explain: bool,
) -> None:
    query = answer.query
    head = f"{query.rtype:<5} {cut(query.name, max(page.width, 80) - 10):<{column}}"
    said = STATUSES[answer.status] or ("" if answer.records else "nothing of this type")
    if answer.detail:
        said = f"{said}, {answer.detail}" if said else answer.detail
    via = "".join(f" → {target}" for _, target in answer.cnames)
    lines = [cut(record_words(r), max(page.width, 80) - 8) for r in answer.records]
    room = page.width - 2 - len(head) - 2
    if via:
        lines.insert(0, f"CNAME{via}")
    if said:
        lines.insert(0, said)
    tone = Tone.WARN if answer.status.failed else Tone.PLAIN
    if len(lines) == 1 and len(lines[0]) <= room:
        page.put(f"{head}  {lines.pop()}", tone, indent=2, hang=6)
    elif len(answer.records) > 1 and ", ".join(lines) and len(", ".join(lines)) <= room:
        page.put(f"{head}  {', '.join(lines)}", tone, indent=2)
        lines = []
    else:
        page.put(head, tone, indent=2)
    for line in lines:
        page.put(line, tone, indent=8)
    put_events = _put_explained if explain else _put_skipped
    put_events(page, answer, events)


def _put_skipped(
    page: Page, answer: Answer, events: Sequence[RecordSkipped | RecordUsed | TargetListed]
) -> None:
    skipped = [e for e in events if isinstance(e, RecordSkipped)]
    for why, group in groupby(skipped, key=lambda e: e.why):
        records = [e.record for e in group]
        which = "" if len(records) == len(answer.records) else f" {', '.join(map(record_words, records))}"
        page.put(f"skipped{which}: {why}", Tone.QUIET, indent=8)


def _put_explained(
    page: Page, answer: Answer, events: Sequence[RecordSkipped | RecordUsed | TargetListed]
) -> None:
    for event in events:
        if isinstance(event, RecordSkipped):
            page.put(
                f"skipped {record_words(event.record)}: {event.why}{_evidence(event.evidence, True)}",
                Tone.QUIET,
                indent=8,
            )
        elif isinstance(event, RecordUsed):
            page.put(
                f"taken {record_words(event.record)}: {event.why}; next {_queries(event.added)}",
                Tone.QUIET,
                indent=8,
            )
        else:
            page.put(f"listed {event.target}: {event.why}", Tone.QUIET, indent=8)


def _queries(queries: Sequence[Query]) -> str:
    return ", ".join(str(q) for q in queries)


def _evidence(name: str, explain: bool) -> str:
    return f" [recording {name}]" if name and explain else ""


# ---------------------------------------------------------------- targets and orders


def put_targets(page: Page, lived: Lived) -> None:
    """The list in the order of trying; targets that the same records led to stand together."""
    page.gap()
    targets = lived.targets
    if not targets:
        page.put("Targets: none", Tone.HEAD)
        return
    page.put("Targets, in the order they are tried", Tone.HEAD)
    width = max(len(t.socket) for t in targets)
    pinned = lived.sender.pinned if lived.sender else None
    count = 0
    for parents, group in groupby(targets, key=lambda t: t.provenance[:-1]):
        if parents:
            page.put(_chain(parents), Tone.QUIET, indent=2, hang=4)
        for target in group:
            count += 1
            kept = pinned in (None, target.transport)
            origin = (
                f"{target.provenance[-1].rtype} of {target.provenance[-1].name}"
                if target.provenance
                else "the URI itself"
            )
            if parents and target.provenance:
                origin = target.provenance[-1].rtype
            text = f"{count:>4}  {target.transport!s:<9} {target.socket:<{width}}  {origin}"
            page.put(
                text if kept else f"{text}, skipped: not {pinned}", Tone.PLAIN if kept else Tone.QUIET, hang=6
            )


def _chain(parents: Sequence[Record]) -> str:
    return ", ".join(source_words(r) for r in parents)


def put_orders(page: Page, lived: Lived, explain: bool) -> None:
    """The other orders that SRV weights leave possible, with their probabilities."""
    orders = lived.orders
    if len(orders) < 2:
        return
    page.gap()
    many = f"the most probable {len(orders):,}" if lived.orders_truncated else f"{len(orders):,}"
    page.put(f"Possible orders: {many}, since SRV weights are drawn anew each time", Tone.HEAD)
    place = {target: i + 1 for i, target in enumerate(lived.targets)}
    shown = orders if explain else orders[:ORDERS_SHOWN]
    for order in shown:
        page.put(f"{percent(order.probability):>7}  {_places(order.targets, place)}", indent=2, hang=9)
    if len(shown) < len(orders):
        rest = sum(o.probability for o in orders[ORDERS_SHOWN:])
        page.put(
            f"{percent(rest):>7}  {len(orders) - len(shown):,} other orders (--explain lists them)",
            Tone.QUIET,
            indent=2,
        )


def _places(targets: Sequence[Target], place: dict[Target, int]) -> str:
    runs: list[str] = []
    for known, group in groupby(targets, key=lambda t: t in place):
        members = list(group)
        runs.append(numbers([place[t] for t in members]) if known else ", ".join(str(t) for t in members))
    return ", ".join(runs)


def percent(probability: float) -> str:
    """`50 %`, `33.3 %`, `< 0.1 %`."""
    if probability < 0.0005:
        return "< 0.1 %"
    return f"{round(probability * 100, 1):g} %"
