"""Rules and verdicts against what the real Asterisk did, with each recording's configuration and world."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pjresolve.config.objects import load_path
from pjresolve.lint.context import Context
from pjresolve.lint.run import findings, verdicts
from tests.recordings.compare import registration_names
from tests.recordings.library import NAMES, recorded_scenario, recording
from tests.test_recordings import KNOWN_DIVERGENCES

pytestmark = pytest.mark.recording
SHOWN = {
    "endpoint-noline": "PJ206",
    "line-noendpoint": "PJ206",
    "nosrv-tcponly": "PJ104",
    "nosrv-tls-only": "PJ104",
    "srv-tcp-only-client": "PJ104",
    "srv-udp6-only-client": "PJ104",
    "unknown-transport": "PJ204",
    "unescaped": "PJ202",
    "uri-udp-pinned-tcp": "PJ203",
    "all-srv-pinned-udp6": "PJ201",
    "r7-051": "PJ504",
    "tls-noca": "PJ111",
    "tls-12-vs-13": "PJ112",
    "tls-default-method": "PJ113",
    "tls-m-sslv3-asc": "PJ114",
    "tls-wild-noallow": "PJ116",
    "naptr-d2u-only": "PJ407",
    "srv-cname": "PJ408",
    "srv-dangling-only": "PJ409",
    "srv-root": "PJ411",
    "many": "PJ415",
    "tcp-drop1": "PJ416",
    "dns-srv-servfail": "PJ417",
    "maxretries0": "PJ208",
    "auth-reject": "PJ208",  # which speaks of the 401, too
    "rereg-primary-dead": "PJ207",
    "dns-all-servfail": "PJ410",
    "self-signed": "PJ418",
    "tls-plain-on-tls": "PJ419",
    "ex-ask-12": "PJ218",
}
"""Recordings that show what a rule speaks of."""


def context_of(name: str, folder: Path) -> tuple[Context, dict[str, Any]]:
    path = folder / "pjsip.conf"
    path.write_text(recording(name)["scenario"]["pjsip"])
    return Context.in_world(load_path(path), recorded_scenario(name)), recording(name)


@pytest.mark.parametrize(("name", "code"), SHOWN.items(), ids=list(SHOWN))
def test_a_rule_sees_what_the_recording_shows(name: str, code: str, tmp_path: Path) -> None:
    context, _ = context_of(name, tmp_path)
    assert code in {f.code for f in findings(context)}


DIVERGE = {name for name, _ in KNOWN_DIVERGENCES} | {"two-regs-second-bad", "td-reg-bad-first"}
"""Recordings of what depends on the machine, or holds a registration beside that is none."""
AGREEING = [name for name in NAMES if name not in DIVERGE]


@pytest.mark.parametrize("name", AGREEING)
def test_a_verdict_says_refused_where_asterisk_refused(name: str, tmp_path: Path) -> None:
    context, recording = context_of(name, tmp_path)
    silent = not recording["dns"] and not recording["attempts"] and not recording["sip"]
    for verdict in verdicts(context):
        listed = f" {verdict.registration}/" in recording["show"]["pjsip show registrations"]
        assert verdict.text.startswith("refused") == (silent and not listed)


@pytest.mark.parametrize("name", [name for name in AGREEING if len(registration_names(recording(name))) == 1])
def test_what_the_verdict_says_registers_did_register(name: str, tmp_path: Path) -> None:
    context, recording = context_of(name, tmp_path)
    (verdict,) = verdicts(context)
    registered = recording["registered"]
    if recording["scenario"].get("events") or verdict.registers is None:
        assert verdict.registers is not None or "do not hold" in verdict.text
        return
    if verdict.registers and registered:
        assert f"over {registered['transport'].upper()}/" in verdict.text
    if not verdict.registers:
        assert registered is None or registered["t"] > 100
