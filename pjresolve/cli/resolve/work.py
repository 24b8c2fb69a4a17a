"""The main command at work: from a question to an answer, to output.

Rules of this file: options are read and checked before any name server is asked.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pjresolve.cli.pictures import Output, Shown, put_ladder
from pjresolve.cli.progress import Progress, run
from pjresolve.dns.source import Origin
from pjresolve.errors import BadInput
from pjresolve.lint.finding import Finding
from pjresolve.prediction.answers import Answers, answers_for
from pjresolve.prediction.ask import Predicted, Question, ask, inquiry_of, stacks_named
from pjresolve.prediction.inquiry import Inquiry
from pjresolve.scenario.choice import Choice
from pjresolve.story.verdict import verdict

if TYPE_CHECKING:
    from pjresolve.prediction.beside import CallBeside


def resolve(question: Question, choice: Choice, output: Output) -> int:
    """Answer, print, write the pictures; returns the exit code. Raises BadInput and DnsUnavailable."""
    stacks = len(stacks_named(question.stack))
    if not (question.domain is not None or question.config or question.registrations or question.config_dir):
        hint = "write pjresolve DOMAIN, or pjresolve -c pjsip.conf"
        raise BadInput("no domain and no --config is given", hint=hint)
    inquiry = inquiry_of(question)
    output.pictures.check_count(len(inquiry.registrations) * stacks)
    with Progress() as progress:
        inquiry, answers = answers_for(inquiry, choice, progress.asking)
        found, calls = run(_ask(inquiry, answers, question, what_if=output.json or stacks == 1))
    first = found[0]
    findings: tuple[Finding, ...] = ()
    if output.pictures.html is not None and question.config is not None:
        from pjresolve.lint.run import findings_in

        findings = findings_in(first.prediction.scenario, inquiry.config)
    shown = [Shown(p, outages) for p, outages in found]
    output.pictures.write(shown, findings=findings, answers=answers.answers_from)
    if output.json:
        _write_json(found, calls, answers.answers_from)
    else:
        _write_text(found, calls, answers.answers_from, stacks, output, question.config)
    return 0 if all(verdict(p).registers for p, _ in found) else 1


async def _ask(
    inquiry: Inquiry, answers: Answers, question: Question, *, what_if: bool
) -> tuple[list[Predicted], dict[str, list[CallBeside]]]:
    """The predictions, and of a configuration where its calls go."""
    found = await ask(inquiry, answers, what_if=what_if)
    if question.config is None:
        return found, {}
    from pjresolve.prediction.beside import ask_calls

    return found, await ask_calls(inquiry, answers)


def _write_json(found: list[Predicted], calls: dict[str, list[CallBeside]], answers: Origin) -> None:
    from pjresolve.render.json import main_fields, write_predictions

    rows = [(p, main_fields(p, outages, answers, calls.get(p.registration, ()))) for p, outages in found]
    write_predictions(sys.stdout, rows)


def _write_text(
    found: list[Predicted],
    calls: dict[str, list[CallBeside]],
    answers: Origin,
    stacks: int,
    output: Output,
    config: Path | None,
) -> None:
    """A part for each registration, whose predictions, one for each of so many stacks, stand together."""
    from pjresolve.render.terminal import Page
    from pjresolve.render.text.compare import put_comparison
    from pjresolve.render.text.page import put_calls, put_prediction
    from pjresolve.story.lines import Tone

    page = Page(output.colour, output.width)
    for number in range(0, len(found), stacks):
        page.gap()
        predictions = [p for p, _ in found[number : number + stacks]]
        if output.pictures.ladder:
            for prediction in predictions:
                page.gap()
                put_ladder(page, prediction, answers)
        elif stacks > 1:
            put_comparison(page, predictions, answers)
        else:
            prediction, outages = found[number]
            put_prediction(page, prediction, outages, answers=answers, explain=output.explain)
            put_calls(page, calls.get(prediction.registration, ()))
    if config is not None:
        page.gap()
        page.paste(f"What is wrong with the file itself: pjresolve check {config}", Tone.QUIET)
    sys.stdout.write(page.text())
