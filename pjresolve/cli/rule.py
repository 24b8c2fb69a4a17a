"""`pjresolve rule CODE`: a rule's manual; without a code, the list of all."""

from __future__ import annotations

from typing import Annotated

import typer


def rule(
    code: Annotated[
        str | None, typer.Argument(metavar="CODE", help="As PJ201, or a family as PJ2; default: list all.")
    ] = None,
) -> None:
    """Explain a rule of `pjresolve check`: what, why, bad and good."""
    from pjresolve.cli.options import columns
    from pjresolve.errors import BadInput, printable
    from pjresolve.lint.manual import manual, manual_text
    from pjresolve.lint.registry import rules
    from pjresolve.lint.rule import FAMILIES
    from pjresolve.lint.run import other_codes

    word = (code or "").strip().upper()
    if word in rules():
        typer.echo(manual_text(manual(rules()[word]), columns()), nl=False)
        return
    asked = word.rstrip("X")
    if code is not None and asked not in FAMILIES:
        raise BadInput(f"no rule is called {printable(code, 40)}", hint=other_codes(code))
    family = ""
    for found in rules().values():
        if not found.code.startswith(asked):
            continue
        if found.code[:3] != family:
            family = found.code[:3]
            typer.echo(f"{family}xx {FAMILIES[family]}")
        typer.echo(f"  {found.code} {found.severity:7} {manual(found).title}")
