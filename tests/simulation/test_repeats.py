"""What repeats exactly is simulated once and told as often as it happens. Nothing may come of that."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.run import simulate_scenario
from pjresolve.scenario.format import Scenario
from pjresolve.simulation.run import Run
from pjresolve.stacks import stack_names
from tests.simulation.worlds import srv_zone, world, worlds

pytestmark = pytest.mark.slow


def lived(scenario: Scenario, stack: str, seed: int | None = None) -> Prediction:
    """The prediction, with every round lived."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Run, "_waking", lambda self, life: None)
        return simulate_scenario(scenario, stack=stack, seed=seed)


def assert_nothing_else_comes_out(
    scenario: Scenario, stack: str = "asterisk-22", seed: int | None = None
) -> Prediction:
    """Compare event by event, then the figures. Returns the prediction that recognised repetitions."""
    recognised = simulate_scenario(scenario, stack=stack, seed=seed)
    whole = lived(scenario, stack, seed)
    for number, (mine, real) in enumerate(zip(recognised.log, whole.log, strict=False)):
        assert mine == real, f"event {number} of {scenario.duration} s"
    assert len(list(recognised.log)) == len(recognised.log) == len(whole.log)
    assert recognised.to_json() == whole.to_json()
    return recognised


SILENT_UDP = {"203.0.113.1": {"udp/5060": "silent"}, "203.0.113.2": {"udp/5060": "drop"}}
ONE, TWO = "203.0.113.1", "203.0.113.2"
BOTH_UDP = {ONE: {"udp/5060": "ok"}, TWO: {"udp/5060": "ok"}}
BOTH_TCP = {ONE: {"tcp/5060": "ok"}, TWO: {"tcp/5060": "ok"}}
OUTAGE = [{"at": 2000, "host": ONE, "set": "down"}, {"at": 4001.5, "host": ONE, "set": "up"}]


def case(
    hosts: dict[str, Any], protocols: str = "udp", duration: float = 9000, stop: str = "duration", **more: Any
) -> Scenario:
    """A world of two IPv4 hosts; what is no argument of `world` is an option of the registration."""
    known = {name: more.pop(name) for name in ("dns", "events", "zone") if name in more}
    zone = known.pop("zone", srv_zone(protocols, families="4"))
    return world(
        hosts, zone=zone, transports="udp tcp tls", options=more, duration=duration, stop=stop, **known
    )


def no_route_last(service: dict[str, Any], max_retries: int) -> Scenario:
    """A world whose second and last target has no route."""
    zone = """\
_sip._udp.sip.example.net. 300 IN SRV 1 0 5060 p1.example.net.
_sip._udp.sip.example.net. 300 IN SRV 2 0 5060 p2.example.net.
p1.example.net. 300 IN A 203.0.113.1
p2.example.net. 300 IN AAAA 2001:db8:5::2
"""
    options = {"retry_interval": 5, "max_retries": max_retries}
    return world(
        {ONE: {"udp/5060": service}},
        zone=zone, transports="udp udp6", options=options, client={"ipv6": False}, duration=900,
    )  # fmt: skip


