"""`pjresolve simulate SCENARIO…`: run scenario files, or scenarios of the library by name.

All options of the command are declared here; what they bring about is `cli.simulate.work`'s.
"""

from __future__ import annotations

from typing import Annotated

import typer

from pjresolve.cli.options import NoColorOption, SeedOption, StackOption, colour_wanted
from pjresolve.cli.pictures import GraphOption, HtmlOption, LadderFileOption, LadderOption, Output, Pictures


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
    from pjresolve.cli.simulate.work import simulate
    from pjresolve.prediction.times import read_until
    from pjresolve.stacks import DEFAULT_STACK

    output = Output(
        Pictures(ladder, graph, html, ladder_file).check(json=json), json, explain, colour_wanted(no_color)
    )
    stacks = stack or DEFAULT_STACK
    raise typer.Exit(simulate(scenarios, registration, read_until(until), seed, stacks, output))
