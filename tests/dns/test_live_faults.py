"""Live DNS against name servers that misbehave: every failure is an answer, and nothing hangs."""

from __future__ import annotations

import asyncio
import contextlib
import time

import dns.flags
import dns.message
import dns.rcode
import pytest

from pjresolve.dns.live import LiveSource
from pjresolve.dns.message import MAX_CNAMES
from pjresolve.errors import DnsUnavailable
from pjresolve.model import Answer, Query, Status
from tests.dns.servers import Faulty, Handler, free_port, reply, truncated

pytestmark = [pytest.mark.network, pytest.mark.slow]

A = Query("sip.example.net", "A")
LINE = "sip.example.net. 60 A 203.0.113.1"
SHORT = 0.5
"""The timeout in seconds where a test waits for one. Elsewhere it is long, for the sake of busy machines."""


async def ask_all(servers: list[Faulty], queries: list[Query], timeout: float = 5) -> tuple[Answer, ...]:
    """The answers of a set, asked of servers that run only meanwhile."""
    async with asyncio.timeout(20), contextlib.AsyncExitStack() as stack:
        for server in servers:
            await stack.enter_async_context(server.running())
        return await LiveSource([s.address for s in servers], timeout=timeout).ask(queries)


async def ask(*handlers: Handler, query: Query = A, timeout: float = 5) -> Answer:
    """The answer to `query` of servers with these handlers."""
    [answer] = await ask_all([Faulty(handler) for handler in handlers], [query], timeout)
    return answer


def good(query: dns.message.Message, tcp: bool) -> bytes:
    """The record that is asked for."""
    return reply(query, LINE)


def silent(query: dns.message.Message, tcp: bool) -> None:
    """No reply."""


def fails(rcode: dns.rcode.Rcode) -> Handler:
    """A server that always answers with a failure."""
    return lambda query, tcp: reply(query, rcode=rcode)


def silent_at_first(count: int) -> Handler:
    """A server that begins to answer after `count` queries."""
    seen: list[int] = []

    def handler(query: dns.message.Message, tcp: bool) -> bytes | None:
        seen.append(query.id)
        return reply(query, LINE) if len(seen) > count else None

    return handler


async def test_a_dropped_query_is_asked_again() -> None:
    answer = await ask(silent_at_first(1), timeout=SHORT)
    assert answer.status is Status.NOERROR
    assert answer.seconds == 0.0  # our wait is no latency of the DNS


async def test_a_query_that_is_never_answered_times_out_beside_others() -> None:
    def only_a(query: dns.message.Message, tcp: bool) -> bytes | None:
        return reply(query, LINE) if query.question[0].rdtype == 1 else None

    server = Faulty(only_a)
    naptr, a = await ask_all([server], [Query(A.name, "NAPTR"), A], SHORT)
    assert (naptr.status, a.status) == (Status.TIMEOUT, Status.NOERROR)
    tries = [t for t, _, _ in server.seen].count("NAPTR")
    assert naptr.detail == f"no reply to {tries} tries"
    assert (naptr.seconds, naptr.silent, naptr.servers) == (0.0, (0,), 1)
    assert tries >= 8


async def test_the_next_server_is_asked_where_one_fails() -> None:
    for bad in (silent, fails(dns.rcode.SERVFAIL), fails(dns.rcode.REFUSED), lambda q, t: b"x" * 40):
        assert (await ask(bad, good, timeout=SHORT)).status is Status.NOERROR


@pytest.mark.parametrize(
    ("rcode", "status"),
    [
        (dns.rcode.SERVFAIL, Status.SERVFAIL),
        (dns.rcode.REFUSED, Status.REFUSED),
        (dns.rcode.NXDOMAIN, Status.NXDOMAIN),
        (dns.rcode.YXDOMAIN, Status.SERVFAIL),
    ],
)
async def test_a_failure_is_kept_and_not_asked_again(rcode: dns.rcode.Rcode, status: Status) -> None:
    server = Faulty(fails(rcode))
    [answer] = await ask_all([server], [A])
    assert answer.status is status
    assert len(server.seen) == 1


