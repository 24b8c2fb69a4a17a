"""`pjresolve rule CODE`: a rule's manual; without a code, the list of all."""

from __future__ import annotations

from typing import Annotated

import typer


def rule(
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="As in PJ201; default: list all.")
    ] = None,
) -> None:
    """Explain a rule of `pjresolve check`: what, why, bad and good."""
    from pjresolve.errors import BadInput, printable
    from pjresolve.lint.manual import manual, manual_text
    from pjresolve.lint.registry import rules
    from pjresolve.lint.rule import FAMILIES
    from pjresolve.lint.run import closest_codes

    if code is not None:
        known = rules().get(code.strip().upper())
        if known is None:
            near = ", ".join(closest_codes(code))
            raise BadInput(f"no rule is called {printable(code, 40)}", hint=f"the closest are {near}")
        typer.echo(manual_text(manual(known)), nl=False)
        return
    family = ""
    for found in rules().values():
        if found.code[:3] != family:
            family = found.code[:3]
            typer.echo(f"{family}xx {FAMILIES[family]}")
        typer.echo(f"  {found.code} {found.severity:7} {manual(found).title}")
