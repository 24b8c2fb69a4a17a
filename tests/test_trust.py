"""What somebody else's scenario may read, what it may cost, and what is read from a pipe."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

import pjresolve
from pjresolve.cli.main import app
from pjresolve.errors import BadInput
from pjresolve.scenario.markup import read_markup

SCRIPT = str(Path(sys.executable).parent / "pjresolve")
CONF = (
    "[t]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n"
    "[a]\ntype=registration\nserver_uri=sip:example.net\nclient_uri=sip:a@example.net\n"
)
ZONE = "example.net. 300 IN A 192.0.2.1\n"


def refused(*arguments: str) -> str:
    result = CliRunner().invoke(app, list(arguments))
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert result.stderr.count("\n") == 1
    return result.stderr


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """The folder of a scenario, and a file beside it that is none of its business."""
    inside = tmp_path / "in"
    inside.mkdir()
    secret = tmp_path / "secret"
    secret.write_text("root:$6$salt$hash:19000:0:99999:7:::\n")
    (tmp_path / "a.zone").write_text(ZONE)
    (inside / "a.conf").write_text(CONF)
    return inside, secret


@pytest.mark.parametrize("way", ["relative", "absolute", "link", "include"])
def test_a_scenario_names_files_of_its_own_folder_alone(way: str, folders: tuple[Path, Path]) -> None:
    inside, secret = folders
    zone = {"relative": "../secret", "absolute": str(secret), "link": "link", "include": "ok.zone"}[way]
    (inside / "link").symlink_to(secret)
    (inside / "ok.zone").write_text(ZONE)
    conf = f'#include "{secret}"\n' if way == "include" else CONF
    scenario = inside / "s.yaml"
    scenario.write_text(f"zone: {{file: {zone}}}\npjsip: {json.dumps(conf)}\n")
    said = refused("simulate", str(scenario))
    assert "outside of the scenario's folder (allow its folder with --root)" in said
    assert "salt" not in said


def test_more_is_allowed_by_who_runs_it(folders: tuple[Path, Path]) -> None:
    inside, secret = folders
    scenario = inside / "s.yaml"
    scenario.write_text(
        "zone: {file: ../a.zone}\npjsip: {file: a.conf}\nhosts: {192.0.2.1: {udp/5060: accept}}\n"
    )
    refused("simulate", str(scenario))
    result = CliRunner().invoke(app, ["simulate", str(scenario), "--root", str(secret.parent)])
    assert result.exit_code == 0, result.output
    assert pjresolve.Scenario.load(scenario, root=secret.parent).zone == ZONE


def test_no_line_of_a_file_that_is_no_zone_is_shown(folders: tuple[Path, Path]) -> None:
    _, secret = folders
    said = refused("example.net", "--zone", str(secret))
    assert said == f"pjresolve: {secret}:1: no zone file: this is no record\n"


@pytest.mark.parametrize("text", ["a: \ud800", "{a: \udc80}", '{"\ud800": 1}', '{"a": {"\\ud800": 1}}'])
def test_half_a_surrogate_pair_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput):
        read_markup(text, "s").mapping(("a",))["a"].text()


def test_a_byte_that_is_no_utf_8_is_bad_input_in_every_option() -> None:
    fault = b"ipv6={reason: \x80}"
    command = [SCRIPT.encode(), b"sip6.voipgrid.nl", b"--offline", b"--fault", fault]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr == b"pjresolve: --fault:1: this line is not UTF-8 text\n"


def test_many_keys_and_many_aliases_are_read_in_time() -> None:
    begin = time.monotonic()
    text = "{" + ",".join(f'"{n}":0' for n in range(80_000)) + ',"5":0}'
    with pytest.raises(BadInput, match="key `5` stands twice"):
        read_markup(text, "s.json", json_only=True)
    names = ",".join(["a"] * 5_000)
    aliases = "\n".join(f"    tcp/{n}: *b" for n in range(2, 20_000))
    with pytest.raises(BadInput, match=r"s:\d+: too many values"):
        read_markup(f"hosts:\n  192.0.2.1:\n    tcp/1: &b {{cert: {{names: [{names}]}}}}\n{aliases}\n", "s")
    assert time.monotonic() - begin < 20


# ---------------------------------------------------------------- pipes


@pytest.mark.parametrize("name", ["-", "/dev/stdin"])
def test_files_come_from_standard_input(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text(CONF)
    (tmp_path / "s.yaml").write_text(f"pjsip: {{file: a.conf}}\nzone: {ZONE!r}\nhosts: {{192.0.2.1: down}}\n")
    for arguments, given in (
        (["check", name, "--no-dns"], CONF),
        (["-c", name, "--zone", "a.zone"], CONF),
        (["example.net", "--zone", name], ZONE),
        (["-c", "a.conf", "--snapshot", name], f"zone: {json.dumps(ZONE)}\n"),
        (["migrate", name], "[general]\nregister => a:b@example.net\n"),
        (["show", "transports", "-c", name], CONF),
    ):
        (tmp_path / "a.zone").write_text(ZONE)
        done = subprocess.run(
            [SCRIPT, *arguments], input=given, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode in (0, 1), done.stderr
        assert done.stdout


def test_what_never_ends_is_bounded() -> None:
    for arguments in (["check", "-", "--no-dns"], ["example.net", "--zone", "/dev/zero"]):
        with Path("/dev/zero").open("rb") as zero:
            done = subprocess.run(
                [SCRIPT, *arguments], stdin=zero, capture_output=True, text=True, check=False
            )
        assert done.returncode == 2
        assert "larger than" in done.stderr
        assert done.stderr.count("\n") == 1
