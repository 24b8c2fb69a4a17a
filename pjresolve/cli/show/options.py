"""`pjresolve show`: what Asterisk's own commands will print, and the requests that will be sent.

All options of the command are declared here; what they bring about is `cli.show.work`'s.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from pjresolve.cli.options import (
    TIMEOUT,
    ConfigDirOption,
    NameserverOption,
    OfflineOption,
    SnapshotOption,
    TimeoutOption,
    ZoneOption,
    existing_folder,
    source_named,
)
from pjresolve.cli.show.request import Request

EPILOG = """\
transports, registrations, endpoints, contacts, aors and identifies: what `pjsip show` of that name prints;
sockets: `ss -lntu`; register, invite: the request towards one target. DNS is asked only where it matters.
Remarks go to standard error.

Exit codes: 0 shown; 2 bad input; 3 the DNS could not be asked.
"""

WhatArgument: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="WHAT",
        help="transports, sockets, registrations, endpoints, contacts, aors, identifies, register or invite.",
    ),
]
ConfigOption: TypeAlias = Annotated[
    Path, typer.Option("--config", "-c", metavar="FILE", help="The pjsip.conf.")
]
RegistrationOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--registration", "-r", metavar="NAME", help="This registration; repeatable; default: all."),
]
TargetOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--target",
        metavar="N|ADDRESS",
        help="register, invite: by number or address, or, without DNS, tcp/ADDRESS:PORT; default: the first.",
    ),
]
CredentialsOption: TypeAlias = Annotated[
    bool, typer.Option("--credentials", help="register, invite: the request that answers a challenge.")
]
Local4Option: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--local4", metavar="ADDRESS", help="register, invite: this host's address, for bind=0.0.0.0."
    ),
]
Local6Option: TypeAlias = Annotated[
    str | None,
    typer.Option("--local6", metavar="ADDRESS", help="register, invite: this host's address, for bind=[::]."),
]
EndpointArgument: TypeAlias = Annotated[
    str | None, typer.Argument(metavar="ENDPOINT", help="invite: whose call it is.")
]
NumberArgument: TypeAlias = Annotated[
    str | None,
    typer.Argument(metavar="NUMBER", help="Or a whole URI; default: the contact as it stands."),
]
CallerOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--caller", metavar="CALLERID", help="invite: who calls, as CALLERID(all); '' for nobody."),
]
WithheldOption: TypeAlias = Annotated[
    bool, typer.Option("--withheld", help="invite: the caller wants not to be named (CALLERID(pres)=prohib).")
]
AtOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--at", metavar="TIME", help="registrations, contacts: so long after the start; default: settled."
    ),
]


def show(
    what: WhatArgument,
    config: ConfigOption,
    endpoint: EndpointArgument = None,
    number: NumberArgument = None,
    caller: CallerOption = None,
    withheld: WithheldOption = False,
    registration: RegistrationOption = None,
    config_dir: ConfigDirOption = None,
    target: TargetOption = None,
    credentials: CredentialsOption = False,
    local4: Local4Option = None,
    local6: Local6Option = None,
    at: AtOption = None,
    nameserver: NameserverOption = None,
    timeout: TimeoutOption = TIMEOUT,
    zone: ZoneOption = None,
    snapshot: SnapshotOption = None,
    offline: OfflineOption = False,
) -> None:
    """Show what Asterisk will print or send once it runs with FILE."""
    from pjresolve.cli.show.request import read_what
    from pjresolve.cli.show.work import show

    choice = source_named(nameserver, timeout, zone, snapshot, offline)
    request = Request(
        what=read_what(what),
        config=config,
        registrations=tuple(registration or ()),
        config_dir=existing_folder(config_dir),
        target=target,
        credentials=credentials,
        local4=local4,
        local6=local6,
        at=at,
        choice=choice,
        endpoint=endpoint,
        number=number,
        caller=caller,
        withheld=withheld,
    )
    raise typer.Exit(show(request))
