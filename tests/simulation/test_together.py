"""Several registrations on one machine: what they share, and that nothing changes where repetitions are told
once.
"""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.run import scenario_config, simulate_scenario, simulate_together
from pjresolve.scenario.format import Scenario, parse_scenario
from pjresolve.simulation.run import Run
from pjresolve.stacks import stack_names
from pjresolve.trace import ConnectionClosed, ConnectionReused, State, WorldChanged

ONE, TWO = "203.0.113.1", "203.0.113.2"
SECTION = "[{0}]\ntype=transport\nprotocol={0}\nbind=0.0.0.0\nmethod=sslv23\n"
TRANSPORTS = "".join(SECTION.format(name) for name in ("udp", "tcp", "tls"))


def world(
    hosts: object, *registrations: str, duration: float = 200, dns: object = None, events: object = None
) -> Scenario:
    """Registrations line0, line1, … with these options, at hosts of example.net with the same two
    addresses.
    """
    sections = "".join(
        f"[line{n}]\ntype=registration\nclient_uri=sip:line{n}@example.net\n{options}\n"
        for n, options in enumerate(registrations)
    )
    names = "".join(f"{name}.example.net. 300 IN A {ONE}\n" for name in "ab")
    document = {
        "name": "together",
        "zone": names + f"c.example.net. 300 IN A {TWO}\n",
        "pjsip": TRANSPORTS + sections,
        "hosts": hosts,
        "dns": dns or {},
        "events": events or [],
        "duration": duration,
        "stop": "duration",
    }
    return parse_scenario(json.dumps(document), name="together", folder=None)


def uri(host: str, transport: str) -> str:
    return f"server_uri=sip:{host}.example.net\\;transport={transport}"


def run(scenario: Scenario, stack: str = "asterisk-22", seed: int | None = None) -> list[Prediction]:
    config = scenario_config(scenario)
    return simulate_together(scenario, list(config.registrations), config=config, stack=stack, seed=seed)


def connects(found: list[Prediction]) -> int:
    return sum(w.event == "connect" for p in found for w in p.wire())


@pytest.mark.parametrize(
    ("second", "transport", "expected"),
    [("a", "tcp", 1), ("b", "tcp", 1), ("a", "tls", 1), ("b", "tls", 2), ("c", "tcp", 2)],
    ids=["the same", "another name, TCP", "the same over TLS", "another name, TLS", "another address"],
)
def test_a_connection_is_shared(second: str, transport: str, expected: int) -> None:
    """Recordings `mr-tcp-two-names`, `mr-tls-same-name`, `mr-tls-two-names`."""
    service = {f"{transport}/{5061 if transport == 'tls' else 5060}": "accept"}
    found = run(world({ONE: service, TWO: service}, uri("a", transport), uri(second, transport)))
    assert all(p.registered for p in found)
    assert connects(found) == expected


def test_events_say_who_they_are_about() -> None:
    hosts = {ONE: {"tcp/5060": "accept"}, TWO: "down"}
    events = [{"at": 50, "host": TWO, "set": "down"}]
    found = run(world(hosts, uri("a", "tcp"), uri("b", "tcp"), events=events))
    for prediction in found:
        owners = {getattr(e, "who", prediction.registration) for e in prediction.log}
        assert owners == {prediction.registration}
        assert any(isinstance(e, WorldChanged) for e in prediction.log)
    assert any(isinstance(e, ConnectionReused) for e in found[1].log)


def test_all_that_registered_over_a_connection_begin_anew_when_it_closes() -> None:
    """Recording `mr-close-tls-other-name` shows the same over TLS."""
    closes = {"challenge": False, "close_after": 6, "after": 2, "then": "accept"}
    hosts = {ONE: {"tcp/5060": {"challenge": False, "after": 1, "then": closes}}}
    found = run(world(hosts, uri("a", "tcp"), uri("b", "tcp"), duration=60))
    closed = [[e for e in p.log if isinstance(e, ConnectionClosed)] for p in found]
    assert [(c[0].t, set(c[0].users)) for c in closed] == [(6_000_000, {"line0", "line1"})] * 2
    assert [[round(r.t, 3) for r in p.rounds()] for p in found] == [[0, 6.012], [0, 6.012]]
    assert connects(found) == 2


