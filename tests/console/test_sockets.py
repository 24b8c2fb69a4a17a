"""Who gets a socket that two transports want, as seen with the real Asterisk."""

from __future__ import annotations

import pytest

from pjresolve.config.objects import load_text
from pjresolve.console.sockets import Socket, listening


def sockets(*transports: tuple[str, str, str]) -> tuple[dict[Socket, str], list[str], list[str]]:
    """The sockets with their owners, the transports without, and the refused ones."""
    text = "".join(f"[{n}]\ntype=transport\nprotocol={p}\nbind={b}\n" for n, p, b in transports)
    config = load_text(text)
    taken, deaf = listening(config.transports.values())
    refused = [r.name for r in config.refusals]
    return {s: t.name for s, t in taken.items()}, [t.name for t in deaf], refused


def test_ipv4_and_ipv6_stand_side_by_side() -> None:
    taken, deaf, refused = sockets(("a", "udp", "[::]"), ("b", "udp", "0.0.0.0"))
    assert taken == {Socket("udp", "::", 5060): "a", Socket("udp", "0.0.0.0", 5060): "b"}
    assert not deaf
    assert not refused


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("udp", "0.0.0.0"), ("udp", "0.0.0.0:5060")),
        (("udp", "0.0.0.0"), ("udp", "198.51.100.10")),
        (("udp", "198.51.100.10"), ("udp", "0.0.0.0")),
        (("udp", "[::]"), ("udp", "[2001:db8::1]")),
        (("tcp", "198.51.100.10"), ("tcp", "0.0.0.0")),
        (("tls", "0.0.0.0:5070"), ("tcp", "0.0.0.0:5070")),
    ],
)
def test_a_later_udp_or_tcp_transport_on_a_taken_socket_is_refused(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    taken, deaf, refused = sockets(("a", *first), ("b", *second))
    assert list(taken.values()) == ["a"]
    assert not deaf
    assert refused == ["b"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("tls", "0.0.0.0:5071"), ("tls", "0.0.0.0:5071")),
        (("tls", "0.0.0.0:5071"), ("tls", "198.51.100.10:5071")),
        (("tcp", "198.51.100.10"), ("tls", "0.0.0.0:5060")),
    ],
)
def test_a_later_tls_transport_loads_and_does_not_listen(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    taken, deaf, refused = sockets(("a", *first), ("b", *second))
    assert list(taken.values()) == ["a"]
    assert deaf == ["b"]
    assert not refused


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("udp", "0.0.0.0"), ("tcp", "0.0.0.0")),
        (("udp", "0.0.0.0"), ("udp", "0.0.0.0:5061")),
        (("udp", "198.51.100.10"), ("udp", "198.51.100.11")),
    ],
)
def test_different_sockets_do_not_clash(first: tuple[str, str], second: tuple[str, str]) -> None:
    taken, deaf, refused = sockets(("a", *first), ("b", *second))
    assert list(taken.values()) == ["a", "b"]
    assert not deaf
    assert not refused


def test_a_websocket_transport_has_no_socket_of_its_own() -> None:
    assert sockets(("a", "ws", "0.0.0.0"), ("b", "wss", "0.0.0.0")) == ({}, [], [])
