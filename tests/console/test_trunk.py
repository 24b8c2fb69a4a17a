"""The tables of endpoints, contacts, AoRs and identify sections, to the byte, against what was recorded."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from typing import Any

import pytest

from pjresolve.config.objects import Config, load_text
from pjresolve.console.trunk import (
    ContactRow,
    EndpointState,
    IdentifyRow,
    Status,
    aors_table,
    contacts_table,
    endpoints_table,
    identifies_table,
)
from pjresolve.prediction.contacts import ContactsAt
from pjresolve.scenario.format import parse_scenario
from pjresolve.scenario.snapshot import SnapshotSource
from pjresolve.stacks.asterisk22.caller import caller_number
from pjresolve.stacks.asterisk22.identify import load_identifies
from pjresolve.stacks.asterisk22.telephony import Calls, contacts_of
from pjresolve.stacks.telephony import ContactName
from tests.recordings.library import CALL_NAMES, CONSOLE_NAMES, recording

LAST_LINE = "Asterisk ending (0).\n"
REGISTERED = "a telephone has registered, which no configuration says"
PHONES = {"mg-who-gets-in": REGISTERED, "wi-phone": REGISTERED}
OWN_ADDRESS = "of a name's IPv6 addresses the one that is more like the machine's own stands first"


def names(table: str, known: dict[str, str]) -> list[Any]:
    """One case per recording that has the table; those that are known to differ as strict xfails."""
    return [
        pytest.param(n, id=n, marks=[pytest.mark.xfail(reason=known[n])] if n in known else [])
        for n in (*CALL_NAMES, *CONSOLE_NAMES)
        if f"pjsip show {table}" in recording(n)["show"] and (table != "endpoints" or idle(n))
    ]


def idle(name: str) -> bool:
    """Whether there was no call any more when the table was printed, by an Asterisk that can make any: the
    recorder loads no channel driver where a scenario has neither calls nor requests that come in.
    """
    text: str = recording(name)["show"]["pjsip show endpoints"]
    return "    Channel: PJSIP/" not in text and "    Channel:  <ChannelId" in text


def shown(name: str, table: str) -> str:
    """What was printed, the milliseconds of each contact replaced by what stands for them."""
    text: str = recording(name)["show"][f"pjsip show {table}"]
    return re.sub(r"(?m)( Avail  ) *[0-9.]+$", rf"\g<1> {'<rtt>':>11}", text)


@cache
def configuration(name: str) -> Config:
    return load_text(recording(name)["scenario"]["pjsip"])


def contacts(name: str) -> ContactsAt:
    """What the log announced of each contact by the end."""
    telephony, config = Calls(), configuration(name)
    qualified = frozenset(plan.contact for plan in telephony.qualified(config))
    known = {
        ContactName(aor, uri): state == "Reachable"
        for _, aor, uri, state in recording(name).get("contacts", [])
    }
    return ContactsAt(0.0, qualified, known)


def rows(name: str) -> dict[str, list[ContactRow]]:
    words, found = {True: "Avail", False: "Unavail", None: "NonQual"}, contacts(name)
    return {
        aor.name: [
            ContactRow(
                aor.name,
                contact.uri,
                hashlib.md5(contact.uri.encode()).hexdigest()[:10],
                Status(words[found.answers(contact)]),
            )
            for contact in contacts_of(aor)
        ]
        for aor in configuration(name).aors.values()
    }


def identifies(name: str) -> list[IdentifyRow]:
    world = {key: recording(name)["scenario"][key] for key in ("name", "zone", "pjsip")}
    source = SnapshotSource(parse_scenario(json.dumps(world), name=name, folder=None))
    loaded = load_identifies(configuration(name), lambda asked: tuple(map(source.lookup, asked)))
    return [
        IdentifyRow(i.name, i.endpoint, tuple(map(str, networks)), i.match_header, i.match_request_uri)
        for i, networks, refusal in ((x.identify, x.networks, x.refusal) for x in loaded)
        if not refusal
    ]


@pytest.mark.recording
@pytest.mark.parametrize("name", names("contacts", PHONES))
def test_contacts_are_shown_as_recorded(name: str) -> None:
    every = (row for several in rows(name).values() for row in several)
    assert contacts_table(every) + LAST_LINE == shown(name, "contacts")


@pytest.mark.recording
@pytest.mark.parametrize("name", names("aors", {}))
def test_aors_are_shown_as_recorded(name: str) -> None:
    assert aors_table(configuration(name).aors.values(), rows(name)) + LAST_LINE == shown(name, "aors")


@pytest.mark.recording
@pytest.mark.parametrize("name", names("identifies", {"st-identify-names": OWN_ADDRESS}))
def test_identifies_are_shown_as_recorded(name: str) -> None:
    assert identifies_table(identifies(name)) + LAST_LINE == shown(name, "identifies")


@pytest.mark.recording
@pytest.mark.parametrize("name", names("endpoints", PHONES | {"st-identify-names": OWN_ADDRESS}))
def test_endpoints_are_shown_as_recorded(name: str) -> None:
    config, found = configuration(name), contacts(name)
    states = {
        e.name: EndpointState(
            any(
                found.can_be_called(c)
                for a in e.aors
                if a in config.aors
                for c in contacts_of(config.aors[a])
            ),
            caller_number(e.callerid),
        )
        for e in config.endpoints.values()
    }
    table = endpoints_table(config, states, rows(name), identifies(name))
    assert table + LAST_LINE == shown(name, "endpoints")


def test_the_addresses_of_names_are_all_there_in_some_order() -> None:
    """What the machine's own address decides is the order within one name, and nothing else."""
    criteria = {row.name: row.criteria for row in identifies("st-identify-names")}
    recorded: dict[str, list[str]] = {}
    for line in shown("st-identify-names", "identifies").splitlines():
        if line.startswith(" Identify:  i"):
            name = line.split()[1].partition("/")[0]
        elif line.startswith("      Match: ") and "<" not in line:
            recorded.setdefault(name, []).append(line.split()[1])
    first = {name: [c for c in found if ":db8:7" not in c] for name, found in criteria.items()}
    assert first == {n: [c for c in found if ":db8:7" not in c] for n, found in recorded.items()}
    assert {n: sorted(c) for n, c in criteria.items()} == {n: sorted(c) for n, c in recorded.items()}


def test_hostile_names_are_escaped() -> None:
    text = "[e\x1b[2J]\ntype=endpoint\naors=a\x1b[1m\n[a\x1b[1m]\ntype=aor\ncontact=sip:h\n"
    config = load_text(text)
    found = {
        a.name: [ContactRow(a.name, "sip:\x1b@h", "0" * 10, Status.AVAILABLE)] for a in config.aors.values()
    }
    states = {name: EndpointState(True, "\x1b[3m") for name in config.endpoints}
    hostile = [IdentifyRow("i\x1b", next(iter(config.endpoints), ""), ("::/0",), "To: \x1b", "\x1b")]
    assert "\x1b" not in endpoints_table(config, states, found, hostile)
    assert "\x1b" not in aors_table(config.aors.values(), found) + identifies_table(hostile)
