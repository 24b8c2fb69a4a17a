"""`pjresolve show`: what Asterisk's own commands will print, and the REGISTER that will be sent.

All options of the command are declared here; what they bring about is `cli.showing`'s.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pjresolve.cli.options import ConfigDirOption, OfflineOption, TimeoutOption, ZoneOption


class What(StrEnum):
    """What can be shown."""

    TRANSPORTS = "transports"
    SOCKETS = "sockets"
    REGISTRATIONS = "registrations"
    REGISTER = "register"


EPILOG = """\
transports is `pjsip show transports`, sockets is `ss -lntu`, registrations is `pjsip show registrations`;
register is the REGISTER towards one target. Only the last two need DNS. Remarks go to standard error.
"""


def show(
    what: Annotated[What, typer.Argument(help="What to show.", show_choices=True)],
    config: Annotated[Path, typer.Option("--config", "-c", metavar="FILE", help="The pjsip.conf.")],
    registration: Annotated[
        str | None,
        typer.Option("--registration", "-r", metavar="NAME", help="One registration; default: all."),
    ] = None,
    config_dir: ConfigDirOption = None,
    target: Annotated[
        str | None,
        typer.Option(
            "--target",
            metavar="N|ADDRESS",
            help="register: by number or address, or, without DNS, tcp/ADDRESS:PORT; default: the first.",
        ),
    ] = None,
    credentials: Annotated[
        bool, typer.Option("--credentials", help="register: the request that answers a challenge.")
    ] = False,
    local4: Annotated[
        str | None,
        typer.Option(
            "--local4", metavar="ADDRESS", help="register: this host's IPv4 address, for bind=0.0.0.0."
        ),
    ] = None,
    local6: Annotated[
        str | None,
        typer.Option(
            "--local6", metavar="ADDRESS", help="register: this host's IPv6 address, for bind=[::]."
        ),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--at", metavar="TIME", help="registrations: so long after the first query; default: settled."
        ),
    ] = None,
    nameserver: Annotated[
        list[str] | None,
        typer.Option("--nameserver", metavar="ADDR[#PORT]", help="Ask this name server; repeatable."),
    ] = None,
    timeout: TimeoutOption = 5.0,
    zone: ZoneOption = None,
    snapshot: Annotated[
        Path | None, typer.Option("--snapshot", metavar="FILE", help="Answers from a snapshot.")
    ] = None,
    offline: OfflineOption = False,
) -> None:
    """Show what Asterisk will print or send once it runs with FILE."""
    from pjresolve.cli.answers import choice_of
    from pjresolve.cli.showing import Asked, answer

    asked = Asked(
        what=what,
        config=config,
        registration=registration,
        config_dir=config_dir,
        target=target,
        credentials=credentials,
        local4=local4,
        local6=local6,
        at=at,
        choice=choice_of(nameserver, timeout, zone, snapshot, offline),
    )
    raise typer.Exit(answer(asked))
