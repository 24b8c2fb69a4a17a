"""`pjresolve check FILE…`: what in a pjsip.conf keeps Asterisk from registering, or from failing over.

All options of the command are declared here; what they bring about is `cli.check.work`'s.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from pjresolve.cli.options import (
    TIMEOUT,
    ConfigDirOption,
    NameserverOption,
    NoColorOption,
    OfflineOption,
    SnapshotOption,
    TimeoutOption,
    ZoneOption,
    colour_wanted,
    columns,
    existing_folder,
    source_named,
)

EPILOG = (
    "Exit codes: 0 nothing found from --fail-on upward, 1 findings, 2 bad input, or answers that do not hold "
    "the host of a registration, 3 the DNS could not be asked. With --format nagios: 0 OK, 1 WARNING, "
    "2 CRITICAL, 3 UNKNOWN."
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
    timeout: TimeoutOption = TIMEOUT,
    zone: ZoneOption = None,
    snapshot: SnapshotOption = None,
    offline: OfflineOption = False,
    no_dns: NoDnsOption = False,
    output: FormatOption = "text",
    select: SelectOption = None,
    ignore: IgnoreOption = None,
    fail_on: FailOnOption = "warning",
    asterisk: AsteriskOption = "22",
    no_color: NoColorOption = False,
) -> None:
    """Check pjsip.conf before it is deployed: findings, what follows, and a verdict for each registration.

    A finding is left out with `; noqa: PJ201` at the end of its line. `pjresolve rule PJ201` explains a rule.
    """
    from pjresolve.cli.check.work import Request, check

    request = Request(
        files=tuple(files),
        config_dir=existing_folder(config_dir),
        choice=source_named(nameserver, timeout, zone, snapshot, offline),
        no_dns=no_dns,
        output=output,
        select=tuple(select or ()),
        ignore=tuple(ignore or ()),
        fail_on=fail_on,
        asterisk=asterisk,
        colour=colour_wanted(no_color),
        width=columns(),
    )
    raise typer.Exit(check(request))
