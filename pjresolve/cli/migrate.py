"""`pjresolve migrate`: a pjsip.conf from chan_sip's sip.conf."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pjresolve.cli.options import ConfigDirOption

if TYPE_CHECKING:
    from pjresolve.config.reader import Document

EPILOG = "Exit codes: 0 written, 1 written, with warnings: look at them before you use it, 2 bad input."
STANDARD = Path("-")


def migrate(
    sip_conf: Annotated[
        Path, typer.Argument(metavar="SIP_CONF", help="The sip.conf; - for standard input.", allow_dash=True)
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write; default: standard output."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    config_dir: ConfigDirOption = None,
) -> None:
    """Write the pjsip.conf for a sip.conf: transports, endpoints, auths, aors, identifies and registrations.

    Each line says where it comes from. What has no equivalent stands at the end, and on standard error; what
    somebody has to look at, such as a telephone without a password, stands at the beginning of both.
    """
    import sys

    from pjresolve.errors import BadInput, Location
    from pjresolve.files import write_atomic
    from pjresolve.migration.migration import migrate as convert

    if output == STANDARD:
        output = None
    document = _document(sip_conf, config_dir)
    if output is not None and output.is_file():
        if any(Path(name).is_file() and output.samefile(name) for name in (str(sip_conf), *document.files)):
            raise BadInput("is what is migrated", where=Location(str(output)), hint="write to another file")
        if not force:
            raise BadInput("exists already", where=Location(str(output)), hint="use --force to replace it")
    made = convert(document)
    if output is not None:
        write_atomic(output, made.text, force=force)
    else:
        sys.stdout.write(made.text)
    for leftover in made.leftovers:
        sys.stderr.write(f"{'warning' if leftover.warning else 'no equivalent'}: {leftover}\n")
    for refusal in made.refusals:
        sys.stderr.write(f"refused: {refusal.type} [{refusal.name}]: {refusal.message}\n")
    raise typer.Exit(1 if made.refusals or any(x.warning for x in made.leftovers) else 0)


def _document(path: Path, config_dir: Path | None) -> Document:
    """The document in a file, or in what comes through standard input or another pipe."""
    import sys

    from pjresolve.config.includes import BYTES_LIMIT
    from pjresolve.config.reader import read, read_text
    from pjresolve.errors import BadInput, Location

    if path == STANDARD:
        data, name = sys.stdin.buffer.read(BYTES_LIMIT + 1), "standard input"
    elif path.is_fifo():
        try:
            with path.open("rb") as pipe:
                data, name = pipe.read(BYTES_LIMIT + 1), str(path)
        except OSError as exc:
            raise BadInput(f"cannot be read: {exc.strerror}", where=Location(str(path))) from None
    else:
        return read(path, config_dir=config_dir)
    if len(data) > BYTES_LIMIT:
        raise BadInput(f"larger than {BYTES_LIMIT >> 20} MB", where=Location(name))
    return read_text(data.decode("utf-8", "surrogateescape"), name=name, config_dir=config_dir)
