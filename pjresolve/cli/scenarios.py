"""`pjresolve scenarios`: the scenario library, a course in the order of its numbers."""

from __future__ import annotations

import typer


def scenarios() -> None:
    """List the scenarios that come with the program; `pjresolve simulate NAME` runs one."""
    from pjresolve.cli.options import columns
    from pjresolve.render.terminal import Page
    from pjresolve.scenario.format import load_scenario
    from pjresolve.scenario.library import scenario_paths

    page = Page(width=columns())
    library = scenario_paths()
    width = max(map(len, library), default=0)
    for name, path in library.items():
        page.put(f"{name:<{width}}  {load_scenario(path).name}", hang=width + 2)
    typer.echo(page.text(), nl=False)
