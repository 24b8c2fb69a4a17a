"""`pjresolve migrate`: files are written whole or not at all, and bad input is one line."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pjresolve.cli.main import app

SIP = "[general]\nsrvlookup=yes\nregister => me:pw@sip.example.net/100\n"


def migrate(*args: object) -> Result:
    return CliRunner().invoke(app, ["migrate", *map(str, args)])


@pytest.fixture
def sip_conf(tmp_path: Path) -> Path:
    path = tmp_path / "sip.conf"
    path.write_text(SIP)
    return path


def test_the_result_goes_to_standard_output_and_leftovers_apart(sip_conf: Path) -> None:
    done = migrate(sip_conf)
    assert done.exit_code == 0
    assert "server_uri=sip:sip.example.net" in done.stdout
    assert done.stderr.startswith(f"no equivalent: {sip_conf}:2: srvlookup=yes: SRV")


def test_a_file_is_written_and_never_replaced_unasked(sip_conf: Path, tmp_path: Path) -> None:
    target = tmp_path / "pjsip.conf"
    assert migrate(sip_conf, "-o", target).exit_code == 0
    first = target.read_text()
    assert "type=registration" in first
    sip_conf.write_text("[general]\n")
    again = migrate(sip_conf, "-o", target)
    assert (again.exit_code, again.stderr) == (
        2,
        f"pjresolve: {target}: exists already (use --force to replace it)\n",
    )
    assert target.read_text() == first
    assert migrate(sip_conf, "-o", target, "--force").exit_code == 0
    assert "type=registration" not in target.read_text()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["pjsip.conf", "sip.conf"]


def test_the_source_is_never_overwritten(sip_conf: Path) -> None:
    done = migrate(sip_conf, "--force", "-o", sip_conf)
    assert done.exit_code == 2
    assert "is what is migrated" in done.stderr
    assert sip_conf.read_text() == SIP


def test_includes_are_read_from_asterisks_directory(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "more.conf").write_text("[p]\ntype=friend\nhost=dynamic\nsecret=s\n")
    (tmp_path / "sip.conf").write_text("[general]\n#include more.conf\n")
    done = migrate(tmp_path / "sip.conf", "--config-dir", tmp_path / "etc")
    assert "; more.conf:1\n[p]\n" in done.stdout


def test_bytes_that_are_no_text_come_out_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "sip.conf").write_bytes(b"[p]\ntype=friend\nhost=dynamic\nsecret=\xff\xfe\nlanguage=\xe9\n")
    assert migrate(tmp_path / "sip.conf", "-o", tmp_path / "out").exit_code == 0
    assert b"password=\xff\xfe" in (tmp_path / "out").read_bytes()


def test_warnings_stand_before_the_rest_and_are_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "sip.conf").write_text("[general]\nsrvlookup=yes\n[p]\ntype=friend\nhost=dynamic\n")
    done = migrate(tmp_path / "sip.conf", "-o", tmp_path / "out")
    assert done.exit_code == 1
    first, second = done.stderr.splitlines()
    assert first.startswith(f"warning: {tmp_path / 'sip.conf'}:3: [p]: no password: anybody may register")
    assert second.startswith("no equivalent: ")
    assert "; WARNING: no password" in (tmp_path / "out").read_text()


def test_standard_input_and_output_and_pipes(sip_conf: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["migrate", "-", "-o", "-"], input=SIP)
    assert done.exit_code == 0
    assert done.stdout.startswith("; Made from standard input by")
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=(SIP,))
    writer.start()
    assert "server_uri=sip:sip.example.net" in migrate(pipe).stdout
    writer.join()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["pipe", "sip.conf"]


def test_more_than_a_configuration_may_be_is_one_line() -> None:
    done = CliRunner().invoke(app, ["migrate", "-"], input="; x\n" * 2_100_000)
    assert (done.exit_code, done.stderr) == (2, "pjresolve: standard input: larger than 8 MB\n")


def test_what_the_source_includes_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "peers.conf").write_text("[p]\ntype=friend\nhost=dynamic\nsecret=s\n")
    (tmp_path / "sip.conf").write_text("[general]\n#include peers.conf\n")
    done = migrate(tmp_path / "sip.conf", "--force", "-o", tmp_path / "peers.conf")
    assert done.exit_code == 2
    assert "is what is migrated" in done.stderr
    assert "type=friend" in (tmp_path / "peers.conf").read_text()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[t]\ntype=transport\nbind=0.0.0.0\n[e]\ntype=endpoint\n",
         "is a pjsip.conf already: it has sections of type endpoint, transport"),
        ("[globals]\nA=1\n[default]\nexten=s,1,Answer()\n", "is no sip.conf: it holds no [general]"),
        ("", "is no sip.conf: it holds no [general]"),
    ],
)  # fmt: skip
def test_what_is_no_sip_conf_is_refused(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "x.conf").write_text(content)
    done = migrate(tmp_path / "x.conf", "-o", tmp_path / "out")
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert message in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[p](none)\n", "sip.conf:1: Inheritance requested"),
        (b"[p\n", "sip.conf:1: parse error: no closing ']'"),
        (b"\0\1\2" * 100, "sip.conf"),
        (b"register => a@b\n", "sip.conf:1: parse error: No category context"),
    ],
)
def test_bad_input_is_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "sip.conf").write_bytes(content)
    done = migrate(tmp_path / "sip.conf", "-o", tmp_path / "out")
    assert (done.exit_code, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert message in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = migrate(tmp_path / "none")
    assert done.exit_code == 2
    assert done.stderr.startswith("pjresolve: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_that_is_not_there_is_one_line(sip_conf: Path, tmp_path: Path) -> None:
    done = migrate(sip_conf, "-o", tmp_path / "no" / "pjsip.conf")
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1
