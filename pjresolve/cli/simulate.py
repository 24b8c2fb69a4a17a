"""`pjresolve simulate SCENARIO…`: run scenario files, or scenarios of the library by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from pjresolve.cli.options import NoColorOption, SeedOption, StackOption, colour_wanted
from pjresolve.cli.pictures import (
    GraphOption,
    HtmlOption,
    LadderFileOption,
    LadderOption,
    Pictures,
    put_ladder,
)

if TYPE_CHECKING:
    from pjresolve.lint.finding import Finding


def simulate(
    scenarios: Annotated[
        list[str], typer.Argument(metavar="SCENARIO...", help="Files, or names of the scenario library.")
    ],
    json: Annotated[
        bool, typer.Option("--json", help="The predictions as JSON: one object, or a list for several.")
    ] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Every event with its reason.")] = False,
    registration: Annotated[
        str | None,
        typer.Option(
            "--registration", "-r", metavar="NAME", help="Which registration; default: the file's first."
        ),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until", metavar="TIME", help="Simulate for so long, e.g. 20m; default: as the scenario says."
        ),
    ] = None,
    seed: SeedOption = None,
    stack: StackOption = None,
    ladder: LadderOption = False,
    ladder_file: LadderFileOption = None,
    graph: GraphOption = None,
    html: HtmlOption = None,
    no_color: NoColorOption = False,
) -> None:
    """Run scenarios: the timeline, the verdict, and whether it is as the scenario expects.

    Exits with 0 where every expectation holds, or, without any, where it registers.
    """
    import sys
    from dataclasses import replace

    from pjresolve.errors import BadInput
    from pjresolve.prediction.expectations import differences
    from pjresolve.prediction.faults import read_time
    from pjresolve.prediction.inquiry import refuse_unknown
    from pjresolve.prediction.run import simulate_scenario
    from pjresolve.render.json import expectation_fields, write_predictions
    from pjresolve.render.terminal import Page
    from pjresolve.render.text.compare import put_comparison
    from pjresolve.render.text.page import put_differences, put_simulation
    from pjresolve.scenario.format import load_scenario
    from pjresolve.scenario.library import find_scenario
    from pjresolve.stacks import DEFAULT_STACK, stack_named

    pictures = Pictures(ladder, graph, html, ladder_file).check(json=json)
    horizon = read_time(until, "--until") if until is not None else None
    if horizon == 0:
        raise BadInput("a run of no time shows nothing", where="--until", hint="write e.g. 20m")
    stacks = [stack_named(name.strip()).name for name in (stack or DEFAULT_STACK).split(",")]
    pictures.check_count(len(scenarios) * len(stacks))
    loaded = [load_scenario(path) for path in map(find_scenario, scenarios)]
    if horizon is not None:
        loaded = [replace(s, duration=horizon, stop="duration") for s in loaded]
    runs = [
        [simulate_scenario(s, seed=seed, registration=registration, stack=name) for name in stacks]
        for s in loaded
    ]
    for s, run in zip(loaded, runs, strict=True):
        refuse_unknown(run, s)
    found = [(p, differences(p)) for run in runs for p in run]
    findings: tuple[Finding, ...] = ()
    if html is not None:
        from pjresolve.lint.run import findings_in
        from pjresolve.prediction.run import scenario_config

        findings = findings_in(found[0][0].scenario, scenario_config(found[0][0].scenario))
    pictures.write(found[0][0], findings=findings, differences=found[0][1])
    if json:
        write_predictions(sys.stdout, [(p, expectation_fields(p, failed)) for p, failed in found])
    elif ladder:
        page = Page(colour_wanted(no_color))
        for p, failed in found:
            page.gap()
            put_ladder(page, p)
            put_differences(page, p, failed)
        sys.stdout.write(page.text())
    elif len(stacks) > 1:
        page = Page(colour_wanted(no_color))
        for run in runs:
            page.gap()
            put_comparison(page, run, run[0].scenario.name)
        sys.stdout.write(page.text())
    else:
        page = Page(colour_wanted(no_color))
        for p, failed in found:
            page.gap()
            put_simulation(page, p, failed, explain=explain)
        sys.stdout.write(page.text())
    well = all(not failed and (p.registered or p.scenario.expect is not None) for p, failed in found)
    raise typer.Exit(0 if well else 1)
