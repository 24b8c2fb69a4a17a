"""NAPTR records: their order, and their services."""

from __future__ import annotations

from pjresolve.dns.naptr import SERVICES, naptr_data, order
from pjresolve.model import NaptrData, Protocol, Record


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


def test_the_services_are_those_of_the_three_protocols() -> None:
    assert sorted(SERVICES.values()) == sorted(Protocol)
