"""The program `pjresolve`: its commands, one file each.

Rules of this file:
- it starts in the time that typer takes: what a command needs is imported when it runs.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pjresolve.cli import migrate, record, rule, scenarios, stacks
from pjresolve.cli.call import options as call
from pjresolve.cli.check import options as check
from pjresolve.cli.commands import Command, OrderedCommand, Program
from pjresolve.cli.resolve import options as resolve
from pjresolve.cli.show import options as show
from pjresolve.cli.simulate import options as simulate
from pjresolve.cli.trunk import options as trunk
from pjresolve.cli.who import options as who

EPILOG = """\
`pjresolve DOMAIN [OPTIONS]` is `pjresolve resolve DOMAIN [OPTIONS]`; see `pjresolve resolve --help`.
A domain that has a command's name is written the long way, as in `pjresolve resolve record`.

Exit codes: 0 registers, or all is as expected; 1 does not; 2 bad input; 3 the DNS could not be asked.
`pjresolve COMMAND --help` says those of a command.
"""

app = typer.Typer(
    name="pjresolve",
    cls=Program,
    help="Predict where Asterisk's res_pjsip registers, where its calls go, and who gets in.",
    epilog=EPILOG,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"pjresolve {version('pjresolve')}")
        raise typer.Exit


@app.callback()
def program(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Predict where Asterisk's res_pjsip registers, where its calls go, and who gets in."""


app.command(
    "resolve",
    short_help="What a domain or pjsip.conf registers with, and why.",
    cls=OrderedCommand,
    epilog=resolve.EPILOG,
)(resolve.resolve)
app.command(
    "simulate", short_help="Run scenarios and check what they expect.", cls=Command, epilog=simulate.EPILOG
)(simulate.simulate)
app.command(
    "record", short_help="Write what the DNS says now as a snapshot.", cls=Command, epilog=record.EPILOG
)(record.record)
app.command(
    "show", short_help="What Asterisk will print and send once it runs.", cls=Command, epilog=show.EPILOG
)(show.show)
app.command("call", short_help="What becomes of a call out.", cls=OrderedCommand, epilog=call.EPILOG)(
    call.call
)
app.command(
    "trunk",
    short_help="Registration, OPTIONS and calls of each trunk, side by side.",
    cls=OrderedCommand,
    epilog=trunk.EPILOG,
)(trunk.trunk)
app.command("who", short_help="Whose a request is, and who gets in.", cls=Command, epilog=who.EPILOG)(who.who)
app.command("migrate", short_help="Write the pjsip.conf for a sip.conf.", cls=Command, epilog=migrate.EPILOG)(
    migrate.migrate
)
app.command("scenarios", short_help="List the bundled scenarios, a course.", cls=Command)(scenarios.scenarios)
app.command("stacks", short_help="List the SIP stacks that can be predicted.", cls=Command)(stacks.stacks)
app.command("check", short_help="Check pjsip.conf before it is deployed.", cls=Command, epilog=check.EPILOG)(
    check.check
)
app.command("rule", short_help="Explain a rule of `pjresolve check`.", cls=Command)(rule.rule)


def run() -> None:
    """The console script."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                errors="backslashreplace"
            )  # a terminal that cannot show an arrow still gets the line
    app()
