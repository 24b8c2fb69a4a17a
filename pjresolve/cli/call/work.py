"""The command `call` at work: from a question to what becomes of a call, to output.

Rules of this file: options are read and checked before any name server is asked.
"""

from __future__ import annotations

import json as written
import sys

from pjresolve.cli.pictures import Output
from pjresolve.cli.progress import Progress, run
from pjresolve.dns.source import Origin
from pjresolve.prediction.ask_call import CallQuestion, answers_to_call, ask_call, call_inquiry_of
from pjresolve.prediction.call import Called
from pjresolve.render.terminal import Page
from pjresolve.scenario.choice import Choice
from pjresolve.story.calls import call_verdict


def call(question: CallQuestion, choice: Choice, output: Output) -> int:
    """Answer, and print; returns the exit code. Raises BadInput and DnsUnavailable."""
    inquiry = call_inquiry_of(question)
    with Progress() as progress:
        inquiry, answers = answers_to_call(inquiry, choice, progress.asking)
        called = run(ask_call(inquiry, answers))
    output.pictures.write_called(called, answers.answers_from)
    if output.json:
        from pjresolve.render.json import call_fields

        text = written.dumps(call_fields(called, answers.answers_from), indent=2) + "\n"
    else:
        text = _text(called, answers.answers_from, output)
    sys.stdout.write(text)
    return 0 if call_verdict(called.call).answered else 1


def _text(called: Called, answers: Origin, output: Output) -> str:
    from pjresolve.render.text.call import put_answer, put_called

    page = Page(output.colour, output.width)
    if output.pictures.ladder:
        from pjresolve.render.ladder.text import ladder_text

        put_answer(page, called, answers=answers)
        page.gap()
        page.raw(ladder_text(called, width=output.width, colour=output.colour))
    else:
        put_called(page, called, answers=answers, explain=output.explain)
    return page.text()
