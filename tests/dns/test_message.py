"""Replies, whatever bytes they hold: no exception, no hang, bounded results."""

from __future__ import annotations

import dns.message
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pjresolve.dns.message import EDNS_PAYLOAD, MAX_CNAMES, encode, read_reply
from pjresolve.model import Query, Status
from tests.dns.servers import reply
from tests.hostile import MANY

SRV = Query("_sip._udp.example.net", "SRV")
QUERY = dns.message.from_wire(encode(SRV, 4242))
SEEDS = [
    reply(QUERY, "_sip._udp.example.net. 60 SRV 1 2 5060 p1.example.net.", authority="net. 60 NS ns."),
    reply(QUERY, "_sip._udp.example.net. 60 CNAME a.b.", "a.b. 60 CNAME c.", "c. 60 SRV 1 1 1 ."),
    reply(QUERY, *(f"_sip._udp.example.net. 60 SRV {n} 2 5060 p{n}.example.net." for n in range(20))),
    reply(QUERY, rcode=3, authority="example.net. 60 SOA a. b. 1 2 3 4 5"),
    reply(dns.message.from_wire(encode(Query("example.net", "NAPTR"), 1)),
          'example.net. 60 NAPTR 1 1 "s" "SIP+D2U" "!^.*$!x!" _sip._udp.example.net.'),
]  # fmt: skip
CHANGES = st.lists(st.tuples(st.integers(0, 700), st.binary(min_size=0, max_size=6)), max_size=8)


def mutated(wire: bytes, changes: list[tuple[int, bytes]], cut: int) -> bytes:
    """`wire` with some bytes overwritten, and cut off."""
    out = bytearray(wire)
    for at, new in changes:
        out[at : at + len(new)] = new
    return bytes(out[: len(out) - cut])


def holds(wire: bytes, query: Query) -> None:
    """What must be so of every reply that is read."""
    found = read_reply(wire, query)
    if found is None:
        return
    assert isinstance(found.status, Status)
    assert found.records == () or found.status is Status.NOERROR
    assert len(found.cnames) <= MAX_CNAMES + 1
    assert all(record.rtype == query.rtype for record in found.records)
    for text in (
        found.detail,
        found.cut,
        *map(str, found.records),
        *(n for owner, end, _ in found.cnames for n in (owner, end)),
    ):
        assert text.isascii() or text == found.detail
        assert text.isprintable()


@pytest.mark.slow
@settings(max_examples=1500 * MANY, deadline=None)
@given(st.sampled_from(SEEDS), CHANGES, st.integers(0, 40))
def test_mutated_replies_never_raise(wire: bytes, changes: list[tuple[int, bytes]], cut: int) -> None:
    for query in (SRV, Query("example.net", "NAPTR")):
        holds(mutated(wire, changes, cut), query)


@pytest.mark.slow
@settings(max_examples=500 * MANY, deadline=None)
@given(st.binary(max_size=600))
def test_arbitrary_bytes_never_raise(tail: bytes) -> None:
    holds(tail, SRV)
    holds(SEEDS[0][:12] + tail, SRV)


@pytest.mark.parametrize("edns", [True, False])
def test_a_query_is_what_dnspython_would_send(edns: bool) -> None:
    name = "_SIP._udp.a\\.b\\007.example.net"
    theirs = dns.message.make_query(name, "NAPTR", use_edns=0 if edns else False, payload=EDNS_PAYLOAD, id=7)
    assert encode(Query(name, "NAPTR"), 7, edns=edns) == theirs.to_wire()


def test_the_seeds_are_read_as_what_they_are() -> None:
    found = [read_reply(wire, SRV) for wire in SEEDS]
    assert [f and f.status for f in found] == [
        Status.NOERROR, Status.NOERROR, Status.NOERROR, Status.NXDOMAIN, None,
    ]  # fmt: skip
    assert found[1] is not None
    assert str(found[1].records[0]) == "c 60 SRV 1 1 1 ."


def test_a_compression_pointer_to_itself_is_malformed() -> None:
    wire = SEEDS[0][:12] + b"\xc0\x0c" + SEEDS[0][14:]
    found = read_reply(wire, SRV)
    assert found is not None
    assert found.status is Status.MALFORMED


def test_the_largest_message_is_read_whole() -> None:
    # the shortest records there are: a pointer to the name, and an address
    record = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04"
    query = Query("a", "A")
    head = bytearray(encode(query, 7, edns=False))
    head[2:4], head[6:8] = b"\x81\x80", (4000).to_bytes(2, "big")
    wire = bytes(head) + b"".join(record + (0xCB007100 + n).to_bytes(4, "big") for n in range(4000))
    found = read_reply(wire, query)
    assert found is not None
    assert len(found.records) == 4000


@pytest.mark.parametrize("text", ["no\x00t", "x y", "a" * 300])
def test_details_are_short_and_printable(text: str) -> None:
    wire = SEEDS[0] + text.encode()
    found = read_reply(wire, SRV)
    assert found is not None
    assert found.status is Status.NOERROR  # bytes behind a message are no part of it
