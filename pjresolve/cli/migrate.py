"""`pjresolve migrate`: a pjsip.conf from chan_sip's sip.conf."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pjresolve.cli.options import ConfigDirOption

EPILOG = "Exit codes: 0 written, 1 written, but Asterisk would refuse part of it, 2 bad input."


def migrate(
    sip_conf: Annotated[Path, typer.Argument(metavar="SIP_CONF", help="The sip.conf.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write; default: standard output."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    config_dir: ConfigDirOption = None,
) -> None:
    """Write the pjsip.conf for a sip.conf: transports, endpoints, auths, aors, identifies and registrations.

    Each line says where it comes from. What has no equivalent stands at the end, and on standard error.
    """
    import sys

    from pjresolve.config.reader import read
    from pjresolve.errors import BadInput, Location
    from pjresolve.files import write_atomic
    from pjresolve.migration.migration import migrate as convert

    if output is not None and output.is_file():
        if sip_conf.is_file() and output.samefile(sip_conf):
            raise BadInput("is what is migrated", where=Location(str(output)), hint="write to another file")
        if not force:
            raise BadInput("exists already", where=Location(str(output)), hint="use --force to replace it")
    made = convert(read(sip_conf, config_dir=config_dir))
    if output is not None:
        write_atomic(output, made.text, force=force)
    else:
        sys.stdout.write(made.text)
    for leftover in made.leftovers:
        sys.stderr.write(f"no equivalent: {leftover}\n")
    for refusal in made.refusals:
        sys.stderr.write(f"refused: {refusal.type} [{refusal.name}]: {refusal.message}\n")
    raise typer.Exit(1 if made.refusals else 0)
