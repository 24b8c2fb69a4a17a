"""`pjresolve stacks`: whose behaviour is known, and how that was verified."""

from __future__ import annotations

import typer


def stacks() -> None:
    """List the SIP stacks that can be predicted, and how each was verified."""
    from pjresolve.cli.options import columns
    from pjresolve.render.terminal import Page
    from pjresolve.stacks import all_stacks
    from pjresolve.story.lines import Tone

    page = Page(width=columns())
    for stack in all_stacks():
        page.put(f"{stack.name}: {stack.title}", Tone.HEAD)
        page.put(stack.verified, indent=2)
    typer.echo(page.text(), nl=False)
