"""`pjresolve simulate SCENARIO…`: run scenario files, or scenarios of the library by name.

All options of the command are declared here; what they bring about is `cli.simulate.work`'s.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pjresolve.cli.options import NoColorOption, SeedOption, StackOption, colour_wanted, columns, read_seed
from pjresolve.cli.pictures import GraphOption, HtmlOption, LadderFileOption, LadderOption, Output, Pictures

EPILOG = """\
Exit codes: 0 all that is expected holds, and what expects nothing registers and is registered at the end;
1 it is not so; 2 bad input.
"""


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
    root: Annotated[
        Path | None,
        typer.Option("--root", metavar="DIR", help="Where files named by a scenario may lie, too."),
    ] = None,
    seed: SeedOption = None,
    stack: StackOption = None,
    ladder: LadderOption = False,
    ladder_file: LadderFileOption = None,
    graph: GraphOption = None,
    html: HtmlOption = None,
    no_color: NoColorOption = False,
) -> None:
    """Run scenarios: the timeline, the verdict, and whether it is as the scenario expects."""
    from pjresolve.cli.simulate.work import simulate
    from pjresolve.prediction.times import read_until
    from pjresolve.stacks import DEFAULT_STACK

    pictures = Pictures(ladder, graph, html, ladder_file).check(json=json)
    output = Output(pictures, json, explain, colour_wanted(no_color), columns())
    stacks = DEFAULT_STACK if stack is None else stack
    raise typer.Exit(
        simulate(scenarios, registration, read_until(until), read_seed(seed), stacks, output, root)
    )