async def test_a_failure_tells_more_than_silence() -> None:
    assert (await ask(fails(dns.rcode.SERVFAIL), silent, timeout=SHORT)).status is Status.SERVFAIL
    assert (await ask(silent, fails(dns.rcode.SERVFAIL), timeout=SHORT)).status is Status.SERVFAIL


async def test_a_server_without_edns_is_asked_without() -> None:
    def old(query: dns.message.Message, tcp: bool) -> bytes:
        return reply(query, rcode=dns.rcode.FORMERR) if query.edns >= 0 else reply(query, LINE)

    assert (await ask(old)).status is Status.NOERROR
    answer = await ask(fails(dns.rcode.NOTIMP))
    assert (answer.status, answer.detail) == (Status.SERVFAIL, "NOTIMP")


async def test_a_truncated_answer_is_asked_over_tcp_and_complete() -> None:
    lines = [f"sip.example.net. 60 A 203.0.{n // 250}.{n % 250 + 1}" for n in range(500)]
    server = Faulty(lambda query, tcp: reply(query, *lines) if tcp else truncated(query))
    [answer] = await ask_all([server], [A], timeout=5)
    assert [str(r.data) for r in answer.records] == [line.split()[-1] for line in lines]
    assert [tcp for _, _, tcp in server.seen] == [False, True]


async def test_truncation_without_tcp_is_a_failure_that_says_so() -> None:
    [answer] = await ask_all([Faulty(lambda q, t: truncated(q), tcp=False)], [A])
    assert (answer.status, answer.detail) == (Status.TIMEOUT, "truncated, and over TCP: connection refused")
    answer = await ask(lambda q, t: None if t else truncated(q))
    assert answer.status is Status.TIMEOUT
    assert "connection was closed" in answer.detail
    answer = await ask(lambda q, t: truncated(q))
    assert answer.status is Status.MALFORMED


async def test_a_reply_that_stops_amid_a_record_but_says_truncated_goes_to_tcp() -> None:
    def cut(query: dns.message.Message, tcp: bool) -> bytes:
        whole = bytearray(reply(query, LINE))
        if not tcp:
            whole[2] |= 2
        return bytes(whole) if tcp else bytes(whole[:-8])

    assert (await ask(cut)).status is Status.NOERROR


async def test_500_srv_records_are_complete() -> None:
    lines = [f"_sip._udp.example.net. 60 SRV {n} 0 5060 p{n}.example.net." for n in range(500)]
    query = Query("_sip._udp.example.net", "SRV")
    answer = await ask(lambda q, t: reply(q, *lines) if t else truncated(q), query=query, timeout=5)
    assert [str(r.data).split()[0] for r in answer.records] == [str(n) for n in range(500)]


async def test_records_keep_the_order_of_the_answer() -> None:
    lines = [f"sip.example.net. 60 A 203.0.113.{n}" for n in (9, 1, 5, 2)]
    answer = await ask(lambda q, t: reply(q, *lines))
    assert [str(r.data)[-1] for r in answer.records] == ["9", "1", "5", "2"]


async def test_cname_loops_end() -> None:
    def within(query: dns.message.Message, tcp: bool) -> bytes:
        return reply(query, "sip.example.net. 60 CNAME a.", "a. 60 CNAME b.", "b. 60 CNAME a.")

    def across(query: dns.message.Message, tcp: bool) -> bytes:
        name = query.question[0].name.to_text()
        return reply(query, f"{name} 60 CNAME {'sip.example.net.' if name == 'a.' else 'a.'}")

    def endless(query: dns.message.Message, tcp: bool) -> bytes:
        name = query.question[0].name.to_text()
        return reply(query, f"{name} 60 CNAME x{len(name)}.{name}")

    for handler in (within, across, endless):
        server = Faulty(handler)
        [answer] = await ask_all([server], [A])
        assert (answer.status, answer.records) == (Status.NODATA, ())
        assert "circle or too far" in answer.detail
        assert len(answer.cnames) <= MAX_CNAMES + 1
        assert len(server.seen) <= MAX_CNAMES + 1


