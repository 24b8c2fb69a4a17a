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
from pjresolve.scenario.traffic import Call
from pjresolve.simulation.run import Run
from pjresolve.stacks import stack_names
from tests.simulation.worlds import srv_zone, world, worlds

pytestmark = pytest.mark.slow


def lived(scenario: Scenario, stack: str, seed: int | None = None) -> Prediction:
    """The prediction, with every round lived."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Run, "_waking", lambda self, who: False)
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


# ---------------------------------------------------------------- qualified contacts, further registrations


def contact(uri: str, frequency: int, *, timeout: float = 3.0, name: str = "q") -> str:
    """Sections of an endpoint whose contact is qualified."""
    written = uri.replace(";", "\\;")
    return f"""
[{name}]
type=aor
contact={written}
qualify_frequency={frequency}
qualify_timeout={timeout:g}

[{name}]
type=endpoint
aors={name}
"""


def beside(scenario: Scenario, *sections: str, **more: Any) -> Scenario:
    """The scenario with these sections, too."""
    return replace(scenario, pjsip="\n".join([scenario.pjsip, *sections]), **more)


def another(options: str, name: str = "second") -> str:
    """A second registration, at the same host."""
    return (
        f"\n[{name}]\ntype=registration\nserver_uri=sip:sip.example.net\n"
        f"client_uri=sip:{name}@sip.example.net\nmax_random_initial_delay=0\n{options}\n"
    )


HOST = "sip:sip.example.net"
CONTACTS = {
    "an answer at once": beside(case(BOTH_UDP, expiration=60), contact(HOST, 20)),
    "beside retries": beside(
        case(SILENT_UDP, retry_interval=60, max_retries=100000), contact(f"sip:{ONE}", 60)
    ),
    "rounds that overlap, on a dead path": beside(
        case(BOTH_UDP | {ONE: {"udp/5060": "drop"}}, expiration=60), contact(HOST, 7)
    ),
    "over the connection that registers": beside(
        case(BOTH_TCP, "tcp", expiration=40),
        contact(HOST, 30),
        contact(f"{HOST};transport=tcp", 45, name="p"),
    ),
    "a connect that is never answered": beside(
        case({ONE: {"tcp/5060": "drop"}, TWO: {"tcp/5060": "ok"}}, "tcp", expiration=60), contact(HOST, 60)
    ),
    "an answer that comes too late, each time": beside(
        case({ONE: {"udp/5060": {"delay": 5}}}, expiration=60), contact(HOST, 9)
    ),
    "an outage": beside(case(BOTH_UDP, expiration=40, events=OUTAGE), contact(HOST, 25)),
    "a name server that drops": beside(
        case(SILENT_UDP, dns={"sip.example.net NAPTR": "drop"}, retry_interval=20, max_retries=1000),
        contact(HOST, 90),
    ),
    "a registration that has given up": beside(case({ONE: {"udp/5060": {"status": 403}}}), contact(HOST, 30)),
    "each at a pace of its own": beside(
        case(BOTH_UDP, expiration=31, duration=40000), another("expiration=47"), contact(HOST, 53)
    ),
    "each at a pace of its own, over one connection": beside(
        case(BOTH_TCP, "tcp", expiration=30, duration=40000), another("expiration=50"), contact(HOST, 15)
    ),
    "one socket refuses both in the same instant": beside(
        case({ONE: {}}, "tcp", retry_interval=60, duration=1500), contact(HOST, 20, timeout=0)
    ),
    "a call now and then": beside(
        case(BOTH_UDP, expiration=40, duration=20000), contact(HOST, 20),
        calls=tuple(Call(at, "q", "100", timeout=30) for at in (500.0, 6000.5, 13000.0)),
    ),
    "calls over the connection that registers": beside(
        case(BOTH_TCP, "tcp", expiration=40, duration=20000), contact(HOST, 20),
        calls=tuple(Call(at, "q", "100", timeout=30) for at in (500.0, 6000.5, 13000.0)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTACTS)
def test_a_repetition_is_recognised_beside_qualified_contacts(name: str) -> None:
    found = assert_nothing_else_comes_out(CONTACTS[name])
    assert found.traffic is not None
    assert all(one.log.repeats for one in found.traffic.qualified), "nothing repeats here"
    assert len(found.traffic.qualifies) == len(list(found.traffic.qualifies))
    assert len(found.traffic.contacts) == len(list(found.traffic.contacts))


def test_every_round_of_options_is_told_beside_a_registration_that_repeats() -> None:
    found = assert_nothing_else_comes_out(CONTACTS["beside retries"])
    assert found.traffic is not None
    assert [q.t for q in found.traffic.qualifies] == [float(t) for t in range(0, 9001, 60)]


@pytest.mark.parametrize("frequency", [7, 15, 30])
def test_nor_where_a_look_up_is_under_way(frequency: int) -> None:
    dropped = case(BOTH_UDP, dns={"sip.example.net NAPTR": "drop"}, expiration=60, duration=3000)
    assert_nothing_else_comes_out(beside(dropped, contact(HOST, frequency, timeout=0)))


def test_a_contact_that_nobody_registers_beside_repeats_too() -> None:
    alone = case(BOTH_UDP)
    pjsip = "[u]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n" + contact(HOST, 30)
    found = simulate_scenario(replace(alone, pjsip=pjsip))
    assert found.traffic is not None
    assert found.traffic.qualified[0].log.repeats
    assert len(list(found.traffic.qualifies)) == 301


PACES = st.sampled_from([5, 7, 12, 20, 40])


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds(longest=3000), st.data())
def test_nor_beside_contacts_and_other_registrations(scenario: Scenario, data: st.DataObject) -> None:
    targets = st.sampled_from([HOST, f"{HOST};transport=tcp", f"{HOST};transport=tls", f"sip:{ONE}"])
    sections = [another(f"expiration={data.draw(PACES) + 6}")] if data.draw(st.booleans()) else []
    for number in range(data.draw(st.integers(1, 3))):
        timeout = data.draw(st.sampled_from([0, 0.5, 3.0, 12.0]))
        uri, pace = data.draw(targets), data.draw(PACES)
        sections.append(contact(uri, pace, timeout=timeout, name=f"q{number}"))
    if data.draw(st.booleans()):
        times = data.draw(st.lists(st.sampled_from([40.0, 41.5, 700.0, 1500.0]), unique=True, max_size=3))
        scenario = replace(scenario, calls=tuple(Call(at, "q0", "100", timeout=20) for at in sorted(times)))
    assert_nothing_else_comes_out(beside(scenario, *sections))
