"""`pjresolve trunk`: registration, qualified contact and calls of each trunk, side by side.

All options of the command are declared here; what they bring about is `cli.trunk.work`'s.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pjresolve.cli.commands import ORDERED
from pjresolve.cli.options import (
    TIMEOUT,
    ConfigDirOption,
    NameserverOption,
    NoColorOption,
    OfflineOption,
    SeedOption,
    SnapshotOption,
    TimeoutOption,
    ZoneOption,
    colour_wanted,
    columns,
    existing_folder,
    read_seed,
    source_named,
)
from pjresolve.cli.resolve.options import (
    DnsFaultOption,
    DownOption,
    FaultOption,
    NoIpv4Option,
    NoIpv6Option,
)

EPILOG = """\
A trunk is a registration with its endpoint, or an endpoint with a contact of its own. Every outage is a run
of the whole machine; faults that are given hold in all of them.

Exit codes: 0 registration and calls go the same way; 1 they part, or some are lost; 2 bad input; 3 the DNS
could not be asked.
"""


def trunk(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="NAME...", help="By registration or endpoint; default: all.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", metavar="FILE", help="The pjsip.conf.")
    ] = None,
    dial_timeout: Annotated[
        str, typer.Option("--dial-timeout", metavar="TIME", help="How long Dial waits for an answer.")
    ] = "60s",
    config_dir: ConfigDirOption = None,
    nameserver: NameserverOption = None,
    timeout: TimeoutOption = TIMEOUT,
    zone: ZoneOption = None,
    snapshot: SnapshotOption = None,
    offline: OfflineOption = False,
    down: DownOption = None,
    fault: FaultOption = None,
    dns_fault: DnsFaultOption = None,
    no_ipv4: NoIpv4Option = False,
    no_ipv6: NoIpv6Option = False,
    seed: SeedOption = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    no_color: NoColorOption = False,
) -> None:
    """Show where REGISTER, OPTIONS and INVITE of each trunk go, and what each kind of outage costs them."""
    from pjresolve.cli.faults import read_faults
    from pjresolve.cli.trunk.work import trunk
    from pjresolve.errors import BadInput, Parameter
    from pjresolve.prediction.ask_trunk import TrunkQuestion
    from pjresolve.prediction.times import read_time

    if config is None:
        raise BadInput("no --config is given", hint="write pjresolve trunk -c pjsip.conf")
    question = TrunkQuestion(
        config=config,
        names=tuple(names or ()),
        config_dir=existing_folder(config_dir),
        faults=read_faults(ctx.meta[ORDERED]),
        dial_timeout=read_time(dial_timeout, Parameter("dial_timeout")),
        seed=read_seed(seed),
    )
    choice = source_named(nameserver, timeout, zone, snapshot, offline)
    raise typer.Exit(trunk(question, choice, json=json, colour=colour_wanted(no_color), width=columns()))
