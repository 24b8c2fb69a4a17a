"""`pjresolve call`: what becomes of a call out.

All options of the command are declared here; what they bring about is `cli.call.work`'s.
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
from pjresolve.cli.pictures import (
    GraphOption,
    HtmlOption,
    LadderFileOption,
    LadderOption,
    Output,
    Pictures,
)
from pjresolve.cli.resolve.options import (
    DnsFaultOption,
    DownOption,
    ExplainOption,
    FaultOption,
    NoIpv4Option,
    NoIpv6Option,
    PinOption,
    TransportsOption,
)

EPILOG = """\
The call begins on a machine at rest; with --while-registered once everything in FILE has registered and every
contact has been qualified. TIME is in seconds, or as 20m. BEHAVIOUR is as in `pjresolve resolve --help`.

Exit codes: 0 answered; 1 not answered; 2 bad input; 3 the DNS could not be asked.
"""


def call(
    ctx: typer.Context,
    endpoint: Annotated[
        str | None, typer.Argument(metavar="ENDPOINT", help="Whose call it is; none with --to.")
    ] = None,
    number: Annotated[
        str | None,
        typer.Argument(metavar="NUMBER", help="Or a whole URI; default: the contact as it stands."),
    ] = None,
    config: Annotated[
        Path | None, typer.Option("--config", "-c", metavar="FILE", help="The pjsip.conf.")
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="DOMAIN", help="Instead of a file: call NUMBER at this host or URI."),
    ] = None,
    while_registered: Annotated[
        bool, typer.Option("--while-registered", help="Begin from a running system, not from one at rest.")
    ] = False,
    dial_timeout: Annotated[
        str, typer.Option("--dial-timeout", metavar="TIME", help="How long Dial waits for an answer.")
    ] = "60s",
    config_dir: ConfigDirOption = None,
    transports: TransportsOption = None,
    pin: PinOption = None,
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
    at: Annotated[
        list[str] | None,
        typer.Option(
            "--at", metavar="TIME", help="The --down and --fault after it happen so long into the call."
        ),
    ] = None,
    seed: SeedOption = None,
    explain: ExplainOption = False,
    ladder: LadderOption = False,
    ladder_file: LadderFileOption = None,
    graph: GraphOption = None,
    html: HtmlOption = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    no_color: NoColorOption = False,
) -> None:
    """Predict a call of NUMBER through ENDPOINT: where it goes, when it is answered, or why not."""
    from pjresolve.cli.call.work import call
    from pjresolve.cli.faults import read_faults
    from pjresolve.errors import Parameter
    from pjresolve.prediction.ask_call import CallQuestion
    from pjresolve.prediction.times import read_time

    pictures = Pictures(ladder, graph, html, ladder_file).check(json=json)
    if to is not None and number is None:  # only NUMBER is left to be named
        endpoint, number = None, endpoint
    question = CallQuestion(
        config=config,
        to=to,
        endpoint=endpoint,
        number=number or "",
        config_dir=existing_folder(config_dir) if config else config_dir,
        transports=transports,
        pin=pin,
        faults=read_faults(ctx.meta[ORDERED]),
        dial_timeout=read_time(dial_timeout, Parameter("dial_timeout")),
        while_registered=while_registered,
        seed=read_seed(seed),
    )
    choice = source_named(nameserver, timeout, zone, snapshot, offline)
    output = Output(pictures, json, explain, colour_wanted(no_color), columns())
    raise typer.Exit(call(question, choice, output))
