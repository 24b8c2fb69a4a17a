"""The world outside: what a datagram, a SYN and a request meet, and what events change."""

from __future__ import annotations

from typing import Any

import pytest

from pjresolve.model import TCP4, TLS4, UDP4, UDP6, Target
from pjresolve.scenario.behaviour import Service, behaviour
from pjresolve.scenario.format import HostEvent
from pjresolve.simulation.world import NOTHING, Listener, Reply, World
from pjresolve.sip.tls import TlsSettings
from pjresolve.stacks.asterisk22.tls import versions
from tests.simulation.worlds import world

ONE = "203.0.113.1"


def made(services: Any = "down", **client: bool) -> World:
    return World(world({ONE: services}, client=client))


def listener(said: Any) -> Listener:
    return Listener(behaviour(said, "test"))


@pytest.mark.parametrize(
    ("said", "replies"),
    [
        ("ok", [401, 200, 401]),
        ("accept", [200, 200, 200]),
        ("silent", [None, None, None]),
        ({"status": 503}, [503, 503, 503]),
        ({"trying": True}, [100, 100, 100]),
        ({"status": 200}, [200, 200, 200]),
        ({"status": 503, "after": 2, "then": "accept"}, [503, 503, 200]),
        ({"status": 503, "after": 0, "then": "silent"}, [None, None, None]),
        ({"status": 503, "then": {"status": 500, "after": 2, "then": {"status": 404}}}, [503, 500, 404]),
    ],
)
def test_what_a_service_answers_to_three_requests(said: Any, replies: list[int | None]) -> None:
    """The second one carries credentials."""
    service = listener(said)
    assert [service.take(credentials=number == 1).status for number in range(3)] == replies


def test_an_answer_carries_its_fields() -> None:
    found = listener({"status": 503, "retry_after": 7, "delay": 2}).take(False)
    assert found == Reply(503, 2, ("Retry-After: 7",))
    found = listener({"expires": 30, "close_after": 4, "challenge": False}).take(False)
    assert found == Reply(200, 0, ("Contact: <sip:contact.invalid>;expires=30", "Expires: 30"), 4)
    found = listener("accept").take(False, 77)
    assert found == Reply(200, 0, ("Contact: <sip:contact.invalid>;expires=77", "Expires: 77"))


@pytest.mark.parametrize(
    ("said", "status", "headers"),
    [
        ("ok", 401, ('WWW-Authenticate: Digest realm="lab", nonce="0123456789", algorithm=MD5',)),
        ({"challenges": ["WWW-Authenticate: X y=z"]}, 401, ("WWW-Authenticate: X y=z",)),
        ({"challenges": []}, 401, ()),
        ({"headers": ["X-A: 1"], "challenges": []}, 401, ("X-A: 1",)),
        ({"status": 407, "challenges": ["Proxy-Authenticate: X y=z"]}, 407, ("Proxy-Authenticate: X y=z",)),
        ({"status": 407}, 407,
         ('Proxy-Authenticate: Digest realm="lab", nonce="0123456789", algorithm=MD5',)),
        ({"status": 403, "challenges": ["WWW-Authenticate: X y=z"]}, 403, ()),
        ({"status": 423, "retry_after": 5, "headers": ["Min-Expires: 9"]}, 423,
         ("Retry-After: 5", "Min-Expires: 9")),
        ({"status": 200, "expires": 9, "retry_after": 5}, 200, ()),
        ({"status": 202, "bindings": ["Expires: 9"]}, 202, ("Expires: 9",)),
        ({"challenge": False, "bindings": ["Contact: @CONTACT@;q=1"], "headers": ["Expires: 3"]}, 200,
         ("Contact: <sip:contact.invalid>;q=1", "Expires: 3")),
        ({"challenge": False, "bindings": [], "expires": 9}, 200, ()),
        ({"trying": True, "headers": ["X-A: 1"]}, 100, ()),
        ({"status": 503, "methods": {"OPTIONS": "silent", "REGISTER": {"status": 500}}}, 500, ()),
    ],
)  # fmt: skip
def test_an_answer_carries_the_lines_of_the_recorder(
    said: Any, status: int, headers: tuple[str, ...]
) -> None:
    found = listener(said).take(False, 60)
    assert (found.status, found.headers) == (status, headers)


def test_a_tls_service_keeps_the_certificate_of_its_beginning() -> None:
    service = listener({"cert": {"names": ["a"]}})
    service.set(behaviour({"cert": {"names": ["b"]}}, "test"))
    assert made().handshake(TlsSettings(), "a", service) is None
    assert made().handshake(TlsSettings(), "b", service) is not None


def test_what_has_passed_counts_only_as_far_as_it_can_matter() -> None:
    steady, changing = listener("accept"), listener({"status": 503, "after": 3, "then": "accept"})
    states: dict[str, list[object]] = {"steady": [], "changing": []}
    for _ in range(8):
        steady.take(False), changing.take(False)
        states["steady"].append(steady.state())
        states["changing"].append(changing.state())
    assert len(set(states["steady"])) == 1
    assert len(set(states["changing"])) == 4


