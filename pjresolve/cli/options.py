"""The command line's own rules: the domain as a command, options in their order, one-line errors, exit codes.

Rules of this file:
- a first argument that is no command and no option of the program itself belongs to `resolve`;
- whatever goes wrong is one line on standard error and a documented exit code, never a traceback;
- nothing heavy is imported;
- what errors call a parameter is spelt here as its option, and nowhere below;
- what several commands take is declared here once.
"""

from __future__ import annotations

import difflib
import errno
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer
from typer.core import TyperCommand, TyperGroup

from pjresolve.errors import BadInput, Parameter, PjresolveError, printable

EXIT_CODES = "Exit codes: 0 registers, 1 does not, 2 bad input, 3 DNS could not be asked."
DEFAULT_COMMAND = "resolve"
OWN_OPTIONS = ("--help", "-h", "--version", "--install-completion", "--show-completion")
ORDERED = "pjresolve.ordered"
"""Where a command finds its options in the order they were written."""

SPELT = {
    "domain": "domain", "dns_faults": "--dns-fault", "events": "--at", "faults": "--fault",
    "nameservers": "--nameserver",
}  # fmt: skip
"""What the command line calls parameters other than by `--` and their name."""

UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""The parser's own error; typer brings its parser along under changing names."""

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
    float,
    typer.Option(
        "--timeout",
        metavar="SECONDS",
        help="How long to listen to a silent name server.",
    ),
]
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
    int | None,
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


class Program(TyperGroup):
    """The whole program: `pjresolve DOMAIN` is `pjresolve resolve DOMAIN`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default command before a first argument that is none."""
        if not args:
            args = ["--help"]
        elif args[0] not in self.commands and args[0] not in OWN_OPTIONS:
            _misspelt(args[0], self.commands)
            args = [DEFAULT_COMMAND, *args]
        return super().parse_args(ctx, args)

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run, and end with an exit code."""
        extra["standalone_mode"] = False
        sys.exit(guarded(lambda: super(Program, self).main(*args, **extra)))


def _misspelt(word: str, commands: Iterable[str]) -> None:
    """A word without a dot that is nearly a command is more likely that than a host."""
    if word.startswith("-") or "." in word or ":" in word:
        return
    close = difflib.get_close_matches(word, list(commands), 1, 0.7)
    if close:
        hint = f"did you mean {close[0]}? For a domain of that name: pjresolve {DEFAULT_COMMAND} {word}"
        raise BadInput(f"no command is called {printable(word)!r}", hint=hint)


def guarded(work: Callable[[], Any]) -> int:
    """Do `work`; returns the exit code, having said in one line what went wrong."""
    try:
        code = work()
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except PjresolveError as exc:
        return _failed(exc.line(option), exc.exit_code)
    except UsageError as exc:
        message = " ".join(exc.format_message().split())  # type: ignore[attr-defined]
        return _failed(f"{printable(message, 400).rstrip('.')} (see pjresolve --help)", 2)
    except BrokenPipeError:
        _give_standard_output_up()
        return 141
    except OSError as exc:
        if exc.filename is not None or exc.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG):
            raise
        _give_standard_output_up()
        return _failed(f"standard output: {exc.strerror}", 2)
    except (KeyboardInterrupt, typer.Abort):
        return 130
    except RecursionError:
        return _failed("the input is nested too deeply", 2)


def _give_standard_output_up() -> None:
    """What is still buffered must not be tried again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _failed(line: str, code: int) -> int:
    sys.stderr.write(f"pjresolve: {line}\n")
    return code


class Command(TyperCommand):
    """A command that takes an option of which there can be one only once: no value is passed over."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse as usual, having refused what is given twice."""
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        options: list[Any] = [p for p in order if p.param_type_name == "option"]
        single = [p for p in options if not (p.multiple or p.is_flag)]
        times = Counter(single)
        twice = next((p for p, count in times.items() if count > 1), None)
        if twice is not None:
            raise BadInput(f"{max(twice.opts, key=len)} is given more than once", hint="write it once")
        return super().parse_args(ctx, args)


class OrderedCommand(Command):
    """A command that also knows in which order its options were written, under ORDERED in the context."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse as usual, and keep (option, value) pairs; the value of a flag is ""."""
        given, _, order = self.make_parser(ctx).parse_args(args=list(args))
        lists = {name: iter(value) for name, value in given.items() if isinstance(value, list)}
        ctx.meta[ORDERED] = [(p.name, next(lists[p.name]) if p.name in lists else "") for p in order]
        return super().parse_args(ctx, args)


def colour_wanted(no_color: bool) -> bool:
    """Colour only on a terminal, and only where nobody objects (no-color.org)."""
    return (
        not no_color
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") != "dumb"
        and sys.stdout.isatty()
    )
