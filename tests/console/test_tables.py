"""The tables, to the byte, against what the real commands printed at the end of every recording."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pjresolve.config.objects import load_text
from pjresolve.console.sockets import listening
from pjresolve.console.status import shown_status
from pjresolve.console.tables import (
    RegistrationRow,
    SocketRow,
    registrations_table,
    sockets_table,
    transports_table,
)
from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.run import registration_names, scenario_config, simulate_scenario
from pjresolve.scenario.format import parse_scenario
from tests.recordings.compare import drew_otherwise
from tests.recordings.library import NAMES, recording

LAST_LINE = "Asterisk ending (0).\n"
OWN_SOCKETS = ["udp UNCONN 0 0 0.0.0.0:EPHEMERAL 0.0.0.0:*", "udp UNCONN 0 0 [::]:EPHEMERAL [::]:*"]
"""What Asterisk opens whatever is configured: a UDP socket of each IP version on some high port."""
START_UP = (1.0, 9.0)
"""Seconds between the start of the program, which the duration counts from, and the first query."""
COMMAND = (1.5, 4.0)
"""Seconds between a registration that ends a recording, and the command."""
JITTER = 0.015
"""The part of a time by which the kernel's patience with a connect varies, see `compare.py`."""


MACHINE = {
    "tr-bind-wrong": "whether the other machine has an address is not known",
    "tr-tls-badca": "whether a file exists on the other machine is not known",
}
OTHER_LIVES = {
    "tls-capath": "whether a folder holds hashed certificates is not known",
    "ca-tcp-inflight-c": "a race: about one close in ten goes to the next target in the same round",
    "ca-tls-5-exp20": "the same race, between a refresh and a connection that closes",
    "mr-drop-two-retry7-30": "the kernel gave the connect up a second sooner than it mostly does",
}


def recordings(*known: dict[str, str]) -> list[Any]:
    """One case per recording; those that are known to differ as strict xfails with the reason."""
    reasons = {name: why for group in known for name, why in group.items()}
    return [
        pytest.param(
            name, id=name, marks=[pytest.mark.xfail(reason=reasons[name])] if name in reasons else []
        )
        for name in NAMES
        if recording(name)["died"] is None  # a crashed Asterisk prints nothing
    ]


@pytest.mark.recording
@pytest.mark.parametrize("name", recordings(MACHINE))
def test_transports_are_shown_as_recorded(name: str) -> None:
    config = load_text(recording(name)["scenario"]["pjsip"])
    shown = recording(name)["show"]["pjsip show transports"]
    assert transports_table(config.transports.values()) + LAST_LINE == shown


@pytest.mark.recording
@pytest.mark.parametrize("name", recordings(MACHINE))
def test_sockets_are_those_recorded_and_two_of_asterisks_own(name: str) -> None:
    config = load_text(recording(name)["scenario"]["pjsip"])
    sockets, _ = listening(config.bound.values())
    predicted = [" ".join(x.split()) for x in sockets_table(SocketRow(*s) for s in sockets).splitlines()]
    recorded = [" ".join(x.split()) for x in recording(name)["show"]["netstat"].splitlines()]
    others = [re.sub(r":[1-9]\d{4} ", ":EPHEMERAL ", x) for x in recorded if x not in predicted]
    assert set(predicted) <= set(recorded)
    assert sorted(others) == OWN_SOCKETS


@pytest.mark.parametrize("name", ["all-srv", "two-udp"])
def test_the_columns_of_sockets_stand_where_ss_puts_them(name: str) -> None:
    rows = []
    for line in recording(name)["show"]["netstat"].splitlines():
        protocol, *_, local, _ = line.split()
        address, _, port = local.rpartition(":")
        rows.append(SocketRow(protocol, address.strip("[]"), int(port)))
    assert sorted(sockets_table(rows).splitlines()) == sorted(recording(name)["show"]["netstat"].splitlines())


def predictions(name: str) -> list[Prediction]:
    """Each registration's life, its SRV weights drawn as Asterisk drew them."""
    scenario = parse_scenario(json.dumps(recording(name)["scenario"]), name=name, folder=None)
    scenario = replace(scenario, duration=scenario.duration * (1 + JITTER))
    names = registration_names(scenario_config(scenario))
    if len(names) > 1:
        return [simulate_scenario(scenario, registration=n) for n in names]
    for seed in (None, *range(200)):
        found = simulate_scenario(scenario, seed=seed)
        if not drew_otherwise(recording(name), found.to_json()):
            return [found]
    raise AssertionError("no seed draws the order that Asterisk drew")


def moments(name: str) -> list[float]:
    """The moments, in seconds from the first query, at which the recording's command may have run."""
    content = recording(name)
    if content["registered"] and content["scenario"].get("stop", "registered") == "registered":
        first, last = (content["registered"]["t"] + x for x in COMMAND)
    else:
        last, first = (content["scenario"].get("duration", 100) - x for x in START_UP)
        first, last = first * (1 - JITTER), last * (1 + JITTER)
    return [first + step / 4 for step in range(int((last - first) * 4) + 1)]


