"""What a parameter is called: as an argument by the Python API, as an option by the command line."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

import pjresolve
from pjresolve.cli.main import app
from pjresolve.cli.options import option
from pjresolve.errors import BadInput, Location, Parameter
from tests.conftest import ROOT

MODULES = sorted((ROOT / "pjresolve").rglob("*.py"))
SIX = "sip6.voipgrid.nl"
CONF = "[a]\ntype=registration\nserver_uri=sip:203.0.113.1\nclient_uri=sip:x@203.0.113.1\n"


def below_the_command_line() -> dict[str, set[str]]:
    """The parameters that each module below `cli` speaks of."""
    found: dict[str, set[str]] = {}
    for path in MODULES:
        name = str(path.relative_to(ROOT / "pjresolve"))
        if not name.startswith("cli/"):
            for parameter in re.findall(r'Parameter\("(\w+)"\)', path.read_text()):
                found.setdefault(parameter, set()).add(name)
    return found


def said_by(path: Path) -> list[str]:
    """The texts in a module that are no docstrings."""
    tree = ast.parse(path.read_text())
    documents = {
        id(node.value)
        for owner in ast.walk(tree)
        if isinstance(owner, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for node in owner.body
        if isinstance(node, ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents
    ]


def test_only_the_command_line_knows_how_options_are_spelt() -> None:
    option_name = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]+")
    found = [
        f"{path.relative_to(ROOT)}: {text}"
        for path in MODULES
        if path.relative_to(ROOT / "pjresolve").parts[0] != "cli"
        for text in said_by(path)
        if option_name.search(text.replace("--explain", ""))  # pages that are cut short say what shows all
    ]
    assert found == []


def test_each_parameter_is_an_option_or_an_argument() -> None:
    options = {
        name
        for command in typer.main.get_group(app).commands.values()
        for parameter in command.params
        for name in (*parameter.opts, *parameter.secondary_opts, parameter.metavar)
    }
    assert {option(Parameter(name)) for name in below_the_command_line()} <= options


def test_each_parameter_that_the_api_may_speak_of_is_an_argument() -> None:
    functions = (pjresolve.resolve, pjresolve.call, pjresolve.who, pjresolve.trunk, pjresolve.Scenario.load)
    arguments = {name for function in functions for name in inspect.signature(function).parameters}
    of_the_command_line_alone = {"force", "graph", "target"}
    assert set(below_the_command_line()) <= arguments | of_the_command_line_alone


@pytest.mark.parametrize(
    ("options", "call", "said"),
    [
        ((SIX, "--pin", "x"), lambda: pjresolve.resolve(SIX, pin="x"), "{pin}: no transport is called 'x'"),
        (
            (SIX, "--config-dir", "x"),
            lambda: pjresolve.resolve(SIX, config_dir="x"),
            "{config_dir}: needs {config}",
        ),
        (
            ("-c", "a.conf", "--transports", "udp"),
            lambda: pjresolve.resolve(config="a.conf", transports="udp"),
            "{transports}: goes without {config}, which has its own transports",
        ),
        (
            (SIX, "--offline", "--zone", "z"),
            lambda: pjresolve.resolve(SIX, offline=True, zone="z"),
            "{zone} and {offline} exclude each other",
        ),
        (
            (SIX, "--nameserver", "x"),
            lambda: pjresolve.resolve(SIX, nameservers=["x"]),
            "{nameservers}: 'x' is no name server",
        ),
        (
            (SIX, "--dns-fault", "x"),
            lambda: pjresolve.resolve(SIX, dns_faults="x"),
            "{dns_faults}: 'x' is no DNS fault",
        ),
        (
            (SIX, "--fault", "*={status: x}"),
            lambda: pjresolve.resolve(SIX, faults="*={status: x}"),
            "{faults}: `status` is a number",
        ),
        (
            (SIX, "--fault", "*={status"),
            lambda: pjresolve.resolve(SIX, faults="*={status"),
            "{faults}:2: no YAML",
        ),
        (
            (SIX, "--offline", "--down", "192.0.2.1"),
            lambda: pjresolve.resolve(SIX, offline=True, down="192.0.2.1"),
            "{down} 192.0.2.1 matches no target",
        ),
    ],
)
def test_both_doors_say_the_same_in_their_own_names(
    options: tuple[str, ...],
    call: Callable[[], object],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.conf").write_text(CONF)
    names = re.findall(r"{(\w+)}", said)
    done = CliRunner().invoke(app, options)
    assert done.exit_code == 2
    assert done.stderr.startswith(f"pjresolve: {said.format(**{n: option(Parameter(n)) for n in names})}")
    with pytest.raises(BadInput) as caught:
        call()
    assert str(caught.value).startswith(said.format(**{n: n for n in names}))


def test_an_error_is_spelt_wherever_a_parameter_stands() -> None:
    error = BadInput(
        (Parameter("faults"), " is bad"),
        where=Location(Parameter("pin"), 2),
        hint=("use ", Parameter("zone")),
    )
    assert str(error) == "pin:2: faults is bad (use zone)"
    assert error.line(option) == "--pin:2: --fault is bad (use --zone)"
    assert (error.what, error.hint) == ("faults is bad", "use zone")
