"""Several stacks side by side, for one registration.

Rules of this file: one column for each stack, one row for each thing that can differ; cells are wrapped.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from itertools import zip_longest

from pjresolve.dns.source import Origin
from pjresolve.errors import printable
from pjresolve.prediction.prediction import Prediction
from pjresolve.render.terminal import Page
from pjresolve.render.text.page import stack_title
from pjresolve.story.lines import Tone
from pjresolve.story.verdict import verdict
from pjresolve.words import span

LABEL = 11
"""Columns of the labels on the left."""
GAP = 2


def put_comparison(page: Page, predictions: Sequence[Prediction], answers: Origin) -> None:
    """One table; `predictions` are those of one registration."""
    page.put(predictions[0].registration, Tone.HEAD)
    if answers:
        page.put(answers, Tone.QUIET if answers.captured else Tone.WARN)
    page.gap()
    width = (page.width - LABEL - GAP * (len(predictions) - 1)) // len(predictions)
    _row(page, "", [[stack_title(p.stack)] for p in predictions], width, Tone.HEAD)
    _row(page, "queries", [_queries(p) for p in predictions], width)
    _row(page, "targets", [_targets(p) for p in predictions], width)
    _row(page, "verdict", [[verdict(p).text] for p in predictions], width)
    _row(page, "why", [list(verdict(p).reasons) for p in predictions], width)
    _row(page, "status", [[f"{p.status} after {span(p.end)}"] for p in predictions], width)


def _queries(prediction: Prediction) -> list[str]:
    return [str(q) for q in prediction.resolution.queries] if prediction.resolution else []


def _targets(prediction: Prediction) -> list[str]:
    return [f"{n} {t.transport.name} {t.socket}" for n, t in enumerate(prediction.targets, 1)]


def _row(page: Page, label: str, cells: Sequence[list[str]], width: int, tone: Tone = Tone.PLAIN) -> None:
    columns = [
        [
            part
            for line in cell
            for part in textwrap.wrap(
                printable(line, 2000), width, subsequent_indent="  ", break_on_hyphens=False
            )
        ]
        or ["-"]
        for cell in cells
    ]
    for number, parts in enumerate(zip_longest(*columns, fillvalue="")):
        text = (" " * GAP).join(f"{part:<{width}}" for part in parts)
        page.put(f"{label if not number else '':<{LABEL}}{text}".rstrip(), tone)
