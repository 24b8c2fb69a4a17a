"""`pjresolve record DOMAIN…`: ask everything that a client of any transport may want to know, and keep it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pjresolve.cli.options import TIMEOUT, ConfigDirOption, NameserverOption, TimeoutOption, read_timeout

EPILOG = "Exit codes: 0 written, failures included; 2 bad input; 3 the DNS could not be asked."


def record(
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write the snapshot; - for stdout."),
    ],
    domains: Annotated[
        list[str] | None, typer.Argument(metavar="DOMAIN...", help="Hosts of server_uri.")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", "-c", metavar="FILE", help="All hosts that a pjsip.conf registers at."),
    ] = None,
    config_dir: ConfigDirOption = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    nameserver: NameserverOption = None,
    timeout: TimeoutOption = TIMEOUT,
) -> None:
    """Write a snapshot: a scenario that holds what was asked of DOMAIN and answered, failures included."""
    import sys
    from datetime import UTC, datetime

    from pjresolve.cli.progress import Progress, run
    from pjresolve.errors import BadInput, DnsUnavailable, Location, printable
    from pjresolve.files import is_stream, write_atomic
    from pjresolve.prediction.answers import servers_text
    from pjresolve.scenario.choice import Choice
    from pjresolve.scenario.recorder import Recorded
    from pjresolve.scenario.recorder import record_all as ask
    from pjresolve.scenario.snapshot import snapshot_text

    hosts = _hosts(domains or [], config, config_dir)
    if output.is_file() and not force:
        raise BadInput("exists already", where=Location(str(output)), hint="use --force to replace it")
    if not is_stream(output) and not output.parent.is_dir():
        raise BadInput("cannot be written: there is no such folder", where=Location(str(output)))
    live = Choice(tuple(nameserver or ()), read_timeout(timeout)).connect()()
    servers = servers_text(live)
    name = config.name if config is not None else ""

    async def work() -> Recorded:
        with Progress() as progress:
            return await progress.during(ask(hosts, live, name), f"asking {servers}")

    try:
        recorded = run(work())
        live.check_useful()
    except DnsUnavailable as exc:
        raise DnsUnavailable(exc.what, where=exc.where, hint="name another with --nameserver") from None
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    write_atomic(output, snapshot_text(recorded.scenario, f"Asked of {servers} on {when}"), force=force)
    for host in recorded.missing:
        sys.stderr.write(f"note: there is no domain {printable(host, 80)}: the snapshot says just that\n")


def _hosts(domains: list[str], config: Path | None, config_dir: Path | None) -> list[str]:
    """The hosts to ask for. Raises BadInput where there are none."""
    from pjresolve.config.objects import load_path
    from pjresolve.errors import BadInput, Location, Parameter
    from pjresolve.sip.uri import parse_domain
    from pjresolve.stacks import DEFAULT_STACK, stack_named
    from pjresolve.stacks.protocol import Plan

    found: dict[str, None] = {}
    for uri in map(parse_domain, domains):
        if uri.address:
            raise BadInput(f"{uri.address} is an address: there is nothing to ask", where="domain")
        found[uri.host] = None
    if config is not None:
        loaded = load_path(config, config_dir=config_dir)
        plans = [stack_named(DEFAULT_STACK).load(loaded, r) for r in loaded.registrations.values()]
        requests = [plan.request for plan in plans if isinstance(plan, Plan)]
        of_file = [request.host for request in requests if request is not None and not request.literal]
        if not of_file:
            raise BadInput("no registration asks the DNS for anything", where=Location(str(config)))
        found.update(dict.fromkeys(of_file))
    if not found:
        raise BadInput(("no domain and no ", Parameter("config"), " is given"))
    return list(found)
