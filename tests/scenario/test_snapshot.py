"""Snapshots answer as the name servers did, say what nobody asked, and are written whole or not at all."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pjresolve.dns.rdata import character_string
from pjresolve.dns.source import DnsFault
from pjresolve.dns.zone import ZoneSource
from pjresolve.model import AddressData, Answer, NaptrData, Query, Record, RecordData, SrvData, Status
from pjresolve.scenario.examples import ILLUSTRATIVE, bundled, bundled_names
from pjresolve.scenario.format import load_scenario, parse_scenario
from pjresolve.scenario.recorder import MAX_NAMES, record
from pjresolve.scenario.snapshot import SnapshotSource, scenario_of, snapshot_text

ZONE = """\
sip.example.net. 60 IN NAPTR 10 10 "s" "SIP+D2U" "" _sip._udp.other.example.
sip.example.net. 60 IN NAPTR 20 10 "s" "SIP+D2T" "" _sip._tcp.sip.example.net.
_sip._udp.other.example. 60 IN SRV 10 10 5060 p2.example.net.
_sip._tcp.sip.example.net. 60 IN SRV 10 10 5060 p1.example.net.
_sip._tcp.sip.example.net. 60 IN SRV 20 10 5060 .
p1.example.net. 60 IN A 203.0.113.9
p1.example.net. 60 IN A 203.0.113.1
p2.example.net. 60 IN CNAME p1.example.net.
"""


class Known(ZoneSource):
    """A zone that is asked like a name server, and remembers what."""

    asked: tuple[Query, ...] = ()

    async def ask(self, queries: Sequence[Query]) -> tuple[Answer, ...]:
        self.asked += tuple(queries)
        return tuple(self.lookup(query) for query in queries)


def replayed(answers: Sequence[Answer]) -> SnapshotSource:
    """The source that comes of writing answers to a file and reading it."""
    text = snapshot_text(scenario_of("x", answers), "asked now")
    return SnapshotSource(parse_scenario(text, name="x", folder=None))


def same(first: Answer, second: Answer) -> bool:
    """Whether two answers say the same; only live ones know their time."""
    return replace(first, seconds=0.0, detail="") == replace(second, seconds=0.0, detail="")


async def test_everything_any_transport_needs_is_asked_once() -> None:
    live = Known(ZONE)
    await record("sip.example.net", live)
    assert live.asked == (
        Query("sip.example.net", "NAPTR"),
        Query("_sips._tcp.sip.example.net", "SRV"),
        Query("_sip._tcp.sip.example.net", "SRV"),
        Query("_sip._udp.sip.example.net", "SRV"),
        Query("sip.example.net", "AAAA"),
        Query("sip.example.net", "A"),
        Query("_sip._udp.other.example", "SRV"),
        Query("p1.example.net", "AAAA"),
        Query("p1.example.net", "A"),
        Query("p2.example.net", "AAAA"),
        Query("p2.example.net", "A"),
    )


async def test_what_was_asked_is_answered_again_and_nothing_else() -> None:
    live = Known(ZONE, faults={Query("p1.example.net", "AAAA"): DnsFault("drop")})
    text = snapshot_text(await record("sip.example.net", live), "2024-05-01 of 192.0.2.1#53")
    assert text.startswith(
        "# Snapshot of sip.example.net\n# 2024-05-01 of 192.0.2.1#53\nname: sip.example.net\n"
    )
    s = parse_scenario(text, name="x", folder=None)
    assert s.dns == {Query("p1.example.net", "AAAA"): DnsFault("drop")}
    again = SnapshotSource(s)
    for query in live.asked:
        assert same(again.lookup(query), live.lookup(query)), query
    assert again.lookup(Query("p3.example.net", "A")).status is Status.UNKNOWN
    assert again.lookup(Query("p1.example.net", "SRV")).status is Status.UNKNOWN
    # where a name does not exist, it has nothing of any type
    assert again.lookup(Query("_sips._tcp.sip.example.net", "A")).status is Status.NXDOMAIN


def test_every_failure_comes_back() -> None:
    answers = [
        Answer(Query(f"{s}.example.net", "A"), s, detail="why ; not")
        for s in Status
        if s is not Status.NOERROR
    ]
    again = replayed(answers)
    assert [again.lookup(a.query).status for a in answers] == [a.status for a in answers]


def test_a_scenario_by_hand_is_the_whole_truth() -> None:
    s = parse_scenario("zone: a. 1 A 203.0.113.1", name="x", folder=None)
    assert SnapshotSource(s).lookup(Query("b", "A")).status is Status.NXDOMAIN


def test_records_that_someone_adds_by_hand_count() -> None:
    s = scenario_of("x", [Answer(Query("a", "A"), Status.NXDOMAIN)])
    changed = SnapshotSource(replace(s, zone=s.zone + "a. 1 A 203.0.113.1\nb. 1 A 203.0.113.2\n"))
    assert changed.lookup(Query("a", "A")).status is Status.NOERROR
    assert changed.lookup(Query("b", "A")).status is Status.NOERROR
    assert changed.lookup(Query("c", "A")).status is Status.UNKNOWN


async def test_recording_is_bounded_and_says_so() -> None:
    many = "".join(f"_sip._udp.x. 1 IN SRV 1 1 5060 p{n}.x.\n" for n in range(MAX_NAMES + 7))
    live = Known(many)
    s = await record("x", live)
    assert len(live.asked) == 6 + 2 * MAX_NAMES
    assert ";; 7 more names were not asked" in s.zone
    assert SnapshotSource(s).lookup(Query(f"p{MAX_NAMES + 1}.x", "A")).status is Status.UNKNOWN


LABEL = st.binary(min_size=1, max_size=8).map(
    lambda raw: "".join(
        f"\\{chr(b)}" if chr(b) in '"().;\\@$' else chr(b) if 0x20 < b < 0x7F else f"\\{b:03d}" for b in raw
    ).lower()
)
NAME = st.lists(LABEL, min_size=1, max_size=4).map(".".join)
TEXT = st.binary(max_size=12).map(character_string)
NUMBER = st.integers(0, 65535)
DATA: dict[str, st.SearchStrategy[RecordData]] = {
    "A": st.integers(0, 2**32 - 1).map(lambda n: AddressData(str(ipaddress.IPv4Address(n)))),
    "AAAA": st.integers(0, 2**128 - 1).map(lambda n: AddressData(str(ipaddress.IPv6Address(n)))),
    "SRV": st.builds(SrvData, NUMBER, NUMBER, NUMBER, NAME | st.just(".")),
    "NAPTR": st.builds(NaptrData, NUMBER, NUMBER, TEXT, TEXT, TEXT, NAME | st.just(".")),
}


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_answer_comes_back_as_it_was(data: st.DataObject) -> None:
    rtype = data.draw(st.sampled_from(sorted(DATA)))
    names = data.draw(st.lists(NAME, min_size=1, max_size=4, unique=True))
    found = data.draw(st.lists(DATA[rtype], min_size=1, max_size=6, unique=True))
    records = tuple(Record(names[-1], data.draw(st.integers(0, 2**31 - 1)), rtype, d) for d in found)
    cnames = tuple(pairwise(names))
    ttls = tuple(data.draw(st.integers(0, 2**31 - 1)) for _ in cnames)
    answer = Answer(Query(names[0], rtype), Status.NOERROR, records, cnames, cname_ttls=ttls)
    assert same(replayed([answer]).lookup(answer.query), answer)


# --- the bundled examples

RANGES = [ipaddress.ip_network(n) for n in ("185.103.76.0/22", "195.35.114.0/23", "2a06:2a80::/29")]


def test_two_examples_are_bundled() -> None:
    assert bundled_names() == ("sip6.voipgrid.nl", "sipproxy.voipgrid.nl")
    assert bundled("SIP6.voipgrid.nl.") == bundled("sip6.voipgrid.nl")
    assert bundled("example.net") is None
    assert bundled("../snapshots/sip6.voipgrid.nl") is None


@pytest.mark.parametrize("name", bundled_names())
async def test_a_bundled_example_is_complete_and_marked(name: str) -> None:
    path = bundled(name)
    assert path
    s = load_scenario(path)
    assert ILLUSTRATIVE in s.name
    source = SnapshotSource(s)
    live = Known(s.zone)
    await record(name, live)
    for query in live.asked:
        assert same(source.lookup(query), live.lookup(query)), query
    addresses = [
        r.data.address for q in live.asked for r in live.lookup(q).records if isinstance(r.data, AddressData)
    ]
    assert addresses
    for address in map(ipaddress.ip_address, addresses):
        assert any(address in network for network in RANGES), address


def test_sip6_has_ipv6_only_and_no_srv_for_tls() -> None:
    path = bundled("sip6.voipgrid.nl")
    assert path
    source = SnapshotSource(load_scenario(path))
    hosts = ["sip6.voipgrid.nl"]
    for service, port in (("_sip._tcp", 5060), ("_sip._udp", 5060), ("_sips._tcp", None)):
        found = [r.data for r in source.lookup(Query(f"{service}.sip6.voipgrid.nl", "SRV")).records]
        assert [d.port for d in found if isinstance(d, SrvData)] == ([port] if port else [])
        hosts += [d.target for d in found if isinstance(d, SrvData)]
    for host in hosts:
        assert source.lookup(Query(host, "AAAA")).records
        assert source.lookup(Query(host, "A")).status is Status.NODATA


def test_sipproxy_has_both_families_and_several_hosts() -> None:
    path = bundled("sipproxy.voipgrid.nl")
    assert path
    source = SnapshotSource(load_scenario(path))
    found = [r.data for r in source.lookup(Query("_sip._udp.sipproxy.voipgrid.nl", "SRV")).records]
    hosts = {d.target for d in found if isinstance(d, SrvData)}
    assert len(hosts) >= 2
    for host in hosts | {"sipproxy.voipgrid.nl"}:
        assert source.lookup(Query(host, "AAAA")).records
        assert source.lookup(Query(host, "A")).records
