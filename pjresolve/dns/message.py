"""DNS messages: what is sent, and what a reply says.

Rules of this file:
- no reply raises: what cannot be read is MALFORMED, what answers something else is None;
- CNAMEs are read as a stub resolver reads them, from the answer section alone (RFC 1034 section 5.3.3);
- a reply is bounded by its 65,535 bytes, a chain of CNAMEs by MAX_CNAMES.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from functools import lru_cache

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rdtypes.ANY.CNAME
import dns.rdtypes.ANY.SOA
import dns.rdtypes.IN.A
import dns.rdtypes.IN.AAAA
import dns.rdtypes.IN.NAPTR
import dns.rdtypes.IN.SRV
import dns.rrset

from pjresolve.dns.rdata import CNAME, TYPE_NUMBERS, name_text, record_of
from pjresolve.errors import printable
from pjresolve.model import Query, Record, Status

MAX_CNAMES = 16
"""CNAMEs followed in a row. Recursive resolvers stop between 11 and 16."""

EDNS_PAYLOAD = 1232
"""Bytes a reply over UDP may have: what passes an IPv6 path of 1280 bytes in one piece."""

_RECURSION_DESIRED = 0x0100
_RCODES = {
    dns.rcode.NXDOMAIN: Status.NXDOMAIN,
    dns.rcode.SERVFAIL: Status.SERVFAIL,
    dns.rcode.REFUSED: Status.REFUSED,
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What a message from a name server says of a query.

    `cnames` are (owner, target, TTL in seconds). `truncated` asks for TCP, `no_edns` for the query without
    EDNS (RFC 6891 section 7). `cut` holds the name at which the CNAMEs leave the answer, where that must be
    asked further. `heard` is False where no server said anything.
    """

    status: Status
    records: tuple[Record, ...] = ()
    cnames: tuple[tuple[str, str, int], ...] = ()
    detail: str = ""
    truncated: bool = False
    no_edns: bool = False
    cut: str = ""
    heard: bool = field(default=True)

    @property
    def final(self) -> bool:
        """Whether this settles the query, so that no other name server is asked."""
        return not self.status.failed


def encode(query: Query, ident: int, *, edns: bool = True) -> bytes:
    """The message that asks `query` of a recursive server (RFC 1035 section 4.1, RFC 6891 section 6.1.2).

    Raises DNSException or ValueError for a name that is none. Put together by hand, since a set of queries
    is sent faster than dnspython's general way could write it.
    """
    header = struct.pack("!6H", ident, _RECURSION_DESIRED, 1, 0, 0, int(edns))
    question = name_wire(query.name) + struct.pack("!2H", TYPE_NUMBERS[query.rtype], 1)
    return header + question + (struct.pack("!B2HLH", 0, 41, EDNS_PAYLOAD, 0, 0) if edns else b"")


@lru_cache(4096)
def name_wire(name: str) -> bytes:
    """A name as it stands in a message. Raises DNSException or ValueError for what is no domain name."""
    return dns.name.from_text(name).to_wire() or b""


def read_reply(wire: bytes, query: Query) -> Reply | None:
    """What `wire` says of `query`, whose message number it bears; None where it answers another question."""
    if len(wire) < 12 or not wire[2] & 0x80:
        return None
    if wire[2] & 0x02:
        # cut off anywhere, perhaps amid a record: only the header counts
        return Reply(Status.MALFORMED, detail="the reply is truncated", truncated=True)
    try:
        message = dns.message.from_wire(wire, ignore_trailing=True)
        return _read(message, query)
    except dns.exception.DNSException as exc:
        return Reply(Status.MALFORMED, detail=_words(exc))
    except Exception as exc:  # whatever hostile bytes bring about in the parser, it is the bytes' fault
        return Reply(Status.MALFORMED, detail=_words(exc))


def _words(exc: Exception) -> str:
    return f"the reply cannot be read: {printable(str(exc) or type(exc).__name__, 80)}"


def _read(message: dns.message.Message, query: Query) -> Reply | None:
    rcode = message.rcode()
    name, rtype = dns.name.from_text(query.name), TYPE_NUMBERS[query.rtype]
    asked = [(q.name, int(q.rdtype)) for q in message.question]
    # a server that could not read the query may not repeat it
    if asked != [(name, rtype)] and (asked or rcode == dns.rcode.NOERROR):
        return None
    if rcode in (dns.rcode.FORMERR, dns.rcode.NOTIMP, dns.rcode.BADVERS):
        return Reply(Status.SERVFAIL, detail=dns.rcode.to_text(rcode), no_edns=True)
    if rcode not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        status = _RCODES.get(rcode)
        return Reply(status or Status.SERVFAIL, detail="" if status else dns.rcode.to_text(rcode))
    cnames, rrset, end, loops = _follow(message, name, rtype)
    chain = tuple((name_text(a), name_text(b), ttl) for a, b, ttl in cnames)
    if rrset is not None:
        owner = name_text(rrset.name)
        found = (record_of(owner, rrset.ttl, rdata) for rdata in rrset)
        return Reply(Status.NOERROR, tuple(r for r in found if r), chain)
    if loops:
        return Reply(Status.NODATA, cnames=chain, detail="the CNAMEs lead in a circle or too far")
    if rcode == dns.rcode.NXDOMAIN:
        return Reply(Status.NXDOMAIN, cnames=chain)
    if _said_nothing(message, end):
        return Reply(Status.NODATA, cnames=chain)
    if chain:
        return Reply(Status.NODATA, cnames=chain, cut=chain[-1][1])
    refers = not message.flags & dns.flags.RA and any(r.rdtype == dns.rdatatype.NS for r in message.authority)
    return Reply(Status.NODATA, detail="the server only refers to others" if refers else "")


def _follow(
    message: dns.message.Message, name: dns.name.Name, rtype: int
) -> tuple[list[tuple[dns.name.Name, dns.name.Name, int]], dns.rrset.RRset | None, dns.name.Name, bool]:
    """The CNAMEs from `name` with their TTLs, the records they end at, the last name, and whether they never
    end.
    """
    sets = {(rrset.name, int(rrset.rdtype)): rrset for rrset in message.answer if len(rrset)}
    cnames: list[tuple[dns.name.Name, dns.name.Name, int]] = []
    while (name, rtype) not in sets:
        if (name, CNAME) not in sets:
            return cnames, None, name, False
        target = sets[name, CNAME][0].target
        cnames.append((name, target, sets[name, CNAME].ttl))
        if len(cnames) > MAX_CNAMES or any(target == owner for owner, *_ in cnames):
            return cnames, None, name, True
        name = target
    return cnames, sets[name, rtype], name, False


def _said_nothing(message: dns.message.Message, name: dns.name.Name) -> bool:
    """Whether the server itself says that `name` has no such records (RFC 2308 section 2.2)."""
    return any(r.rdtype == dns.rdatatype.SOA and name.is_subdomain(r.name) for r in message.authority)