REPEATING = {
    "every target silent, no end of retries": case(SILENT_UDP, retry_interval=20, max_retries=100000),
    "every target silent, until the retries are used up": case(SILENT_UDP, retry_interval=5, max_retries=30),
    "refreshes": case({ONE: {"udp/5060": "ok"}}, expiration=25),
    "refreshes with a dead primary": case({TWO: {"udp/5060": "accept"}}, expiration=60),
    "a registration that lapses between rounds": case({TWO: {"udp/5060": {"expires": 11}}}),
    "refreshes ten seconds before the end of five": case({ONE: {"udp/5060": {"expires": 5}}}, duration=5),
    "Retry-After, that counts no retry": case(
        {ONE: {"udp/5060": {"status": 500, "retry_after": 7}}}, max_retries=3
    ),
    "a last target without a route, that counts twice": no_route_last({"status": 503}, max_retries=41),
    "Retry-After before a target without a route, and no retry left": no_route_last(
        {"status": 503, "retry_after": 7}, max_retries=40
    ),
    "a connection that closes after every success": case(
        {ONE: {"tcp/5060": {"close_after": 3}}}, "tcp", duration=900
    ),
    "a TLS server that closes": case({ONE: {"tls/5061": {"close_after": 3}}}, "tls"),
    "a connect that is never answered": case(
        {ONE: {"tcp/5060": "drop"}, TWO: {"tcp/5060": "drop"}}, "tcp",
        retry_interval=20, max_retries=1000, duration=40000,
    ),
    "an outage among refreshes": case(BOTH_UDP, expiration=40, events=OUTAGE),
    "an outage under an open connection": case(BOTH_TCP, "tcp", expiration=40, events=OUTAGE),
    "403 again and again": case(
        {ONE: {"udp/5060": {"status": 403}}}, forbidden_retry_interval=9, max_retries=40
    ),
    "failures after successes": case(
        {ONE: {"udp/5060": {"expires": 11, "after": 50, "then": {"status": 500}}}},
        retry_interval=3, max_retries=20,
    ),
    "a name server that drops": case(
        SILENT_UDP, dns={"sip.example.net NAPTR": "drop"}, retry_interval=20, max_retries=60
    ),
    "no address at all": case({}, zone="", retry_interval=1, max_retries=500),
    "stopping at the first success": case(
        BOTH_UDP | {ONE: {"udp/5060": {"status": 500}}}, stop="registered", retry_interval=7, max_retries=500,
        events=[{"at": 2000.5, "host": ONE, "set": {"udp/5060": "ok"}}],
    ),
    "two kinds of retry in turn": case(
        {ONE: {"udp/5060": {"status": 403, "delay": 7}}, TWO: {"udp/5060": {"status": 404}}},
        retry_interval=5, forbidden_retry_interval=11, fatal_retry_interval=13, max_retries=100,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REPEATING)
def test_a_recognised_repetition_is_told_as_if_it_had_been_lived(name: str) -> None:
    found = assert_nothing_else_comes_out(REPEATING[name])
    assert found.log.repeats, "nothing repeats here: the case shows nothing"


EQUAL = """\
_sip._udp.sip.example.net. 300 IN SRV 10 10 5060 p1.example.net.
_sip._udp.sip.example.net. 300 IN SRV 10 10 5060 p2.example.net.
p1.example.net. 300 IN A 203.0.113.1
p2.example.net. 300 IN A 203.0.113.2
"""


@pytest.mark.parametrize(("zone", "recognised"), [(srv_zone(families="4"), True), (EQUAL, False)])
def test_with_a_seed_rounds_are_compared_where_nothing_is_drawn(zone: str, recognised: bool) -> None:
    silent = case(SILENT_UDP, zone=zone, retry_interval=20, max_retries=100000)
    assert bool(assert_nothing_else_comes_out(silent, seed=7).log.repeats) == recognised


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds(longest=5000), st.sampled_from(stack_names()), st.sampled_from([None, None, 1]))
def test_in_no_world_does_recognising_repetitions_change_anything(
    scenario: Scenario, stack: str, seed: int | None
) -> None:
    assert_nothing_else_comes_out(scenario, stack, seed)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds(longest=20, least_expiration=0))
def test_nor_where_rounds_follow_each_other_at_once(scenario: Scenario) -> None:
    assert_nothing_else_comes_out(scenario)


def test_every_round_of_options_is_told_beside_a_registration_that_repeats() -> None:
    alone = case(SILENT_UDP, retry_interval=60, max_retries=100000)
    contact = "sip:192.0.2.7"
    qualified = f"[q]\ntype=aor\ncontact={contact}\nqualify_frequency=60\n[q]\ntype=endpoint\naors=q\n"
    scenario = replace(alone, pjsip=f"{alone.pjsip}\n{qualified}", duration=3600.0)
    found = assert_nothing_else_comes_out(scenario)
    assert found.traffic is not None
    assert [q.t for q in found.traffic.qualifies] == [float(t) for t in range(0, 3601, 60)]
