"""A trunk as text: where each kind of request goes, what outages cost, and where the kinds part.

Rules of this file: what is to be minded stands above the tables.
"""

from __future__ import annotations

from collections.abc import Sequence

from pjresolve.dns.source import Origin
from pjresolve.model import Target
from pjresolve.prediction.trunk import TrunkName, TrunkPrediction
from pjresolve.render.terminal import Page
from pjresolve.story.lines import Tone
from pjresolve.story.trunks import Way, costs, senders, warnings, ways

MOST_WARNINGS = 12
MOST_ADDRESSES = 6
IN = "INVITE in"
KIND = len("INVITE out")
"""Columns that the kinds of request take."""


def put_trunk(page: Page, trunk: TrunkPrediction) -> None:
    """Everything that is said of one trunk."""
    page.gap()
    page.put(title(trunk.name), Tone.HEAD)
    said = warnings(trunk)
    for warning in said[:MOST_WARNINGS]:
        page.put(warning, Tone.WARN, indent=2)
    if len(said) > MOST_WARNINGS:
        page.put(f"and {len(said) - MOST_WARNINGS} more", Tone.WARN, indent=2)
    if not said:
        page.put("registration and calls go the same way, in health and in each outage", Tone.GOOD, indent=2)
    _put_ways(page, trunk)
    _put_costs(page, trunk)


def title(name: TrunkName) -> str:
    """`itsp: registration itsp, endpoint itsp`."""
    parts = [f"registration {name.registration}"] if name.registration else ["no registration"]
    parts.append(f"endpoint {name.endpoint}" if name.endpoint else "no endpoint")
    return f"{name.title}: {', '.join(parts)}"


def _put_ways(page: Page, trunk: TrunkPrediction) -> None:
    found = ways(trunk)
    rows = [_way(way, way.target) for way in found if way.target is not None]
    page.gap()
    page.put("While all is well", Tone.HEAD)
    head = ("", "server", "address", "transport", "encrypted", "")
    widths = _widths([head, *rows])
    if rows:
        page.put(_row(head, widths), Tone.QUIET, indent=2)
    lines = iter(rows)
    for way in found:
        text = _row(next(lines), widths) if way.target is not None else f"{way.kind:<{KIND}}  {way.text}"
        page.put(text, way.tone, indent=2, hang=KIND + 2)
    for addresses, fate, tone in senders(trunk):
        more = f" and {len(addresses) - MOST_ADDRESSES} more" if len(addresses) > MOST_ADDRESSES else ""
        text = f"{IN:<{KIND}}  from {', '.join(addresses[:MOST_ADDRESSES])}{more}: {fate}"
        page.put(text, Tone.PLAIN if tone is Tone.GOOD else tone, indent=2, hang=KIND + 2)


def _way(way: Way, target: Target) -> tuple[str, ...]:
    encrypted = "yes" if way.encrypted else "no"
    return way.kind, way.host, target.socket, str(target.transport), encrypted, way.text


def _put_costs(page: Page, trunk: TrunkPrediction) -> None:
    """A row for each outage; columns as the kinds of request."""
    if not trunk.outages:
        return
    kinds = [kind for kind, there in _columns(trunk) if there]
    rows = [(outage.what, *(cost.text for cost in costs(trunk, outage))) for outage in trunk.outages]
    tones = [_worst([cost.tone for cost in costs(trunk, outage)]) for outage in trunk.outages]
    head = ("Outage, and the time lost", *kinds)
    widths = _widths([head, *rows])
    page.gap()
    if sum(widths) + 2 * (len(widths) - 1) <= page.width:
        page.put(_row(head, widths), Tone.HEAD)
        for row, tone in zip(rows, tones, strict=True):
            page.put(_row(row, widths), tone)
    else:
        page.put(head[0], Tone.HEAD)
        for (what, *cells), tone in zip(rows, tones, strict=True):
            page.put(what, tone, indent=2)
            for kind, cell in zip(kinds, cells, strict=True):
                page.put(f"{kind:<{KIND}}  {cell}", tone, indent=4, hang=KIND + 2)
    if any(outage.sudden for outage in trunk.outages):
        text = "falls silent: just before the call; all others were there when Asterisk started"
        page.put(text, Tone.QUIET)


def _columns(trunk: TrunkPrediction) -> list[tuple[str, bool]]:
    healthy = trunk.healthy
    return [
        ("REGISTER", healthy.registration is not None),
        ("OPTIONS", healthy.qualify is not None),
        ("INVITE out", True),
    ]


def _worst(tones: Sequence[Tone]) -> Tone:
    return next((tone for tone in (Tone.BAD, Tone.WARN) if tone in tones), Tone.PLAIN)


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [max(widths[0], KIND), *widths[1:]]


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True)).rstrip()


def put_origin(page: Page, answers: Origin) -> None:
    """Where the answers of the DNS came from."""
    if answers:
        page.gap()
        page.put(answers, Tone.QUIET if answers.captured else Tone.WARN)
