"""NAPTR records: their order, and which are taken up."""

from __future__ import annotations

import pytest

from pjresolve.dns.naptr import SERVICES, naptr_data, order, refused
from pjresolve.model import TCP6, TLS4, UDP4, NaptrData, Protocol, Record


def record(rank: int, preference: int, name: str, **more: str) -> Record:
    words = {"flags": "s", "service": "SIP+D2U", "regexp": ""} | more
    return Record("h", 300, "NAPTR", NaptrData(rank, preference, replacement=name, **words))


def test_order_then_preference_then_as_in_the_answer() -> None:
    answer = [
        record(20, 1, "e"),
        record(10, 9, "d"),
        record(10, 5, "b"),
        record(5, 99, "a"),
        record(10, 5, "c"),
    ]
    assert "".join(naptr_data(r).replacement for r in order(answer)) == "abcde"


@pytest.mark.parametrize("flags", ["s", "S"])
def test_a_record_that_leads_to_srv_is_followed(flags: str) -> None:
    assert refused(naptr_data(record(1, 1, "r", flags=flags)), Protocol.UDP, {UDP4}) is None


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"flags": "a"}, 'its flag is "a"'),
        ({"flags": ""}, 'its flag is ""'),
        ({"flags": "su"}, 'its flag is "su"'),
        ({"regexp": "!.*!sip:x!"}, "regular expression"),
        ({"name": ""}, "replacement is empty"),
        ({"name": "."}, "replacement is empty"),
    ],
)
def test_a_record_that_leads_elsewhere_is_not_followed_and_why(changed: dict[str, str], reason: str) -> None:
    verdict = refused(naptr_data(record(1, 1, **{"name": "r"} | changed)), Protocol.UDP, {UDP4})
    assert verdict is not None
    assert reason in verdict[0]


def test_a_protocol_needs_a_transport_of_either_family() -> None:
    data = naptr_data(record(1, 1, "r"))
    assert refused(data, Protocol.TCP, {TCP6}) is None
    verdict = refused(data, Protocol.TCP, {UDP4, TLS4})
    assert verdict is not None
    assert "no TCP transport" in verdict[0]


def test_the_services_are_those_of_the_three_protocols() -> None:
    assert sorted(SERVICES.values()) == sorted(Protocol)
