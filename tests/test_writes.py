"""Files are written whole or not at all, whoever interrupts, and output is the same whatever surrounds us."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.writes import KINDS, run

SCRIPT = str(Path(sys.executable).parent / "pjresolve")
ROOT = Path(__file__).resolve().parent.parent
CONF = """\
[t-udp]
type=transport
protocol=udp
bind=0.0.0.0
[t-tls]
type=transport
protocol=tls
bind=0.0.0.0:5061
[a]
type=registration
server_uri=sip:sip6.voipgrid.nl
client_uri=sip:İi@sip6.voipgrid.nl
transport=t-udp
[a]
type=endpoint
context=in
"""
COMMANDS = (
    ["sipproxy.voipgrid.nl", "--offline", "--explain"],
    ["sipproxy.voipgrid.nl", "--offline", "--json"],
    ["sip6.voipgrid.nl", "--offline", "--fault", "ipv6=drop", "--seed", "3", "--until", "1h"],
    ["check", "pjsip.conf", "--no-dns", "--format", "json"],
    ["simulate", "10-self-signed", "--ladder"],
    ["migrate", "sip.conf"],
)
AROUND: tuple[dict[str, str], ...] = (
    {"PYTHONHASHSEED": "0"},
    {"PYTHONHASHSEED": "1"},
    {"PYTHONHASHSEED": "4294967295"},
    {"LC_ALL": "C"},
    {"LC_ALL": "C.UTF-8", "LANG": "tr_TR.UTF-8"},
    {"LC_ALL": "tr_TR.UTF-8"},
    {"LC_ALL": "POSIX", "TZ": "Pacific/Chatham"},
    {"LC_ALL": "de_DE.ISO-8859-1", "PYTHONHASHSEED": "7"},
)
"""What must have no influence; a locale that is not installed is C's."""


@pytest.mark.slow
def test_a_write_that_is_interrupted_leaves_the_old_file_or_the_new_one() -> None:
    found = run(6)
    assert {kind: count.total() for kind, count in found.items()} == dict.fromkeys(KINDS, 6)
    assert found["full disk"] == {"old": 6}


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_output_is_the_same_to_the_byte_whatever_surrounds_us(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "pjsip.conf").write_text(CONF)
    sip = "[general]\nregister => me:s@sip.example.net\n[İ]\ntype=peer\nhost=a.b\n"
    (tmp_path / "sip.conf").write_text(sip)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "PYTHON"))}
    outputs = set()
    for around in AROUND:
        done = subprocess.run(
            [SCRIPT, *command], cwd=tmp_path, env={**clean, **around}, capture_output=True, check=False
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        outputs.add((done.returncode, done.stdout, done.stderr))
    assert len(outputs) == 1
    assert outputs.pop()[1]
