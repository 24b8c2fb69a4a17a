"""`pjresolve record DOMAIN`: ask everything that a client of any transport may want to know, and keep it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pjresolve.cli.options import TIMEOUT, NameserverOption, TimeoutOption, read_timeout

EPILOG = "Exit codes: 0 written, failures included; 2 bad input; 3 the DNS could not be asked."


def record(
    domain: Annotated[str, typer.Argument(metavar="DOMAIN", help="The host of server_uri.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write the snapshot.")
    ],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    nameserver: NameserverOption = None,
    timeout: TimeoutOption = TIMEOUT,
) -> None:
    """Write a snapshot: a scenario that holds what was asked of DOMAIN and answered, failures included."""
    from datetime import UTC, datetime

    from pjresolve.cli.progress import Progress, run
    from pjresolve.errors import BadInput, DnsUnavailable, Location
    from pjresolve.files import write_atomic
    from pjresolve.prediction.answers import servers_text
    from pjresolve.scenario.choice import Choice
    from pjresolve.scenario.format import Scenario
    from pjresolve.scenario.recorder import record as ask
    from pjresolve.scenario.snapshot import snapshot_text
    from pjresolve.sip.uri import parse_domain

    uri = parse_domain(domain)
    if uri.address:
        raise BadInput(f"{uri.address} is an address: there is nothing to ask", where="domain")
    if output.is_file() and not force:
        raise BadInput("exists already", where=Location(str(output)), hint="use --force to replace it")
    if not output.parent.is_dir():
        raise BadInput("cannot be written: there is no such folder", where=Location(str(output)))
    live = Choice(tuple(nameserver or ()), read_timeout(timeout)).connect()()
    servers = servers_text(live)

    async def work() -> Scenario:
        with Progress() as progress:
            return await progress.during(ask(uri.host, live), f"asking {servers}")

    try:
        scenario = run(work())
    except DnsUnavailable as exc:
        raise DnsUnavailable(exc.what, where=exc.where, hint="name another with --nameserver") from None
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    write_atomic(output, snapshot_text(scenario, f"Asked of {servers} on {when}"), force=force)
