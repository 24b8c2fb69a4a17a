"""The command `trunk` at work: from a question to tables.

Rules of this file: options are read and checked before any name server is asked.
"""

from __future__ import annotations

import json as written
import sys

from pjresolve.cli.progress import Progress, run
from pjresolve.prediction.ask_trunk import TrunkQuestion, answers_to_trunks, ask_trunks, trunk_inquiry_of
from pjresolve.scenario.choice import Choice
from pjresolve.story.trunks import warnings


def trunk(question: TrunkQuestion, choice: Choice, *, json: bool, colour: bool, width: int) -> int:
    """Answer, and print; returns the exit code. Raises BadInput and DnsUnavailable."""
    inquiry = trunk_inquiry_of(question)
    with Progress() as progress:
        inquiry, answers = answers_to_trunks(inquiry, choice, progress.asking)
        found = run(ask_trunks(inquiry, answers))
    if json:
        from pjresolve.render.json import trunk_fields

        text = written.dumps(trunk_fields(found, answers.answers_from), indent=2) + "\n"
    else:
        from pjresolve.render.terminal import Page
        from pjresolve.render.text.trunk import put_origin, put_trunk

        page = Page(colour, width)
        for prediction in found:
            put_trunk(page, prediction)
        put_origin(page, answers.answers_from)
        text = page.text()
    sys.stdout.write(text)
    return 1 if any(warnings(prediction) for prediction in found) else 0
