"""One source is named, and no other is used."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pjresolve.errors import BadInput
from pjresolve.model import Query, Status
from pjresolve.scenario.choice import Choice
from pjresolve.scenario.examples import bundled_names
from pjresolve.scenario.snapshot import SnapshotSource

LIVE = Choice()
OFFLINE = Choice(offline=True)


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        (replace(OFFLINE, zones=(Path("z"),)), "zone and offline exclude each other"),
        (replace(LIVE, zones=(Path("z"),), snapshots=(Path("s"),)), "zone and snapshot exclude each other"),
        (replace(OFFLINE, nameservers=("x",)), "offline and nameservers exclude each other"),
    ],
)
def test_more_than_one_source_is_refused(choice: Choice, said: str) -> None:
    with pytest.raises(BadInput, match=f"^{said} \\(answers come from one source\\)$"):
        choice.check()


def test_without_a_name_it_is_live_dns() -> None:
    LIVE.check()
    assert LIVE.worlds(["example.net"]) == []
    assert replace(LIVE, nameservers=("127.0.0.1#5300",)).connect()().servers == (("127.0.0.1", 5300),)


@pytest.mark.parametrize("seconds", [0, -1, 60.5, float("nan"), float("inf")])
def test_a_timeout_has_bounds(seconds: float) -> None:
    with pytest.raises(BadInput, match=r"^timeout: .* s is no timeout \(use a number above 0, at most 60\)$"):
        replace(LIVE, timeout=seconds).connect()


def test_a_name_server_is_read_at_once() -> None:
    with pytest.raises(BadInput, match=r"^nameservers: 'x' is no name server"):
        replace(LIVE, nameservers=("x",)).connect()


def test_examples_answer_together() -> None:
    (world,) = OFFLINE.worlds([*bundled_names(), "203.0.113.1", ""])
    source = SnapshotSource(world)
    for name in bundled_names():
        assert source.lookup(Query(f"_sip._udp.{name}", "SRV")).status is Status.NOERROR
    assert source.lookup(Query("example.net", "A")).status is Status.UNKNOWN


def test_of_an_address_nothing_is_asked() -> None:
    (world,) = OFFLINE.worlds(["203.0.113.1", "[2001:db8::1]"])
    assert world.zone == ""


def test_a_host_without_an_example_is_told_which_there_are() -> None:
    with pytest.raises(BadInput, match=r"^offline: there is no bundled snapshot of example\.net \("):
        OFFLINE.worlds(["Example.Net."])


def test_a_zone_file_is_told_of_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "trunk.zone"
    path.write_text("example.net. 300 IN A 203.0.113.1\n")
    choice = replace(LIVE, zones=(path,))
    (world,) = choice.worlds(())
    assert (world.name, str(world.zone_where)) == ("trunk.zone", f"{path}:1")
    assert choice.answers_from == f"answers from zone file {path}"
