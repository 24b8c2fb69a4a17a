"""Faults as written, and the worlds they make."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pjresolve.cli.faults import read_faults
from pjresolve.dns.source import DnsFault
from pjresolve.errors import BadInput, Parameter
from pjresolve.model import TCP4, TLS6, UDP4, AddressData, Query, Record, SrvData, Target
from pjresolve.prediction.faults import Faults
from pjresolve.prediction.healthy import Reached, compose, without
from pjresolve.prediction.times import read_time
from pjresolve.scenario.behaviour import DROP, OK, SILENT
from pjresolve.scenario.format import HostEvent, Scenario, parse_scenario, scenario_to_yaml

SRV = Record("_sips._tcp.sip.example", 60, "SRV", SrvData(1, 1, 5061, "p1.example"))
T1 = Target(TLS6, "2001:db8::1", 5061, (SRV, Record("p1.example", 60, "AAAA", AddressData("2001:db8::1"))))
T2 = Target(TCP4, "192.0.2.1", 5060)
T3 = Target(UDP4, "192.0.2.1", 5060)
REACHED = [Reached(target, "sip.example", "sip.example") for target in (T1, T2, T3)]


def world(*options: tuple[str, str], until: float | None = None) -> Scenario:
    return compose(Scenario("x"), REACHED, read_faults(options), until).scenario


def services(scenario: Scenario, address: str) -> dict[str, object]:
    state = scenario.hosts[address]
    assert not isinstance(state, str)
    return {str(service): behaviour for service, behaviour in state.items()}


def test_without_faults_all_is_healthy_and_certified() -> None:
    healthy = world()
    assert services(healthy, "192.0.2.1") == {"tcp/5060": OK, "udp/5060": OK}
    [tls] = services(healthy, "2001:db8::1").values()
    assert getattr(tls, "cert").names == ("sip.example",)  # noqa: B009
    assert (healthy.stop, healthy.duration, healthy.events) == ("registered", 3600, ())


@pytest.mark.parametrize(
    ("fault", "touched"),
    [
        ("192.0.2.1=silent", {"tcp/5060", "udp/5060"}),
        ("192.0.2.1/tcp=silent", {"tcp/5060"}),
        ("192.0.2.1/tcp/5060=silent", {"tcp/5060"}),
        ("udp=silent", {"udp/5060"}),
        ("udp/5060=silent", {"udp/5060"}),
        ("ipv4=silent", {"tcp/5060", "udp/5060"}),
        ("sip.example=silent", {"tcp/5060", "udp/5060"}),
        ("*/udp=silent", {"udp/5060"}),
    ],
)
def test_what_a_fault_matches(fault: str, touched: set[str]) -> None:
    found = services(world(("fault", fault)), "192.0.2.1")
    assert {service for service, behaviour in found.items() if behaviour == SILENT} == touched


def test_names_lead_to_their_hosts_only() -> None:
    assert world(("down", "p1.example")).hosts["2001:db8::1"] == "down"
    assert world(("down", "p1.example")).hosts["192.0.2.1"] != "down"
    assert world(("down", "2001:DB8:0::1")).hosts["2001:db8::1"] == "down"


def test_down_with_a_protocol_is_one_service() -> None:
    assert services(world(("down", "192.0.2.1/udp")), "192.0.2.1") == {"tcp/5060": OK, "udp/5060": DROP}


def test_at_holds_for_the_host_faults_after_it() -> None:
    found = world(
        ("down", "ipv6"),
        ("at", "30"),
        ("down", "ipv4"),
        ("fault", "udp=503"),
        ("at", "1m"),
        ("fault", "*=up"),
    )
    assert [(e.at, e.host) for e in found.events] == [
        (0, "2001:db8::1"),
        (30, "192.0.2.1"),
        (30, "192.0.2.1"),
        (60, "2001:db8::1"),
        (60, "192.0.2.1"),
    ]
    assert (found.stop, found.duration) == ("duration", 3660)
    assert services(found, "2001:db8::1"), "a host that comes back has its services"


def test_the_last_word_counts() -> None:
    assert services(world(("down", "ipv4"), ("fault", "udp=ok")), "192.0.2.1")["udp/5060"] == OK
    assert world(("fault", "udp=ok"), ("down", "ipv4")).hosts["192.0.2.1"] == "down"


def test_matched_faults_are_counted() -> None:
    faults = read_faults([("down", "192.0.2.9"), ("down", "ipv4")])
    assert compose(Scenario("x"), REACHED, faults, None).matched == {1}


def test_the_world_can_be_written_down() -> None:
    found = world(("fault", "tls={status: 503, cert: {expired: true}}"), ("at", "9"), ("down", "*"), until=60)
    again = parse_scenario(scenario_to_yaml(found), name="x", folder=None)
    assert (again.hosts, again.events, again.duration) == (found.hosts, found.events, found.duration)


def test_without_drops_services_from_the_start() -> None:
    base = world(("at", "5"), ("down", "*"))
    found = without(base, [T3])
    assert services(found, "192.0.2.1") == {"tcp/5060": OK, "udp/5060": DROP}
    assert found.events == ()
    assert isinstance(base.events[0], HostEvent), "the scenario itself stays as it was"


def test_dns_faults_and_families() -> None:
    found = read_faults(
        [("no_ipv4", ""), ("dns_fault", "SIP.example. srv=delay:3"), ("dns_fault", "x A=drop")]
    )
    assert found == Faults(
        dns={Query("sip.example", "SRV"): DnsFault("delay", 3), Query("x", "A"): DnsFault("drop")}, ipv4=False
    )


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90", 90), ("1.5", 1.5), ("20m", 1200), ("1h30m", 5400), ("2 d", 172800), ("365d", 31536000), ("0", 0)],
)
def test_lengths_of_time(text: str, seconds: float) -> None:
    assert read_time(text, Parameter("until")) == seconds


@given(st.text(max_size=40))
def test_any_text_is_a_time_or_bad_input(text: str) -> None:
    refused = None
    try:
        assert 0 <= read_time(text, Parameter("until")) <= 31536000
    except BadInput as error:
        refused = str(error)
    assert refused is None or refused.isprintable()


@given(
    st.lists(
        st.tuples(st.sampled_from(["down", "fault", "dns_fault", "at"]), st.text(max_size=30)), max_size=4
    )
)
def test_any_faults_are_read_or_refused(options: list[tuple[str, str]]) -> None:
    refused = None
    try:
        compose(Scenario("x"), REACHED, read_faults(options), None)
    except BadInput as error:
        refused = str(error)
    assert refused is None or refused.isprintable()
