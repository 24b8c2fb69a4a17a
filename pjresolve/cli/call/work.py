"""The command `call` at work: from a question to what becomes of a call, to output.

Rules of this file: options are read and checked before any name server is asked.
"""

from __future__ import annotations

import json as written
import sys

from pjresolve.cli.progress import Progress, run
from pjresolve.prediction.ask_call import CallQuestion, answers_to_call, ask_call, call_inquiry_of
from pjresolve.render.terminal import Page
from pjresolve.scenario.choice import Choice
from pjresolve.story.calls import call_verdict


def call(
    question: CallQuestion, choice: Choice, *, json: bool, explain: bool, colour: bool, width: int
) -> int:
    """Answer, and print; returns the exit code. Raises BadInput and DnsUnavailable."""
    inquiry = call_inquiry_of(question)
    with Progress() as progress:
        inquiry, answers = answers_to_call(inquiry, choice, progress.asking)
        called = run(ask_call(inquiry, answers))
    if json:
        from pjresolve.render.json import call_fields

        text = written.dumps(call_fields(called, answers.answers_from), indent=2) + "\n"
    else:
        from pjresolve.render.text.call import put_called

        page = Page(colour, width)
        put_called(page, called, answers=answers.answers_from, explain=explain)
        text = page.text()
    sys.stdout.write(text)
    return 0 if call_verdict(called.call).answered else 1