# ---------------------------------------------------------------- reaching it


@pytest.mark.parametrize("said", ["drop", "reject"])
def test_a_datagram_meets_silence_behind_a_firewall_a_closed_port_and_a_dead_host(said: str) -> None:
    target = Target(UDP4, ONE, 5060)
    assert made({"udp/5060": "ok"}).udp(target) is not None
    for services in ({"udp/5060": said}, {"udp/5061": "ok"}, {"tcp/5060": "ok"}, {}, "down"):
        assert made(services).udp(target) is None
    assert made({"udp/5060": "ok"}).udp(Target(UDP4, "203.0.113.99", 5060)) is None


@pytest.mark.parametrize(
    ("services", "path"),
    [
        ({"tcp/5060": "ok"}, "open"),
        ({"tls/5060": "ok"}, "open"),
        ({"tcp/5060": "close"}, "open"),
        ({"tcp/5060": "silent"}, "open"),
        ({"tcp/5060": "drop"}, "silent"),
        ({"tcp/5060": "reject"}, "refused"),
        ({"tcp/5060": "ok", "tls/5060": "drop"}, "silent"),
        ({"tcp/5060": "ok", "tls/5060": "reject"}, "refused"),
        ({"udp/5060": "ok"}, "refused"),
        ({}, "refused"),
        ("down", "silent"),
    ],
)
def test_what_a_syn_meets(services: Any, path: str) -> None:
    """TCP and TLS share a port: a firewall before one of them closes it to both."""
    assert made(services).stream(ONE, 5060)[0] == path


def test_a_family_needs_a_route() -> None:
    there, here = Target(UDP6, "2001:db8::1", 5060), Target(UDP4, ONE, 5060)
    assert [made(ipv6=False).route(t) for t in (there, here)] == [False, True]
    assert [made(ipv4=False).route(t) for t in (there, here)] == [True, False]


# ---------------------------------------------------------------- events


def service(name: str, said: Any) -> dict[Service, Any]:
    kind = {"udp": UDP4, "tcp": TCP4, "tls": TLS4}[name].protocol
    return {Service(kind, 5060): behaviour(said, "test")}


def test_a_host_goes_down_and_comes_back_with_its_services() -> None:
    outside, target = made({"udp/5060": "ok"}), Target(UDP4, ONE, 5060)
    assert outside.change(HostEvent(0, ONE, "down")) == "down"
    assert outside.udp(target) is None
    outside.change(HostEvent(0, ONE, "up"))
    assert outside.udp(target) is not None


def test_an_event_changes_the_services_it_lists_and_opens_the_host() -> None:
    outside = made({"udp/5060": "ok", "tcp/5060": "ok"})
    outside.change(HostEvent(0, ONE, "down"))
    assert outside.change(HostEvent(0, ONE, service("udp", {"status": 503}))) == "udp/5060: 503"
    found = outside.udp(Target(UDP4, ONE, 5060))
    assert found is not None
    assert found.take(False).status == 503
    assert outside.stream(ONE, 5060)[0] == "open"


def test_a_firewall_leaves_the_service_behind_it_as_it_was() -> None:
    one = listener({"status": 503, "after": 1, "then": "accept"})
    assert one.take(False).status == 503
    one.set(behaviour("drop", "test"))
    assert one.firewall == "drop"
    assert one.take(False).status == 200, "a datagram that is through already"
    one.set(behaviour("accept", "test"))
    assert (one.firewall, one.take(False).status) == ("", 200)


def test_behind_a_firewall_there_may_be_nothing() -> None:
    assert listener("drop").take(False) is NOTHING


# ---------------------------------------------------------------- TLS


@pytest.mark.parametrize(
    ("said", "method", "reached"),
    [
        ("ok", "sslv23", True),
        ("ok", "", False),
        ({"tls": {"min": "1.0"}}, "", True),
        ({"tls": {"max": "1.1"}}, "tlsv1_1", True),
        ({"tls": {"min": "1.3"}}, "tlsv1_2", False),
        ({"tls": {"min": "1.3"}}, "sslv23", True),
    ],
)
def test_the_versions_a_service_speaks(said: Any, method: str, reached: bool) -> None:
    """One that says nothing speaks 1.2 and 1.3, as a current OpenSSL does."""
    reason = made().handshake(TlsSettings(versions(method), verify_server=False), "h", listener(said))
    assert (reason is None) is reached


def test_a_certificate_that_names_nobody_matches_nobody() -> None:
    settings = TlsSettings(versions("sslv23"))
    assert "the certificate is for x" in (made().handshake(settings, "h", listener("ok")) or "")
    assert made().handshake(settings, "h", listener({"cert": {"names": ["h"]}})) is None
