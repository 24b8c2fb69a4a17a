"""Calls in the healthy world: what they reach, from rest and from a running machine; URIs as recorded."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from pjresolve.config.objects import load_text
from pjresolve.errors import BadInput
from pjresolve.prediction.call import Called, CallInquiry, predict_call
from pjresolve.prediction.faults import Faults, host_down, host_fault
from pjresolve.prediction.run import scenario_config
from pjresolve.scenario.format import Scenario
from pjresolve.scenario.snapshot import SnapshotSource
from tests.recordings.library import DIALPLAN_NAMES, recorded_scenario, recording

CONF = """
[system]
type=system
timer_t1=100
timer_b=6400
[udp]
type=transport
protocol=udp
bind=0.0.0.0
[tcp]
type=transport
protocol=tcp
bind=0.0.0.0
[itsp]
type=registration
server_uri=sip:sip.example.net
client_uri=sip:me@sip.example.net
outbound_auth=itsp
[itsp]
type=auth
username=me
password=a-long-one
[itsp]
type=aor
contact=sip:sip.example.net
[itsp]
type=endpoint
aors=itsp
outbound_auth=itsp
allow=alaw
[free]
type=endpoint
aors=itsp
allow=alaw
[bare]
type=endpoint
allow=alaw
[lost]
type=endpoint
aors=gone
allow=alaw
"""
QUALIFIED = CONF.replace("type=aor\n", "type=aor\nqualify_frequency=60\n")
ZONE = """
_sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
_sip._udp.sip.example.net. 300 IN SRV 20 10 5060 b.example.net.
a.example.net. 300 IN A 203.0.113.10
b.example.net. 300 IN A 203.0.113.20
"""
A, B = "203.0.113.10", "203.0.113.20"


def called(conf: str = CONF, *, what_if: bool = False, **given: Any) -> Called:
    world = Scenario(name="zone", zone=ZONE)
    inquiry = CallInquiry(load_text(conf, name="pjsip.conf"), "itsp", "0201", world)
    return predict_call(replace(inquiry, **given), SnapshotSource(world), what_if=what_if)


def server(found: Called) -> str | None:
    answered = found.call.answered
    return answered.target.address if answered else None


def down(*addresses: str, at: float | None = None) -> Faults:
    return Faults(tuple(host_down(address, at) for address in addresses))


def test_a_call_goes_to_the_first_target_at_once() -> None:
    found = called()
    assert (server(found), found.call.uri, found.call.t) == (A, "sip:0201@sip.example.net", 0)
    assert found.machine.machine == ()


def test_a_dead_target_costs_timer_b() -> None:
    found = called(faults=down(A))
    assert server(found) == B
    assert found.call.answered is not None
    assert found.call.answered.t == pytest.approx(6.4)


def test_each_target_has_an_outage() -> None:
    found = called(what_if=True)
    ends = [(len(o.dropped), o.call.result and o.call.result.dialstatus) for o in found.outages]
    assert ends == [(1, "ANSWER"), (2, "CHANUNAVAIL")]


def test_dial_gives_up_before_the_second_target() -> None:
    found = called(faults=down(A), dial_timeout=5.0)
    assert found.call.result is not None
    assert found.call.result.dialstatus == "NOANSWER"
    assert {attempt.target.address for attempt in found.call.attempts()} == {A}


def test_an_endpoint_without_credentials_is_asked_for_none() -> None:
    assert server(called(endpoint="free")) == A
    assert not called(endpoint="free").password


def test_a_fault_can_ask_for_a_password_all_the_same() -> None:
    found = called(endpoint="free", faults=Faults((host_fault("*=ok"),)))
    assert (server(found), found.call.status) == (None, 401)


def test_a_running_machine_has_registered_before() -> None:
    found = called(running=True, faults=down(A))
    assert found.machine.registered is not None
    assert found.at > found.machine.registered.t
    assert server(found) == B
    assert found.call.answered is not None
    assert found.call.answered.t - found.at == pytest.approx(6.4)


OTHER = """
[other]
type=registration
server_uri=sip:OTHER
client_uri=sip:me@OTHER
outbound_auth=itsp
"""


def test_all_registrations_have_settled_before_the_call() -> None:
    quick = OTHER.replace("OTHER", "203.0.113.20")
    found = called(quick + CONF + "", running=True, faults=down(A))
    assert [one.registered is not None for one in found.machine.machine] == [True, True]
    assert found.at > 6.4


def test_a_registration_at_a_host_that_nobody_knows_keeps_no_call() -> None:
    found = called(CONF + OTHER.replace("OTHER", "elsewhere.example.org"), running=True)
    assert server(found) == A


def test_servers_challenge_for_the_realm_of_the_registration_too() -> None:
    own = CONF.replace("[free]\ntype=endpoint\n", "[free]\ntype=endpoint\noutbound_auth=\n")
    found = called(own.replace("password=a", "realm=example.net\npassword=a"), running=True, endpoint="free")
    assert found.machine.registered is not None
    assert server(found) == A


def test_a_contact_that_was_found_unreachable_costs_every_call() -> None:
    found = called(QUALIFIED, running=True, faults=down(A), what_if=True)
    assert found.call.uri is None
    assert "unreachable" in found.call.why
    assert found.machine.registered is not None
    assert [o.call.uri for o in found.outages] == [None, None]


def test_an_outage_that_begins_with_the_call_leaves_the_contact_reachable() -> None:
    found = called(QUALIFIED, running=True, faults=down(A, at=0.0))
    assert server(found) == B


def test_a_machine_at_rest_has_qualified_nothing() -> None:
    assert server(called(QUALIFIED, faults=down(A))) == B


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"endpoint": "nobody"}, "no endpoint is called nobody"),
        ({"endpoint": "lost"}, "no AoR is called gone"),
        ({"endpoint": "bare"}, "only a whole URI can be called through it"),
        ({"stack": "chan_sip"}, "is not known"),
        ({"number": "0201@nowhere"}, "is not a SIP URI"),
        ({"faults": down("192.0.2.1")}, "matches no target"),
    ],
)
def test_what_cannot_be_called_is_said(given: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=re.escape(said)):
        called(**given)


def test_running_needs_something_that_runs() -> None:
    alone = CONF.replace("type=registration", "type=acl")
    with pytest.raises(BadInput, match="no registration and no qualified contact"):
        called(alone, running=True)


def test_a_whole_uri_needs_no_aor() -> None:
    found = called(endpoint="bare", number="sip:0201@b.example.net")
    assert (server(found), found.call.uri) == (B, "sip:0201@b.example.net")


URIS = [name for name in DIALPLAN_NAMES if name.startswith("du-uri")]
DIALLED = re.compile(r"Dial\(PJSIP/([^/]+)/([^,]+),")


@pytest.mark.recording
@pytest.mark.parametrize("name", URIS)
def test_a_whole_uri_is_called_as_recorded(name: str) -> None:
    found = recording(name)
    world = recorded_scenario(name)
    dialled = DIALLED.search(found["scenario"]["extensions"])
    assert dialled is not None
    number = dialled[2].replace("\\;", ";")
    inquiry = CallInquiry(scenario_config(world), dialled[1], number, replace(world, incoming=()))
    sent = [a["address"] for a in found["attempts"] if a.get("method", "INVITE") == "INVITE"]
    try:
        call = predict_call(inquiry, SnapshotSource(world), what_if=False).call
    except BadInput:
        assert sent == []
        return
    assert list(dict.fromkeys(a.target.address for a in call.attempts() if a.outcome != "no-route")) == sent
