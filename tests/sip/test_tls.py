"""When a TLS handshake succeeds: versions, trust, names."""

from __future__ import annotations

from typing import Any

import pytest

from pjresolve.sip.tls import TlsSettings, handshake, name_matches
from pjresolve.stacks.asterisk22.tls import METHODS, versions

HOST = "sip.example.net"


def result(method: str = "sslv23", names: tuple[str, ...] = (HOST,), **more: Any) -> str | None:
    """The reason of a failure, or None; a client that verifies and a healthy server, but for `more`."""
    server = {"self_signed": False, "expired": False, "lowest": "1.2", "highest": "1.3"}
    server |= {key: more.pop(key) for key in list(more) if key in server}
    settings = TlsSettings(versions(method), **more)
    return handshake(settings, HOST, names, **server)  # type: ignore[arg-type]


SPOKEN = {
    "": "1.0", "default": "1.0", "unspecified": "1.0", "tlsv1": "1.0", "tlsv1_1": "1.1", "tlsv1_2": "1.2",
    "tlsv1_3": "1.3", "sslv23": "1.2 1.3", "sslv2": "", "sslv3": "",
}  # fmt: skip


@pytest.mark.parametrize("method", SPOKEN)
@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "1.3"])
def test_a_server_of_one_version_is_reached_by_the_methods_that_speak_it(method: str, version: str) -> None:
    reason = result(method, lowest=version, highest=version)
    assert (reason is None) == (version in SPOKEN[method].split())


def test_every_method_is_in_the_table() -> None:
    assert set(SPOKEN) == set(METHODS)


@pytest.mark.parametrize("method", ["", "default", "tlsv1", "tlsv1_1"])
def test_an_ordinary_server_is_not_reached_by_an_old_method(method: str) -> None:
    """Recording `tls-default-method`."""
    assert "no common TLS version" in (result(method) or "")


def test_a_method_may_be_written_in_capitals() -> None:
    assert versions("TLSv1_2") == ("1.2", "1.2")


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({}, None),
        ({"self_signed": True}, "self-signed"),
        ({"expired": True}, "expired"),
        ({"trusts": False}, "no authority is trusted"),
        ({"names": ("other.example.net",)}, "the certificate is for other.example.net"),
        ({"names": ()}, "no name"),
        ({"names": ("other.example.net", HOST.upper())}, None),
    ],
    ids=["good", "self-signed", "expired", "nothing trusted", "another name", "no name", "one of two names"],
)
def test_what_verification_asks_for(more: dict[str, Any], reason: str | None) -> None:
    found = result(**more)
    assert found is None if reason is None else reason in (found or "")
    if reason is not None:
        assert result(**more, verify_server=False) is None, "nothing is looked at without verify_server"


@pytest.mark.parametrize(
    ("names", "wildcards", "matches"),
    [
        ([HOST], False, True),
        (["*.example.net"], True, True),
        (["*.example.net"], False, False),
        (["*.net"], True, False),
        (["*.sip.example.net"], True, False),
        (["s*.example.net"], True, False),
        (["*"], True, False),
        (["other.net", "*.EXAMPLE.net"], True, True),
        ([], True, False),
    ],
)
def test_a_wildcard_stands_for_one_whole_label(names: list[str], wildcards: bool, matches: bool) -> None:
    assert name_matches(HOST, names, wildcards) is matches


def test_a_wildcard_needs_a_label_to_stand_for() -> None:
    assert not name_matches("localhost", ["*.localhost"], True)
    assert not name_matches("example.net", ["*.example.net"], True)
