"""The values that everything is said in."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pjresolve.errors import BadInput
from pjresolve.model import (
    TCP6,
    TRANSPORT_TYPES,
    UDP4,
    UDP6,
    AddressData,
    Family,
    NaptrData,
    Protocol,
    Query,
    Record,
    SrvData,
    Status,
    Target,
    can_be_asked,
    canonical_address,
    canonical_name,
    transport_types,
)


def test_the_default_ports() -> None:
    assert {p: p.default_port for p in Protocol} == {"udp": 5060, "tcp": 5060, "tls": 5061}


def test_the_six_transport_types() -> None:
    assert list(TRANSPORT_TYPES) == ["udp6", "udp", "tcp6", "tcp", "tls6", "tls"]
    assert all(kind.name == name for name, kind in TRANSPORT_TYPES.items())
    assert (str(TCP6), str(UDP4)) == ("TCP/IPv6", "UDP/IPv4")


def test_a_family_knows_its_addresses() -> None:
    assert (Family.of("::1").address_rtype, Family.of("192.0.2.1").address_rtype) == ("AAAA", "A")


def test_targets_are_equal_whatever_led_to_them() -> None:
    record = Record("h", 60, "A", AddressData("192.0.2.1"))
    assert Target(UDP4, "192.0.2.1", 5060, (record,)) == Target(UDP4, "192.0.2.1", 5060)
    assert str(Target(UDP6, "2001:db8::1", 5060)) == "udp [2001:db8::1]:5060"


def test_records_read_like_a_zone() -> None:
    naptr = NaptrData(10, 20, "s", "SIP+D2U", "", "r.example.net")
    assert str(Record("h", 60, "NAPTR", naptr)) == 'h 60 NAPTR 10 20 "s" "SIP+D2U" "" r.example.net'
    assert str(Record("h", 60, "SRV", SrvData(1, 2, 3, "t"))) == "h 60 SRV 1 2 3 t"
    assert str(Query("h", "A")) == "A h"


def test_only_three_ends_of_a_query_are_no_failure() -> None:
    assert {s for s in Status if not s.failed} == {Status.NOERROR, Status.NODATA, Status.NXDOMAIN}


@given(st.ip_addresses())
def test_an_address_has_one_form(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    text = canonical_address(address.exploded)
    assert text == str(address)
    assert canonical_address(f"[{text}]") == text


@given(st.text(max_size=20))
def test_any_text_is_an_address_or_none(text: str) -> None:
    found = canonical_address(text)
    assert found is None or canonical_address(found) == found


def test_names_are_lower_case_without_final_dot() -> None:
    assert [canonical_name(n) for n in ("A.Net.", "a.net", ".", "")] == ["a.net", "a.net", ".", "."]


def test_transports_keep_their_order_and_stand_once() -> None:
    assert transport_types(" tcp6, UDP,,tcp6 ") == (TCP6, UDP4)


@pytest.mark.parametrize("text", ["", " , ", "udp,sctp", "udp\n6"])
def test_a_list_of_transports_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="use udp6, udp, tcp6, tcp, tls6, tls") as caught:
        transport_types(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "name", [".", "a.b", f"{63 * 'a'}.b", ".".join([62 * "a"] * 4)[:253], r"\.", 63 * r"\046"]
)
def test_a_name_that_can_be_asked_for(name: str) -> None:
    assert can_be_asked(name)


@pytest.mark.parametrize("name", ["", ".a", "a.", "a..b", 64 * "a", ".".join([62 * "a"] * 5), 64 * r"\046"])
def test_a_name_that_cannot_be_asked_for(name: str) -> None:
    assert not can_be_asked(name)
