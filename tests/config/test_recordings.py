"""The reader and the objects, held against what the real Asterisk made of the same files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pjresolve.config.objects import load_text
from pjresolve.config.reader import read
from pjresolve.config.sections import Section
from pjresolve.errors import BadInput
from pjresolve.stacks import DEFAULT_STACK, stack_named
from pjresolve.stacks.protocol import Refused

HERE = Path(__file__).parent / "recordings"
SYNTAX: list[dict[str, Any]] = json.loads((HERE / "syntax.json").read_text())["cases"]
OBJECTS: list[dict[str, Any]] = json.loads((HERE / "objects.json").read_text())["cases"]
VALUES: list[dict[str, Any]] = json.loads((HERE / "values.json").read_text())["cases"]
"""Thousands of values, one an object: each character where a text may hold it, each form of an address."""

STRICTER = {
    "loop": "Asterisk cuts a loop at its tenth level; here it is an error that names the line",
    "deep ok": "Asterisk drops the eleventh level; here it is an error that names the line",
    "include empty": "Asterisk passes over an #include without a name; here it is an error",
    "include space": "the same",
    "tryinclude empty": "the same",
}
"""Cases in which stopping helps more than going on as Asterisk does."""

NOT_JUDGED = {
    *("ca_list_file", "ca_list_path", "cert_file", "priv_key_file", "dtls_ca_file", "dtls_ca_path"),
    *("dtls_cert_file", "dtls_private_key", "cipher", "geoloc_incoming_call_profile"),
    *("geoloc_outgoing_call_profile", "codec_prefs_incoming_offer", "codec_prefs_outgoing_offer"),
    *("codec_prefs_incoming_answer", "codec_prefs_outgoing_answer", "follow_redirect_methods"),
    *("callerid_privacy", "dtls_rekey", "rtp_port_start", "rtp_port_end", "password_digest", "timers_min_se"),
}
"""Options whose refusal depends on the machine, or on nothing that a registration meets."""


def accepted(case: dict[str, Any], folder: Path) -> list[list[Any]] | None:
    for name, text in case["files"].items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    try:
        document = read(folder / "MAIN")
    except BadInput:
        return None
    return [[s.name, [f"{e.name}={e.value}" for e in s.entries]] for s in document.sections if not s.template]


@pytest.mark.recording
@pytest.mark.parametrize("case", SYNTAX, ids=lambda case: case["name"])
def test_a_text_is_read_as_asterisk_reads_it(case: dict[str, Any], tmp_path: Path) -> None:
    found = accepted(case, tmp_path)
    if case["name"] in STRICTER:
        assert found is None
        assert case["sections"] is not None
    else:
        assert found == case["sections"]


def test_the_random_texts_are_worth_reading() -> None:
    drawn = [case for case in SYNTAX if "at random" in case["name"]]
    assert len(drawn) > 300
    assert sum(case["sections"] is not None for case in drawn) > 150


@pytest.mark.recording
@pytest.mark.parametrize("case", OBJECTS, ids=lambda case: case["name"])
def test_the_objects_that_asterisk_refuses_are_refused(case: dict[str, Any]) -> None:
    config = load_text(case["text"])
    theirs = {(kind, name) for kind, name in case["refused"]}
    # of these Asterisk logs one line for the whole type, and names no object
    whole = ("could not be loaded", "At most one")
    ours = {(r.type, r.name) for r in config.refusals if not any(words in r.message for words in whole)}
    assert sorted(ours - theirs) == []
    sections = {(s.type, s.name): s for s in config.document.sections}
    missed = [(kind, name) for kind, name in theirs - ours if not left_open(kind, sections[kind, name])]
    assert sorted(missed) == []


def left_open(kind: str, section: Section) -> bool:
    """Whether it is somebody else's to know: the machine's, the DNS's, or the stack's."""
    option = section.own[-1].name
    if kind == "identify":  # a host name in match, which the recording could not resolve, or a bad expression
        return option in ("match", "match_header", "srv_lookups")
    if kind == "transport":
        return option in NOT_JUDGED | {"bind"}
    if kind == "registration":  # whether a transport suits it
        return option == "server_uri"
    return option in NOT_JUDGED


@pytest.mark.recording
@pytest.mark.parametrize("case", OBJECTS, ids=lambda case: case["name"])
def test_a_refusal_has_asterisks_words(case: dict[str, Any]) -> None:
    log = "\n".join(case["log"])
    reworded = ("timers_min_se=", "timers_sess_expires=")  # out of range: Asterisk has other words for it
    wrong = [
        refusal.message
        for refusal in load_text(case["text"]).refusals
        if refusal.message.partition("…")[0] not in log and not any(r in refusal.message for r in reworded)
    ]
    assert wrong == []


@pytest.mark.recording
@pytest.mark.parametrize("case", VALUES, ids=lambda case: case["name"])
def test_a_value_is_taken_or_refused_as_asterisk_does(case: dict[str, Any]) -> None:
    config, stack = load_text(case["text"]), stack_named(DEFAULT_STACK)
    ours = {(r.type, r.name) for r in config.refusals}
    ours |= {
        ("registration", name)
        for name, registration in config.registrations.items()
        if isinstance(stack.load(config, registration), Refused)
    }
    assert ours == {(kind, name) for kind, name in case["refused"]}


@pytest.mark.recording
def test_the_values_are_worth_reading() -> None:
    assert sum(case["text"].count("\n[o") for case in VALUES) > 3700
    assert sum(len(case["refused"]) for case in VALUES) > 1000


@pytest.mark.recording
@pytest.mark.parametrize("case", VALUES, ids=lambda case: case["name"])
def test_a_refused_value_has_asterisks_words(case: dict[str, Any]) -> None:
    log = "\n".join(case["log"])
    # out of its range, or of more than ASCII: Asterisk has other words, or other bytes
    refusals = [r for r in load_text(case["text"]).refusals if r.message.isascii() and "\\" not in r.message]
    assert [r.message for r in refusals if r.message.partition("…")[0] not in log] == []
