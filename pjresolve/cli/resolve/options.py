"""`pjresolve DOMAIN`: from a domain, or a pjsip.conf, to the targets and what registers.

All options of the main command are declared here; what they bring about is `cli.resolve.work`'s.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

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
    StackOption,
    TimeoutOption,
    ZoneOption,
    colour_wanted,
    columns,
    existing_folder,
    read_seed,
    source_named,
)
from pjresolve.cli.pictures import GraphOption, HtmlOption, LadderFileOption, LadderOption, Output, Pictures

EPILOG = """\
TIME is in seconds, or as 20m, 1h30m, 2d. BEHAVIOUR is ok, accept (no password asked), silent, drop, reject,
close, down, up (after --at), a status as 503, or {status: 503, retry_after: 5} with any of the scenario
format's keys: 'tls={cert: {names: [example.net], self_signed: true}}' is a server with such a certificate.

Exit codes: 0 registers, and is registered at the end; 1 does not; 2 bad input; 3 the DNS could not be asked.
"""

DomainArgument: TypeAlias = Annotated[
    str | None,
    typer.Argument(
        metavar="DOMAIN", help="A host, host:port, or a whole sip: or sips: URI with ;transport=."
    ),
]
ConfigOption: TypeAlias = Annotated[
    Path | None,
    typer.Option("--config", "-c", metavar="FILE", help="A pjsip.conf to take registrations from."),
]
RegistrationOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--registration",
        "-r",
        metavar="NAME",
        help="This registration of --config; repeatable; default: all.",
    ),
]
TransportsOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--transports", metavar="LIST", help="Instead of a file; default: udp6,udp,tcp6,tcp,tls6,tls."
    ),
]
PinOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--pin", metavar="NAME", help="transport= of the registration: a section, or e.g. tcp6."),
]
DownOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--down",
        metavar="ADDRESS",
        help="A host that does not answer; also a host name, ipv4, ipv6, udp, tcp, tls or *.",
    ),
]
FaultOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--fault",
        metavar="ADDRESS[/PROTO[/PORT]]=BEHAVIOUR",
        help="E.g. tcp=drop, 192.0.2.1/udp=503, p1.example.net=silent.",
    ),
]
DnsFaultOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--dns-fault", metavar="'NAME TYPE=FAULT'", help="drop, servfail, refused or delay:SECONDS."
    ),
]
NoIpv4Option: TypeAlias = Annotated[bool, typer.Option("--no-ipv4", help="The client has no IPv4.")]
NoIpv6Option: TypeAlias = Annotated[bool, typer.Option("--no-ipv6", help="The client has no IPv6.")]
AtOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--at", metavar="TIME", help="The --down and --fault after it happen so much later."),
]
UntilOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--until",
        metavar="TIME",
        help="Simulate for so long, e.g. 20m; default: until it registers, 1h at most.",
    ),
]
ExplainOption: TypeAlias = Annotated[
    bool,
    typer.Option("--explain", help="Every decision with its reason and the recording that shows it."),
]
JsonOption: TypeAlias = Annotated[bool, typer.Option("--json", help="The prediction as JSON.")]


def resolve(
    ctx: typer.Context,
    domain: DomainArgument = None,
    config: ConfigOption = None,
    registration: RegistrationOption = None,
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
    at: AtOption = None,
    until: UntilOption = None,
    seed: SeedOption = None,
    stack: StackOption = None,
    explain: ExplainOption = False,
    json: JsonOption = False,
    ladder: LadderOption = False,
    ladder_file: LadderFileOption = None,
    graph: GraphOption = None,
    html: HtmlOption = None,
    no_color: NoColorOption = False,
) -> None:
    """Resolve DOMAIN as Asterisk does: what registers, when, and what happens if a target does not answer."""
    from pjresolve.cli.faults import read_faults
    from pjresolve.cli.resolve.work import resolve
    from pjresolve.prediction.ask import Question
    from pjresolve.prediction.times import read_until
    from pjresolve.stacks import DEFAULT_STACK

    pictures = Pictures(ladder, graph, html, ladder_file).check(json=json)
    question = Question(
        domain=domain,
        config=config,
        config_dir=existing_folder(config_dir) if config else config_dir,
        registrations=tuple(registration or ()),
        transports=transports,
        pin=pin,
        stack=DEFAULT_STACK if stack is None else stack,
        faults=read_faults(ctx.meta[ORDERED]),
        until=read_until(until),
        seed=read_seed(seed),
    )
    choice = source_named(nameserver, timeout, zone, snapshot, offline)
    output = Output(pictures, json, explain, colour_wanted(no_color), columns())
    raise typer.Exit(resolve(question, choice, output))
