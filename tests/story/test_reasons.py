"""Each stack gives its own reasons for the protocol and the IP version of a target."""

from __future__ import annotations

import pytest

import pjresolve

ZONE = """
_sip._udp.sip.example.net. 300 IN SRV 10 10 5060 one.example.net.
_sip._udp.sip.example.net. 300 IN SRV 20 10 5060 two.example.net.
one.example.net. 300 IN A 203.0.113.1
one.example.net. 300 IN AAAA 2001:db8:5::1
two.example.net. 300 IN A 203.0.113.2
sip.example.net. 300 IN A 203.0.113.9
"""


def reasons(domain: str, stack: str, tmp_path_name: str) -> str:
    return "; ".join(pjresolve.resolve(domain, zone=tmp_path_name, stack=stack).reasons)


@pytest.fixture
def zone(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("zone") / "zone"
    path.write_text(ZONE)
    return str(path)


def test_beside_a_port_res_pjsip_asks_for_no_srv_and_chan_sip_does(zone: str) -> None:
    assert "neither NAPTR nor SRV is asked" in reasons("sip.example.net:5060", "asterisk-22", zone)
    said = reasons("sip.example.net:5060", "chan_sip", zone)
    assert "neither NAPTR nor SRV" not in said
    assert "only the first is used" in said


def test_each_has_its_own_order_of_ip_versions(zone: str) -> None:
    assert "AAAA is asked before A" in reasons("sip.example.net", "asterisk-22", zone)
    said = reasons("sip.example.net", "chan_sip", zone)
    assert "AAAA is asked before A" not in said
    assert "the first address is used, IPv6 before IPv4" in said


def test_a_stack_of_another_package_is_asked_as_well(zone: str) -> None:
    assert reasons("sip.example.net", "example", zone) == "UDP: it is the one that was asked for"
