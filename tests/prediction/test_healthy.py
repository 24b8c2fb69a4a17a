"""The healthy world: what a prediction takes for granted where nobody says otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pjresolve.cli.faults import read_faults
from pjresolve.errors import BadInput
from pjresolve.model import TLS4, UDP4, Target
from pjresolve.prediction.faults import NO_FAULTS, Faults
from pjresolve.prediction.healthy import Reached, compose
from pjresolve.prediction.inquiry import Inquiry, predict
from pjresolve.prediction.outages import outages
from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.run import scenario_config, simulate_scenario
from pjresolve.scenario.behaviour import Service
from pjresolve.scenario.format import Scenario
from pjresolve.scenario.snapshot import SnapshotSource
from pjresolve.stacks import DEFAULT_STACK
from tests.recordings.library import recorded_scenario

PROXIES = ("px-tls-verify", "px-tls-verify-server")
"""Recordings with a proxy over TLS: one shows a certificate for its own name, one for that of server_uri."""


def healthy(name: str, faults: Faults = NO_FAULTS) -> Prediction:
    """The prediction for a recording's configuration and zone, in a world where all is healthy."""
    base = replace(recorded_scenario(name), hosts={})
    [only] = predict(
        Inquiry(scenario_config(base), ("itsp",), (DEFAULT_STACK,), base, faults), SnapshotSource(base)
    )
    return only


@pytest.mark.parametrize("name", PROXIES)
def test_a_healthy_proxy_has_a_certificate_for_its_own_name(name: str) -> None:
    registered = healthy(name).registered
    assert registered is not None
    assert str(registered.target) == "tls 203.0.113.3:5061"


def test_the_recorded_certificates_decide_as_they_did() -> None:
    registered = [simulate_scenario(recorded_scenario(name)).registered is not None for name in PROXIES]
    assert registered == [True, False]


def test_an_outage_of_a_healthy_proxy_is_a_silent_proxy() -> None:
    base = replace(recorded_scenario(PROXIES[0]), hosts={})
    [outage] = outages(healthy(PROXIES[0]), scenario_config(base), SnapshotSource(base))
    assert outage.prediction.registered is None
    assert outage.blocked is False


def test_a_fault_is_about_the_hosts_that_led_to_a_target() -> None:
    assert healthy(PROXIES[0], read_faults([("down", "proxy.example.net")])).registered is None
    with pytest.raises(BadInput, match=r"matches no target \(there are .*proxy\.example\.net\)"):
        healthy(PROXIES[0], read_faults([("down", "sip.example.net")]))


def test_a_service_that_several_registrations_reach_has_all_their_names() -> None:
    tls, udp = Target(TLS4, "192.0.2.1", 5061), Target(UDP4, "192.0.2.1", 5060)
    reached = [
        Reached(tls, "a.example", "a.example"),
        Reached(udp, "a.example", "a.example"),
        Reached(tls, "b.example", "b.example"),
        Reached(tls, "a.example", "a.example"),
    ]
    world = compose(Scenario("x"), reached, read_faults([("fault", "b.example=503")]), None)
    services = world.scenario.hosts["192.0.2.1"]
    assert not isinstance(services, str)
    service = services[Service(tls.transport.protocol, 5061)]
    assert service.cert is not None
    assert service.cert.names == ("a.example", "b.example")
    assert service.status == 503
    assert services[Service(udp.transport.protocol, 5060)].status != 503
    assert world.matched == {0}
