"""The program's own rules: the domain as a command, options in order, one-line errors, exit codes, help.

Rules of this file:
- a first argument that is no command and no option of the program itself belongs to `resolve`;
- whatever goes wrong is one line on standard error and a documented exit code, never a traceback;
- the words are this program's and not its parser's, in errors as in the help;
- nothing heavy is imported.
"""

from __future__ import annotations

import difflib
import errno
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from pjresolve.cli.options import option
from pjresolve.errors import BadInput, PjresolveError, printable

DEFAULT_COMMAND = "resolve"
OWN_OPTIONS = ("--help", "-h", "--version")
ORDERED = "pjresolve.ordered"
"""Where a command finds its options in the order they were written."""
UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""The parser's own error; typer brings its parser along under changing names."""


class Program(TyperGroup):
    """The whole program: `pjresolve DOMAIN` is `pjresolve resolve DOMAIN`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the default command before a first argument that is none."""
        if not args:
            args = ["--help"]
        elif args[0] in ("help", "version"):
            args = [*args[1:2], "--help"] if args[0] == "help" else ["--version"]
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
        return _failed(_usage(exc), 2)
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


def _usage(exc: Any) -> str:
    """What is wrong with the command line, in a line of our own words."""
    context = exc.ctx
    see = f"see {context.command_path if context else 'pjresolve'} --help"
    wrong = getattr(exc, "option_name", None)
    kind = type(exc).__name__
    if kind == "NoSuchOption" and wrong:
        known = [name for p in context.command.params for name in p.opts] if context else []
        longer = [name for name in known if name.startswith(wrong) and wrong.startswith("--")]
        near = longer or difflib.get_close_matches(wrong, known, 1, 0.7)
        maybe = f"did you mean {near[0]}? " if near else ""
        return f"there is no option {printable(wrong, 60)} ({maybe}{see})"
    if kind == "MissingParameter" and exc.param is not None:
        name = exc.param.metavar if exc.param.param_type_name == "argument" else exc.param.opts[0]
        return f"{name.removesuffix('...')} is missing ({see})"
    said = printable(" ".join(exc.format_message().split()), 400).rstrip(".")
    extra = said.partition("unexpected extra argument")[2].rpartition("(")[2].rstrip(")")
    if extra:
        return f"{extra} is too much: nothing more is expected ({see})"
    return f"{said[:1].lower()}{said[1:]} ({see})"


def _give_standard_output_up() -> None:
    """What is still buffered must not be tried again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _failed(line: str, code: int) -> int:
    sys.stderr.write(f"pjresolve: {line}\n")
    return code


class Command(TyperCommand):
    """A command that takes an option of which there can be one only once: no value is passed over.

    Its help names arguments as people do, without the types that they have in Python.
    """

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The words of the usage line."""
        return ["[OPTIONS]", *(f"{a.metavar}" if a.required else f"[{a.metavar}]" for a in self._arguments())]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """The lists of arguments and options."""
        arguments = [(str(a.metavar), a.help or "") for a in self._arguments()]
        options = [p.get_help_record(ctx) for p in self.get_params(ctx) if p.param_type_name == "option"]
        for title, rows in (("Arguments", arguments), ("Options", list(filter(None, options)))):
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    def _arguments(self) -> list[Any]:
        return [p for p in self.params if p.param_type_name == "argument"]

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