def test_a_query_without_an_answer_makes_a_healthy_registration_lapse() -> None:
    """Recording `mr-dns-drop-refresh`: the C library has one queue for all."""
    hosts = {ONE: {"udp/5060": "accept"}, TWO: {"udp/5060": "silent"}}
    drop = {f"c.example.net {rtype}": "drop" for rtype in ("A", "NAPTR")}
    short = "server_uri=sip:a.example.net\nexpiration=18"
    slow, healthy = run(world(hosts, "server_uri=sip:c.example.net\nretry_interval=1", short, dns=drop))
    assert slow.registered is None
    assert State.LAPSED in {m.state for m in healthy.states()}
    alone = simulate_scenario(world(hosts, short))
    assert State.LAPSED not in {m.state for m in alone.states()}


OPTIONS = st.fixed_dictionaries(
    {
        "host": st.sampled_from("abc"),
        "transport": st.sampled_from(["udp", "tcp", "tls"]),
        "expiration": st.sampled_from([20, 30, 40, 60]),
        "retry_interval": st.sampled_from([5, 10, 20]),
        "max_retries": st.sampled_from([3, 1000]),
    }
)
DATAGRAMS = st.sampled_from(["accept", "silent", "drop", "reject", {"status": 503}])
STREAMS = DATAGRAMS | st.sampled_from([{"close_after": 7}, {"status": 403}])
HOST = st.fixed_dictionaries({"udp/5060": DATAGRAMS, "tcp/5060": STREAMS, "tls/5061": STREAMS})


def written(options: dict[str, object]) -> str:
    rest = "\n".join(f"{k}={v}" for k, v in options.items() if k not in ("host", "transport"))
    return f"{uri(str(options['host']), str(options['transport']))}\n{rest}"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(HOST, HOST, st.lists(OPTIONS, min_size=2, max_size=3), st.sampled_from(stack_names()))
def test_recognising_repetitions_changes_nothing_for_anybody(
    one: object, two: object, registrations: list[dict[str, object]], stack: str
) -> None:
    scenario = world({ONE: one, TWO: two}, *map(written, registrations), duration=3000)
    recognised = run(scenario, stack)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Run, "_waking", lambda self, life: None)
        lived = run(scenario, stack)
    for mine, real in zip(recognised, lived, strict=True):
        assert list(mine.log) == list(real.log)
        assert mine.to_json() == real.to_json()


def test_two_with_different_periods_are_recognised() -> None:
    hosts = {ONE: {"tcp/5060": "accept"}}
    scenario = world(
        hosts, f"{uri('a', 'tcp')}\nexpiration=40", f"{uri('b', 'tcp')}\nexpiration=70", duration=100_000
    )
    found = run(scenario)
    assert all(p.log.repeats and p.unregistered < 1 for p in found)
    assert sum(len(p.log.events) for p in found) < 500
    assert len(list(found[0].rounds())) == pytest.approx(100_000 / 30, abs=5)


def test_what_two_send_in_the_same_moment_is_sent_before_either_has_its_answer() -> None:
    """Recording `m7-015`. A service that closes after its first 200 reads nothing behind it."""
    options = f"{uri('a', 'tcp')}\noutbound_auth=me\nmax_random_initial_delay=0"
    scenario = world({ONE: {"tcp/5060": {"close_after": 8}}}, options, options, duration=5)
    auth = "[me]\ntype=auth\nusername=me\npassword=x\n"
    first, second = run(replace(scenario, pjsip=scenario.pjsip + auth))
    assert [a.status for a in first.attempts()] == [401, 200]
    assert [(a.status, a.credentials) for a in second.attempts()] == [(401, False), (None, True)]
