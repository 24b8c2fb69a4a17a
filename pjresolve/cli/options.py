"""What several commands take: their common options, and how what is written is read.

Rules of this file:
- what several commands take is declared here once;
- what errors call a parameter is spelt here as its option, and nowhere below;
- a value is taken as text and read here or below: the parser's own words for what it does not understand are
  no help to anybody;
- nothing heavy is imported.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from pjresolve.errors import BadInput, Location, Parameter, printable

if TYPE_CHECKING:
    from pjresolve.scenario.choice import Choice

SPELT = {
    "domain": "domain", "endpoint": "ENDPOINT", "number": "NUMBER", "dns_faults": "--dns-fault",
    "events": "--at", "faults": "--fault", "headers": "--header", "nameservers": "--nameserver",
    "source": "--from",
}  # fmt: skip
"""What the command line calls parameters other than by `--` and their name."""
WIDTHS = (40, 500)
"""Columns of text at least and at most."""

ConfigDirOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--config-dir", metavar="DIR", help="Asterisk's directory, for #include; default: the file's."
    ),
]
NameserverOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--nameserver",
        metavar="ADDR[#PORT]",
        help="Ask this name server; repeatable, asked in turn; default: the system's.",
    ),
]
TimeoutOption: TypeAlias = Annotated[
    str,
    typer.Option("--timeout", metavar="TIME", help="How long to listen to a silent name server."),
]
TIMEOUT = "5s"
ZoneOption: TypeAlias = Annotated[
    list[Path] | None, typer.Option("--zone", metavar="FILE", help="Answers from a zone file; repeatable.")
]
SnapshotOption: TypeAlias = Annotated[
    list[Path] | None,
    typer.Option(
        "--snapshot", metavar="FILE", help="Answers from a snapshot, see `pjresolve record`; repeatable."
    ),
]
OfflineOption: TypeAlias = Annotated[
    bool, typer.Option("--offline", help="Answers from a bundled example; illustrative, not a capture.")
]
SeedOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--seed", metavar="N", help="Draw the SRV weights; default: the most probable order."),
]
StackOption: TypeAlias = Annotated[
    str | None,
    typer.Option("--stack", metavar="NAME[,NAME]", help="Whose behaviour, see `pjresolve stacks`."),
]
NoColorOption: TypeAlias = Annotated[bool, typer.Option("--no-color", help="No colour.")]


def option(parameter: Parameter) -> str:
    """What a parameter is called on the command line."""
    return SPELT.get(parameter) or f"--{parameter.replace('_', '-')}"


def read_timeout(text: str) -> float:
    """Seconds to wait for a name server. Raises BadInput."""
    from pjresolve.prediction.times import read_time

    return read_time(text, Parameter("timeout"))


def source_named(
    nameserver: list[str] | None,
    timeout: str,
    zone: list[Path] | None,
    snapshot: list[Path] | None,
    offline: bool,
) -> Choice:
    """The source that the options name. Raises BadInput for a timeout that is none."""
    from pjresolve.scenario.choice import Choice

    files = tuple(zone or ()), tuple(snapshot or ())
    return Choice(tuple(nameserver or ()), read_timeout(timeout), *files, offline)


def read_seed(text: str | None) -> int | None:
    """The number that lots are drawn by, or None. Raises BadInput."""
    if text is None:
        return None
    bare = text.strip()
    if not (bare.isascii() and bare.isdigit() and len(bare) <= 18):
        what = f"{printable(text, 40)!r} is no whole number"
        raise BadInput(what, where=Parameter("seed"), hint="write e.g. 7")
    return int(bare)


def existing_folder(path: Path | None) -> Path | None:
    """The folder of `--config-dir`. Raises BadInput where it is none."""
    if path is not None and not path.is_dir():
        raise BadInput("is no folder", where=Location(str(path)), hint="--config-dir names one")
    return path


def columns() -> int:
    """How wide text may be: as COLUMNS says, else as wide as the terminal, else 80."""
    said = os.environ.get("COLUMNS", "")
    if said.isascii() and said.isdigit() and len(said) < 6 and int(said):
        width = int(said)
    else:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 80
    return min(max(width, WIDTHS[0]), WIDTHS[1])


def colour_wanted(no_color: bool) -> bool:
    """Colour only on a terminal, and only where nobody objects (no-color.org)."""
    return (
        not no_color
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") != "dumb"
        and sys.stdout.isatty()
    )
