"""Live DNS against a real authoritative server."""

from __future__ import annotations

from pathlib import Path

import pytest

from pjresolve.dns.live import LiveSource, parse_nameserver, system_nameservers
from pjresolve.dns.zone import ZoneSource
from pjresolve.errors import BadInput, DnsUnavailable
from pjresolve.model import Answer, Query, Status
from pjresolve.scenario.format import parse_scenario
from pjresolve.scenario.recorder import record
from pjresolve.scenario.snapshot import SnapshotSource, snapshot_text
from tests.dns.conftest import EXAMPLE, OTHER

pytestmark = pytest.mark.network


async def ask(server: tuple[str, int], rtype: str, name: str) -> Answer:
    [answer] = await LiveSource([server], timeout=2).ask([Query(name, rtype)])
    return answer


def shown(answer: Answer) -> list[str]:
    return [str(record.data) for record in answer.records]


async def test_records_come_as_the_model_writes_them(nsd: tuple[str, int]) -> None:
    naptr = await ask(nsd, "NAPTR", "sip.example.net")
    assert shown(naptr) == [
        '10 10 "s" "SIP+D2U" "" _sip._udp.sip.example.net',
        '20 10 "S" "SIPS+D2T" "" _sips._tcp.sip.example.net',
    ]
    srv = await ask(nsd, "SRV", "_sip._udp.sip.example.net")
    assert shown(srv) == ["10 60 5060 p1.example.net", "10 40 5060 p2.example.net"]
    assert srv.records[0].name == "_sip._udp.sip.example.net"
    assert srv.records[0].ttl == 300
    assert shown(await ask(nsd, "AAAA", "p1.example.net")) == ["2001:db8:5::1"]


async def test_nothing_there_and_nothing_of_the_type_differ(nsd: tuple[str, int]) -> None:
    assert (await ask(nsd, "A", "no.example.net")).status is Status.NXDOMAIN
    assert (await ask(nsd, "A", "sip.example.net")).status is Status.NODATA
    assert (await ask(nsd, "A", "_udp.sip.example.net")).status is Status.NODATA
    assert (await ask(nsd, "A", "elsewhere.example")).status is Status.REFUSED


async def test_cnames_are_followed_within_an_answer_and_beyond(nsd: tuple[str, int]) -> None:
    within = await ask(nsd, "A", "alias.example.net")
    assert within.cnames == (
        ("alias.example.net", "alias1.example.net"),
        ("alias1.example.net", "p1.example.net"),
    )
    assert shown(within) == ["203.0.113.1"]
    beyond = await ask(nsd, "A", "p2.example.net")
    assert beyond.cnames == (("p2.example.net", "p2.example.org"),)
    assert sorted(shown(beyond)) == ["203.0.113.1", "203.0.113.2"]
    assert (await ask(nsd, "AAAA", "p2.example.net")).status is Status.NODATA
    circle = await ask(nsd, "A", "round.example.net")
    assert circle.status is Status.NODATA
    assert "circle" in circle.detail


async def test_five_hundred_records_come_whole_over_tcp(nsd: tuple[str, int]) -> None:
    assert len(set(shown(await ask(nsd, "A", "many.example.net")))) == 500


async def test_labels_with_control_characters_come_escaped(nsd: tuple[str, int]) -> None:
    answer = await ask(nsd, "A", "odd\\001label.example.net")
    assert shown(answer) == ["203.0.113.7"]
    assert answer.records[0].name == "odd\\001label.example.net"


async def test_search_domains_are_not_applied(nsd: tuple[str, int]) -> None:
    assert (await ask(nsd, "A", "p1")).status in (Status.REFUSED, Status.SERVFAIL)


async def test_a_name_that_is_none_is_malformed_and_never_sent(nsd: tuple[str, int]) -> None:
    for name in ("a..b", "x" * 64 + ".net", ".".join(["x" * 60] * 5)):
        answer = await ask(nsd, "A", name)
        assert answer.status is Status.MALFORMED
        assert "no domain name" in answer.detail


async def test_answers_equal_those_of_the_zone_text(nsd: tuple[str, int]) -> None:
    zone = ZoneSource(EXAMPLE + OTHER)
    names = ["sip", "_sip._udp.sip", "_sips._tcp.sip", "p1", "p2", "alias", "_udp.sip", "nothing"]
    queries = [Query(f"{n}.example.net", t) for n in names for t in ("NAPTR", "SRV", "AAAA", "A")]
    for live in await LiveSource([nsd]).ask(queries):
        known = zone.lookup(live.query)
        assert (live.status, live.cnames) == (known.status, known.cnames), live.query
        assert set(live.records) == set(known.records), live.query


async def test_a_snapshot_answers_as_the_server_did(nsd: tuple[str, int]) -> None:
    live = LiveSource([nsd])
    scenario = await record("sip.example.net", live)
    text = snapshot_text(scenario, "asked today")
    again = SnapshotSource(parse_scenario(text, name="snapshot", folder=None))
    names = ["sip.example.net", "_sip._udp.sip.example.net", "_sip._tcp.sip.example.net", "p1.example.net"]
    for query in [Query(n, t) for n in names for t in (("SRV",) if n[0] == "_" else ("AAAA", "A"))]:
        [first] = await live.ask([query])
        second = again.lookup(query)
        assert (first.status, first.cnames, first.records) == (second.status, second.cnames, second.records)
    assert again.lookup(Query("p9.example.net", "A")).status is Status.UNKNOWN


def test_name_servers_are_read_from_resolv_conf(tmp_path: Path) -> None:
    path = tmp_path / "resolv.conf"
    path.write_text(
        "# x\nsearch example.net\nnameserver 192.0.2.1\nnameserver bad\nnameserver ::1\noptions a\n"
    )
    assert system_nameservers(path) == (("192.0.2.1", 53), ("::1", 53))
    path.write_text("".join(f"nameserver 192.0.2.{n}\n" for n in range(1, 6)))
    assert len(system_nameservers(path)) == 3
    path.write_text("search example.net\n")
    with pytest.raises(DnsUnavailable, match=r"names no name server .*offline"):
        system_nameservers(path)
    with pytest.raises(DnsUnavailable, match="no such file"):
        system_nameservers(tmp_path / "none")


def test_a_name_server_is_an_address_and_perhaps_a_port() -> None:
    assert parse_nameserver("192.0.2.1") == ("192.0.2.1", 53)
    assert parse_nameserver("2001:db8::1#5353") == ("2001:db8::1", 5353)
    assert parse_nameserver("2001:db8::1") == ("2001:db8::1", 53)
    for text in ("192.0.2.1:5353", "192.0.2.1#5353", "@192.0.2.1#5353", " @192.0.2.1:5353 "):
        assert parse_nameserver(text) == ("192.0.2.1", 5353)
    for text in ("[2001:db8::1]:5353", "[2001:db8::1]#5353", "@[2001:db8::1]:5353"):
        assert parse_nameserver(text) == ("2001:db8::1", 5353)
    assert parse_nameserver("@[2001:db8::1]") == parse_nameserver("[2001:db8::1]") == ("2001:db8::1", 53)
    for bad in (
        "",
        "#53",
        "ns.example.net",
        "192.0.2.1#",
        "192.0.2.1#0",
        "192.0.2.1#65536",
        "192.0.2.1#5\n3",
        "[192.0.2.1",
        "[2001:db8::1]5353",
        "[2001:db8::1]:",
        "2001:db8::1]:53",
        "localhost#5399",
        "@@192.0.2.1",
        "192.0.2.1:53:53",
    ):
        with pytest.raises(BadInput, match="no name server"):
            parse_nameserver(bad)