def row(found: Prediction, at: float, whole: Callable[[float], int]) -> RegistrationRow:
    assert found.plan is not None
    registration = found.plan.registration
    status = shown_status(found, at)
    auth = next(iter(registration.outbound_auth), "")
    return RegistrationRow(
        registration.name, registration.server_uri, auth, status.word, whole(status.seconds)
    )


@pytest.mark.recording
@pytest.mark.parametrize("name", recordings(MACHINE, OTHER_LIVES))
def test_registrations_are_shown_as_recorded(name: str) -> None:
    found = predictions(name)
    # Asterisk takes the difference of two clocks that both count whole seconds
    tables = {
        registrations_table([row(one, at, whole) for one in found if one.loaded])
        for at in moments(name)
        for whole in (math.floor, math.ceil)
    }
    assert recording(name)["show"]["pjsip show registrations"] in {table + LAST_LINE for table in tables}


# ---------------------------------------------------------------- what no recording has


def transport_rows(text: str) -> list[str]:
    return [x for x in transports_table(load_text(text).transports.values()).splitlines() if "bind" not in x][
        4:-3
    ]


SECTION = "[{0}]\ntype=transport\nprotocol={1}\nbind={2}\n{3}\n"


def test_rows_are_sorted_by_name_byte_by_byte() -> None:
    names = ["Zed", "alpha", "Beta", "10", "9", "8-tls"]
    text = "".join(SECTION.format(n, "udp", f"0.0.0.0:{6000 + i}", "") for i, n in enumerate(names))
    assert [row.split()[1] for row in transport_rows(text)] == ["10", "8-tls", "9", "Beta", "Zed", "alpha"]


@pytest.mark.parametrize(
    ("section", "row"),
    [
        (
            ("t-a", "udp", "0.0.0.0:5070", "tos=cs3\ncos=3"),
            "t-a                       udp      3     96  0.0.0.0:5070",
        ),
        (("t-b", "udp", "0.0.0.0", "tos=0x60"), "t-b                       udp      0     96  0.0.0.0:5060"),
        (("t-c", "udp", "0.0.0.0", "tos=300"), "t-c                       udp      0     44  0.0.0.0:5060"),
        (("ws", "ws", "0.0.0.0:5066", ""), "ws                         ws      0      0  0.0.0.0:5066"),
        (("wss", "wss", "0.0.0.0", ""), "wss                       wss      0      0  0.0.0.0:5060"),
        (("flow", "flow", "0.0.0.0", ""), "flow                      udp      0      0  0.0.0.0:0"),
        (
            ("tls", "tls", "[2001:DB8:0::1]", ""),
            "tls                       tls      0      0  [2001:db8::1]:5061",
        ),
        (
            ("a-very-long-transport-name-indeed-so", "udp", "[2001:db8:1234:1::1]:5999", ""),
            "a-very-long-transport-name-indeed-so     udp      0      0  [2001:db8:1234:1::1]:5999",
        ),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_a_transport_is_shown_as_asterisk_shows_it(section: tuple[str, ...], row: str) -> None:
    assert transport_rows(SECTION.format(*section)) == [f"Transport:  {row}"]


def registration_row(name: str, uri: str, auth: str, seconds: int) -> str:
    return registrations_table([RegistrationRow(name, uri, auth, "Registered", seconds)]).splitlines()[4]


@pytest.mark.parametrize(
    ("name", "uri", "auth", "row"),
    [
        (
            "a-very-long-registration-name-with-more",
            "sip:a-very-long-host-name-of-a-provider.example.net",
            "",
            " a-very-long-registration-name-with-more/sip:a-very-lon  n/a                         Registered"
            "        (exp. 54s)",
        ),
        (
            "12345678901234567890123456789012345",
            "sip:203.0.113.1:5060",
            "12345678901234567890123456789012345",
            " 12345678901234567890123456789012345/sip:203.0.113.1:50  12345678901234567890123456789012345"
            "  Registered        (exp. 54s)",
        ),
        (
            "this-is-a-name-of-a-registration-longer-than-the-column-is-wide",
            "sip:203.0.113.1",
            "x",
            " this-is-a-name-of-a-registration-longer-than-the-column-is-wide/sip:203.0.113.1  x"
            "                           Registered        (exp. 54s)",
        ),
    ],
    ids=["cut in the URI", "auth wider than its column", "name wider than its column"],
)
def test_a_long_registration_is_cut_as_asterisk_cuts_it(name: str, uri: str, auth: str, row: str) -> None:
    assert registration_row(name, uri, auth, 54) == row


def test_a_round_that_began_is_ago() -> None:
    assert registration_row("itsp", "sip:h", "itsp", -29).endswith("Registered        (exp. 29s ago)")


def test_hostile_names_are_escaped() -> None:
    assert "\x1b" not in registrations_table([RegistrationRow("a\x1b[2J", "sip:h", "", "Registered", 1)])
    text = SECTION.format("a\x1b[31m", "udp", "0.0.0.0", "")
    assert "\x1b" not in transports_table(load_text(text).transports.values())


def test_nothing_configured_is_said_as_asterisk_says_it() -> None:
    assert transports_table([]) == registrations_table([]) == "No objects found.\n\n"
    assert sockets_table([]) == ""
