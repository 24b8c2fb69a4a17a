"""The command `simulate` at work: scenarios in; timelines, verdicts and what was not expected out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from pjresolve.cli.pictures import Output, Shown, put_ladder
from pjresolve.dns.source import Origin
from pjresolve.lint.finding import Finding
from pjresolve.prediction.ask import ask_scenario, stacks_named
from pjresolve.prediction.expectations import Difference, differences
from pjresolve.prediction.outages import outages
from pjresolve.prediction.prediction import Prediction
from pjresolve.render.json import expectation_fields, write_predictions
from pjresolve.render.terminal import Page
from pjresolve.render.text.compare import put_comparison
from pjresolve.render.text.page import put_differences, put_simulation
from pjresolve.scenario.format import load_scenario
from pjresolve.scenario.library import find_scenario
from pjresolve.story.verdict import verdict


class Compared(NamedTuple):
    """A prediction, and the expectations of its scenario that fail."""

    prediction: Prediction
    failed: list[Difference]


def simulate(
    names: Sequence[str],
    registration: str | None,
    until: float | None,
    seed: int | None,
    stack: str,
    output: Output,
    root: Path | None = None,
) -> int:
    """Run each of the scenarios with each stack, print, write the pictures; returns the exit code.

    `until` in seconds; `root` is where files that they name may lie, too. Raises BadInput.
    """
    stacks = stacks_named(stack)
    output.pictures.check_count(len(names) * len(stacks))
    scenarios = [load_scenario(path, root) for path in map(find_scenario, names)]
    found = [
        Compared(p, differences(p))
        for scenario in scenarios
        for p in ask_scenario(scenario, registration=registration, until=until, seed=seed, stack=stacks)
    ]
    first = found[0]
    output.pictures.write(_shown(found, registration, output), findings=_findings(first, output))
    if output.json:
        write_predictions(sys.stdout, [(p, expectation_fields(p, failed)) for p, failed in found])
    else:
        _write_text(found, len(stacks), output)
    return 0 if all(not failed and _is_well(p) for p, failed in found) else 1


def _is_well(prediction: Prediction) -> bool:
    """Whether it registers, where nothing else is expected and there is a registration at all."""
    expected = prediction.scenario.expect is not None or not prediction.registration
    return expected or verdict(prediction).registers


def _shown(found: Sequence[Compared], registration: str | None, output: Output) -> list[Shown]:
    """What the pictures show: of one scenario all its registrations, unless one was named."""
    if output.pictures.html is None:
        return [Shown(p, (), failed) for p, failed in found]
    first = found[0]
    if len(found) == 1 and registration is None:
        name = first.prediction.registration
        found = [
            first if p.registration == name else Compared(p, []) for p in first.prediction.machine
        ] or found
    return [Shown(p, list(outages(p)), failed) for p, failed in found]


def _findings(found: Compared, output: Output) -> tuple[Finding, ...]:
    """What the report says of the scenario's configuration."""
    if output.pictures.html is None:
        return ()
    from pjresolve.lint.run import findings_in
    from pjresolve.prediction.run import scenario_config

    scenario = found.prediction.scenario
    return findings_in(scenario, scenario_config(scenario))


def _write_text(found: list[Compared], stacks: int, output: Output) -> None:
    """A part for each scenario, whose predictions, one for each of so many stacks, stand together."""
    page = Page(output.colour, output.width)
    for number in range(0, len(found), stacks):
        run = found[number : number + stacks]
        if stacks > 1 and not output.pictures.ladder:
            page.gap()
            put_comparison(page, [p for p, _ in run], Origin(run[0].prediction.scenario.name))
            continue
        for prediction, failed in run:
            page.gap()
            if output.pictures.ladder:
                put_ladder(page, prediction)
                put_differences(page, prediction, failed)
            else:
                put_simulation(page, prediction, failed, explain=output.explain)
    sys.stdout.write(page.text())
