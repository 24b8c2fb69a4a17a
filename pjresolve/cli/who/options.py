"""`pjresolve who`: which endpoint a request is taken for, and who gets in.

All options of the command are declared here; what they bring about is `cli.who.work`'s.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

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

EPILOG = """\
One of --from, --message, --stranger and --provider says what is asked. DNS is only asked for names in
match=, and for the provider.

Exit codes: 0 the request gets in, no stranger does, or every address of the provider does; 1 it is not so;
2 bad input; 3 the DNS could not be asked.
"""


def who(
    config: Annotated[Path, typer.Option("--config", "-c", metavar="FILE", help="The pjsip.conf.")],
    source: Annotated[
        str | None, typer.Option("--from", metavar="ADDRESS", help="Where the request comes from.")
    ] = None,
    port: Annotated[
        str | None, typer.Option("--port", metavar="PORT", help="From this port; default: 5060 over UDP.")
    ] = None,
    transport: Annotated[
        str | None, typer.Option("--transport", metavar="PROTOCOL", help="udp, tcp or tls; default: udp.")
    ] = None,
    method: Annotated[
        str | None, typer.Option("--method", metavar="METHOD", help="Of the request; default: INVITE.")
    ] = None,
    uri: Annotated[
        str | None, typer.Option("--uri", metavar="URI", help="The request URI; default: sip:100@ this host.")
    ] = None,
    contact: Annotated[
        str | None,
        typer.Option("--contact", metavar="REGISTRATION", help="It goes to this one's Contact."),
    ] = None,
    header: Annotated[
        list[str] | None,
        typer.Option("--header", metavar="'NAME: VALUE'", help="A header of the request; repeatable."),
    ] = None,
    message: Annotated[
        Path | None,
        typer.Option("--message", metavar="FILE", help="The request as text, - for standard input."),
    ] = None,
    stranger: Annotated[
        bool, typer.Option("--stranger", help="Every context that somebody unknown reaches, and how.")
    ] = False,
    provider: Annotated[
        str | None,
        typer.Option("--provider", metavar="DOMAIN", help="Every address that the provider's DNS shows."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    config_dir: ConfigDirOption = None,
    nameserver: NameserverOption = None,
    timeout: TimeoutOption = TIMEOUT,
    zone: ZoneOption = None,
    snapshot: SnapshotOption = None,
    offline: OfflineOption = False,
    no_color: NoColorOption = False,
) -> None:
    """Say whose a request is, whether it is challenged, and which extension of which context it reaches."""
    from pjresolve.cli.who.work import who
    from pjresolve.prediction.admission import WhoQuestion

    question = WhoQuestion(
        config=config,
        config_dir=existing_folder(config_dir),
        source=source,
        port=port,
        transport=transport or "",
        method=method or "",
        uri=uri or "",
        contact=contact or "",
        headers=tuple(header or ()),
        message=message,
        stranger=stranger,
        provider=provider,
    )
    choice = source_named(nameserver, timeout, zone, snapshot, offline)
    raise typer.Exit(who(question, choice, json=json, colour=colour_wanted(no_color), width=columns()))
