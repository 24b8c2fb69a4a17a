"""The status column over time, as the real Asterisk printed it six and 36 seconds after loading."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pjresolve.console.status import shown_status
from pjresolve.prediction.run import simulate_scenario
from pjresolve.scenario.format import parse_scenario

PJSIP = """
[t]
type=transport
protocol=udp
bind=0.0.0.0
[r]
type=registration
server_uri=sip:203.0.113.1
client_uri=sip:me@example.org
max_random_initial_delay=0
"""


def status(service: Any, at: float, extra: str = "") -> tuple[str, int]:
    hosts = {"203.0.113.1": service}
    world = {
        "name": "w",
        "zone": "",
        "pjsip": PJSIP + extra,
        "hosts": hosts,
        "duration": 200,
        "stop": "duration",
    }
    found = simulate_scenario(parse_scenario(json.dumps(world), name="w", folder=None))
    shown = shown_status(found, at)
    return shown.word, round(shown.seconds)


@pytest.mark.parametrize(
    ("service", "at", "expected"),
    [
        ({"udp/5060": "accept"}, 4, ("Registered", 3586)),
        ({"udp/5060": {"status": 503}}, 4, ("Rejected", 56)),
        ({"udp/5060": {"status": 503, "retry_after": 100}}, 4, ("Rejected", 96)),
        ({"udp/5060": {"status": 403}}, 4, ("Rejected", -4)),
        ("down", 4, ("Unregistered", -4)),
        ("down", 34, ("Rejected", 58)),
        ("down", 100, ("Rejected", -8)),
    ],
    ids=[
        "200",
        "503",
        "Retry-After",
        "403",
        "first round under way",
        "between rounds",
        "second round under way",
    ],
)
def test_the_word_is_that_of_the_last_round_that_ended(service: Any, at: float, expected: Any) -> None:
    assert status(service, at) == expected


def test_a_registration_that_is_refreshed_in_vain_stays_registered_until_the_round_ends() -> None:
    service = {"udp/5060": {"challenge": False, "expires": 60, "then": "silent", "after": 1}}
    assert status(service, 70) == ("Registered", -20)
    assert status(service, 83) == ("Rejected", 59)
