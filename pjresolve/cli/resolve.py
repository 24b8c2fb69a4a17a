"""`pjresolve DOMAIN`: from a domain, or a pjsip.conf, to the targets and what registers.

All options of the main command are declared here; what they bring about is `cli.inquiry`'s.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pjresolve.cli.options import (
    ORDERED,
    ConfigDirOption,
    NameserverOption,
    NoColorOption,
    OfflineOption,
    SeedOption,
    SnapshotOption,
    StackOption,
    TimeoutOption,
    ZoneOption,
    colour_wanted,
)
from pjresolve.cli.pictures import GraphOption, HtmlOption, LadderFileOption, LadderOption, Pictures

DNS, CONF, FAULTS, OUTPUT = "DNS", "Configuration", "Faults", "Output"


def resolve(
    ctx: typer.Context,
    domain: Annotated[
        str | None,
        typer.Argument(
            metavar="DOMAIN", help="A host, host:port, or a whole sip: or sips: URI with ;transport=."
        ),
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", metavar="FILE", help="A pjsip.conf to take registrations from."),
    ] = None,
    registration: Annotated[
        str | None,
        typer.Option(
            "--registration", "-r", metavar="NAME", help="One registration of --config; default: all."
        ),
    ] = None,
    config_dir: ConfigDirOption = None,
    transports: Annotated[
        str | None,
        typer.Option(
            "--transports", metavar="LIST", help="Instead of a file; default: udp6,udp,tcp6,tcp,tls6,tls."
        ),
    ] = None,
    pin: Annotated[
        str | None,
        typer.Option(
            "--pin", metavar="NAME", help="transport= of the registration: a section, or e.g. tcp6."
        ),
    ] = None,
    nameserver: NameserverOption = None,
    timeout: TimeoutOption = 5.0,
    zone: ZoneOption = None,
    snapshot: SnapshotOption = None,
    offline: OfflineOption = False,
    down: Annotated[
        list[str] | None,
        typer.Option(
            "--down",
            metavar="ADDRESS",
            help="A host that does not answer; also a host name, ipv4, ipv6, udp, tcp, tls or *.",
        ),
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            "--fault",
            metavar="ADDRESS[/PROTO[/PORT]]=BEHAVIOUR",
            help="E.g. tcp=drop, 192.0.2.1/udp=503, p1.example.net=silent.",
        ),
    ] = None,
    dns_fault: Annotated[
        list[str] | None,
        typer.Option(
            "--dns-fault", metavar="'NAME TYPE=FAULT'", help="drop, servfail, refused or delay:SECONDS."
        ),
    ] = None,
    no_ipv4: Annotated[bool, typer.Option("--no-ipv4", help="The client has no IPv4.")] = False,
    no_ipv6: Annotated[bool, typer.Option("--no-ipv6", help="The client has no IPv6.")] = False,
    at: Annotated[
        list[str] | None,
        typer.Option("--at", metavar="SECONDS", help="The --down and --fault after it happen then."),
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until",
            metavar="TIME",
            help="Simulate for so long, e.g. 20m; default: until it registers, 1h at most.",
        ),
    ] = None,
    seed: SeedOption = None,
    stack: StackOption = None,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Every decision with its reason and the recording that shows it."),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="The prediction as JSON.")] = False,
    ladder: LadderOption = False,
    ladder_file: LadderFileOption = None,
    graph: GraphOption = None,
    html: HtmlOption = None,
    no_color: NoColorOption = False,
) -> None:
    """Resolve DOMAIN as Asterisk does: what registers, when, and what happens if a target does not answer."""
    from pjresolve.cli.answers import choice_of
    from pjresolve.cli.inquiry import Asked, answer

    asked = Asked(
        domain=domain,
        config=config,
        registration=registration,
        config_dir=config_dir,
        transports=transports,
        pin=pin,
        choice=choice_of(nameserver, timeout, zone, snapshot, offline),
        faults=tuple(ctx.meta[ORDERED]),
        until=until,
        seed=seed,
        stacks=stack,
        explain=explain,
        json=json,
        colour=colour_wanted(no_color),
        pictures=Pictures(ladder, graph, html, ladder_file),
    )
    raise typer.Exit(answer(asked))
