"""`pjresolve check FILE…`: what in a pjsip.conf keeps Asterisk from registering, or from failing over.

All options of the command are declared here; what they bring about is `cli.check.work`'s.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from pjresolve.cli.options import (
    ConfigDirOption,
    NameserverOption,
    NoColorOption,
    SnapshotOption,
    TimeoutOption,
    ZoneOption,
    colour_wanted,
)

EPILOG = (
    "Exit codes: 0 clean, 1 findings, 2 bad input, 3 DNS could not be asked. "
    "With --format nagios: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN."
)

FilesArgument: TypeAlias = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="pjsip.conf; included files are read with it.")
]
NoDnsOption: TypeAlias = Annotated[
    bool, typer.Option("--no-dns", help="Ask nothing: only what the file itself shows is checked.")
]
FormatOption: TypeAlias = Annotated[
    str, typer.Option("--format", metavar="FORMAT", help="text, json, sarif, github, junit or nagios.")
]
SelectOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="CODES", help="Only these rules or families, as PJ201,PJ4."),
]
IgnoreOption: TypeAlias = Annotated[
    list[str] | None, typer.Option("--ignore", metavar="CODES", help="All rules but these.")
]
FailOnOption: TypeAlias = Annotated[
    str, typer.Option("--fail-on", metavar="SEVERITY", help="error, warning or info: what exits with 1.")
]
AsteriskOption: TypeAlias = Annotated[
    str,
    typer.Option("--asterisk", metavar="VERSION", help="The version that runs, as 13.10; default: current."),
]


def check(
    files: FilesArgument,
    config_dir: ConfigDirOption = None,
    nameserver: NameserverOption = None,
    timeout: TimeoutOption = 5.0,
    zone: ZoneOption = None,
    snapshot: SnapshotOption = None,
    no_dns: NoDnsOption = False,
    output: FormatOption = "text",
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    fail_on: FailOnOption = "warning",
    asterisk: AsteriskOption = "22",
    no_color: NoColorOption = False,
) -> None:
    """Check pjsip.conf before it is deployed: findings with consequences, and a verdict a registration.

    A finding is left out with `; noqa: PJ201` at the end of its line. `pjresolve rule PJ201` explains a rule.
    """
    from pjresolve.cli.check.work import Request, check
    from pjresolve.scenario.choice import Choice

    request = Request(
        files=tuple(files),
        config_dir=config_dir,
        choice=Choice(tuple(nameserver or ()), timeout, tuple(zone or ()), tuple(snapshot or ())),
        no_dns=no_dns,
        output=output,
        select=tuple(select or ()),
        ignore=tuple(ignore or ()),
        fail_on=fail_on,
        asterisk=asterisk,
        colour=colour_wanted(no_color),
    )
    raise typer.Exit(check(request))
