"""`pjresolve migrate`: files are written whole or not at all, and bad input is one line."""

from __future__ import annotations

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
    (tmp_path / "etc" / "more.conf").write_text("[p]\ntype=friend\nhost=dynamic\n")
    (tmp_path / "sip.conf").write_text("[general]\n#include more.conf\n")
    done = migrate(tmp_path / "sip.conf", "--config-dir", tmp_path / "etc")
    assert "; more.conf:1\n[p]\n" in done.stdout


def test_bytes_that_are_no_text_come_out_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "sip.conf").write_bytes(b"[p]\ntype=friend\nhost=dynamic\nsecret=\xff\xfe\nlanguage=\xe9\n")
    assert migrate(tmp_path / "sip.conf", "-o", tmp_path / "out").exit_code == 0
    assert b"password=\xff\xfe" in (tmp_path / "out").read_bytes()


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
