"""What `res_pjsip` makes of a registration before any DNS."""

from __future__ import annotations

from typing import Any

import pytest

from pjresolve.config.objects import load_text
from pjresolve.errors import BadInput
from pjresolve.model import TLS4, TLS6, UDP4, Protocol
from pjresolve.sip.timers import Timers
from pjresolve.stacks import DEFAULT_STACK, stack_named
from pjresolve.stacks.asterisk22.loading import ResPjsip
from pjresolve.stacks.protocol import Plan, Refused
from tests.simulation.worlds import pjsip_conf


def load(**words: Any) -> Plan | Refused:
    config = load_text(pjsip_conf(**words))
    return ResPjsip().load(config, config.registrations["itsp"])


def plan(**words: Any) -> Plan:
    found = load(**words)
    assert isinstance(found, Plan), found
    return found


REFUSED = [
    ("the type of the Contact is missing", {"transports": "tcp"}, "nosrv-tcponly"),
    ("only its IPv6 twin is there", {"transports": "udp6"}, "nosrv-tcponly"),
    ("TLS by the URI and no TLS", {"server": "sips:h", "transports": "udp tcp"}, "nosrv-tcponly"),
    ("an IPv6 literal and only IPv4", {"server": "sip:[2001:db8::1]", "transports": "udp"}, "nosrv-tcponly"),
    ("a transport of the URI that SIP over IP lacks", {"server": "sip:h;transport=sctp"}, "uri-ws"),
]


@pytest.mark.parametrize(
    ("words", "evidence"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_what_can_be_read_may_be_refused_all_the_same(words: dict[str, Any], evidence: str) -> None:
    found = load(**words)
    assert isinstance(found, Refused)
    assert found.why
    assert found.evidence == evidence


def test_a_pin_makes_the_contact_its_own() -> None:
    """Recording `v6bind-only`."""
    assert plan(transports="udp6", options={"transport": "t-udp6"}).pinned is not None


def test_a_pin_that_names_nothing_is_ignored_and_noted() -> None:
    found = plan(options={"transport": "nowhere"})
    assert found.pinned is None
    assert found.notes == ("transport=nowhere names no transport and is ignored",)


@pytest.mark.parametrize(
    ("words", "protocol", "ipv6_only"),
    [
        ({}, None, False),
        ({"server": "sip:h:5060"}, Protocol.UDP, False),
        ({"server": "sip:203.0.113.1"}, Protocol.UDP, False),
        ({"server": "sip:h;transport=tcp"}, Protocol.TCP, False),
        ({"server": "sips:h"}, Protocol.TLS, False),
        ({"options": {"transport": "t-tcp"}}, Protocol.TCP, False),
        ({"options": {"transport": "t-tls6"}}, Protocol.TLS, True),
    ],
    ids=["nothing", "a port", "a literal", "the URI's", "sips", "a pin's", "an IPv6 pin's"],
)
def test_the_requested_type(words: dict[str, Any], protocol: Protocol | None, ipv6_only: bool) -> None:
    request = plan(**words).request
    assert request is not None
    assert (request.protocol, request.ipv6_only) == (protocol, ipv6_only)


def test_a_pin_against_the_uri_is_a_dead_end() -> None:
    found = plan(server="sip:h;transport=udp", options={"transport": "t-tcp"})
    assert found.request is None
    assert "transport=t-tcp is TCP and the URI says UDP" in found.dead_end


@pytest.mark.parametrize(
    ("server", "proxy", "host", "protocol"),
    [
        ("sip:h", "sip:proxy", "proxy", None),
        ("sip:h", "sip:proxy\\;transport=tcp\\;lr", "proxy", Protocol.TCP),
        ("sip:h;transport=tcp", "sip:proxy", "proxy", None),
        ("sips:h", "sip:proxy", "proxy", Protocol.TLS),
    ],
)
def test_a_proxy_is_resolved_in_place_of_the_server(
    server: str, proxy: str, host: str, protocol: Protocol | None
) -> None:
    request = plan(server=server, options={"outbound_proxy": proxy}).request
    assert request is not None
    assert (request.host, request.protocol) == (host, protocol)


@pytest.mark.parametrize(
    ("system", "t1", "f"),
    [
        ({}, 500, 32000),
        ({"timer_t1": 100}, 100, 32000),
        ({"timer_t1": 100, "timer_b": 6400}, 100, 6400),
        ({"timer_t1": 100, "timer_b": 9000}, 100, 9000),
        ({"timer_t1": 100, "timer_b": 3200}, 100, 6400),
        ({"timer_t1": 1000}, 1000, 64000),
    ],
)
def test_timer_f_is_timer_b_but_at_least_64_t1(system: dict[str, int], t1: int, f: int) -> None:
    assert plan(system=system).timers == Timers(t1=t1 * 1000, f=f * 1000)


@pytest.mark.parametrize("auth", ["itsp", "other,itsp"])
def test_a_challenge_can_be_answered_with_an_auth_that_exists(auth: str) -> None:
    assert plan(options={"outbound_auth": auth}).credentials
    assert not plan(options={"outbound_auth": "other"}).credentials


def test_the_tls_settings_are_those_of_the_transport_used() -> None:
    found = plan(tls="method=tlsv1_3\nverify_server=yes\nca_list_file=@DIR@/ca.pem")
    assert set(found.tls) == {TLS4, TLS6}
    settings = found.tls[TLS4]
    assert (settings.versions, settings.verify_server, settings.trusts) == (("1.3", "1.3"), True, True)


def test_a_transport_on_the_loopback_address_sends_nowhere() -> None:
    text = pjsip_conf(transports="udp").replace("bind=0.0.0.0", "bind=127.0.0.1")
    config = load_text(text)
    found = ResPjsip().load(config, config.registrations["itsp"])
    assert isinstance(found, Plan)
    assert found.loopback == {UDP4}


def test_stacks_are_found_by_name_or_refused_with_those_there_are() -> None:
    assert stack_named(DEFAULT_STACK) is stack_named("asterisk-22")
    with pytest.raises(BadInput, match="there are asterisk-22, chan_sip"):
        stack_named("asterisk-23")