async def test_a_chain_that_a_soa_ends_is_not_asked_further() -> None:
    soa = "example.net. 60 SOA ns.example.net. h.example.net. 1 2 3 4 5"

    def nothing(query: dns.message.Message, tcp: bool) -> bytes:
        return reply(query, "sip.example.net. 60 CNAME p.example.net.", authority=soa)

    server = Faulty(nothing)
    [answer] = await ask_all([server], [A])
    assert (answer.status, answer.cnames) == (Status.NODATA, (("sip.example.net", "p.example.net"),))
    assert len(server.seen) == 1


async def test_labels_with_control_characters_come_out_escaped() -> None:
    line = '_sip._udp.example.net. 60 SRV 1 1 5060 a\\000\\010b\\027[31m\\".example.net.'
    answer = await ask(lambda q, t: reply(q, line), query=Query("_sip._udp.example.net", "SRV"))
    [record] = answer.records
    assert str(record.data) == '1 1 5060 a\\000\\010b\\027[31m\\".example.net'
    assert str(record).isprintable()


async def test_replies_to_other_questions_are_passed_over() -> None:
    def other_number(query: dns.message.Message, tcp: bool) -> bytes:
        wire = reply(query, LINE)
        return bytes([wire[0] ^ 1]) + wire[1:]

    def other_name(query: dns.message.Message, tcp: bool) -> bytes:
        other = dns.message.make_query("evil.example.net", "A", id=query.id)
        return reply(other, "evil.example.net. 60 A 203.0.113.66")

    def echo(query: dns.message.Message, tcp: bool) -> bytes:
        return query.to_wire()

    for handler in (other_number, other_name, echo, lambda q, t: b"", lambda q, t: b"\0"):
        assert (await ask(handler, good, timeout=SHORT)).status is Status.NOERROR
        with pytest.raises(DnsUnavailable):
            await ask(handler, timeout=0.2)


async def test_garbage_under_the_right_number_is_malformed() -> None:
    answer = await ask(lambda q, t: q.id.to_bytes(2, "big") + b"\x81\x80" + b"\xff" * 30)
    assert answer.status is Status.MALFORMED
    assert "cannot be read" in answer.detail


async def test_nobody_there_is_an_error_in_one_line_and_at_once() -> None:
    begin = time.monotonic()
    with pytest.raises(DnsUnavailable) as caught:
        await LiveSource([("127.0.0.1", free_port())], timeout=5).ask([A])
    assert time.monotonic() - begin < 1
    words = str(caught.value)
    assert "connection refused" in words
    assert "\n" not in words
    assert "offline" in words
    assert "nameservers" in words


async def test_silence_from_all_servers_is_an_error_too() -> None:
    with pytest.raises(DnsUnavailable, match=r"127.0.0.1#\d+: no reply in 0.2 s"):
        await ask(silent, silent, timeout=0.1)


async def test_silence_after_a_first_answer_is_a_timeout() -> None:
    replies = iter([True])

    def once(query: dns.message.Message, tcp: bool) -> bytes | None:
        return reply(query, LINE) if next(replies, False) else None

    async with Faulty(once).running() as server:
        live = LiveSource([server.address], timeout=SHORT)
        assert (await live.ask([A]))[0].status is Status.NOERROR
        assert (await live.ask([Query("x.example.net", "A")]))[0].status is Status.TIMEOUT


async def test_a_query_is_asked_once() -> None:
    async with Faulty(good).running() as server:
        live = LiveSource([server.address], timeout=1)
        first = await live.ask([A, A])
        assert await live.ask([A]) == first[:1]
        assert len(server.seen) == 1


async def test_a_set_is_asked_in_parallel_even_if_it_is_large() -> None:
    server = Faulty(lambda q, t: reply(q), delay=0.05)
    begin = time.monotonic()
    answers = await ask_all([server], [Query(f"p{n}.example.net", "A") for n in range(400)], timeout=5)
    assert time.monotonic() - begin < 3
    assert {a.status for a in answers} == {Status.NODATA}
