"""The values that everything else speaks of: URIs, queries, answers, transports and targets.

Rules of this file:
- every value is immutable and compares by content;
- names are lower-case, absolute, and written without their final dot ("." is the root);
- nothing here reads a file, a socket, a clock or a random source.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from pjresolve.errors import BadInput, Parameter

RTYPES = ("NAPTR", "SRV", "AAAA", "A")
"""The record types that a SIP client asks for (RFC 3263 section 4)."""


class Protocol(StrEnum):
    """A transport protocol of SIP (RFC 3261 section 18), by its name in a `transport=` parameter."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"

    @property
    def default_port(self) -> int:
        """5060, or 5061 for TLS (RFC 3261 section 19.1.2)."""
        return 5061 if self is Protocol.TLS else 5060


class Family(StrEnum):
    """An IP version."""

    IPV4 = "ipv4"
    IPV6 = "ipv6"

    @classmethod
    def of(cls, address: str) -> Family:
        return cls.IPV6 if ":" in address else cls.IPV4

    @property
    def address_rtype(self) -> str:
        return "AAAA" if self is Family.IPV6 else "A"


@dataclass(frozen=True, slots=True, order=True)
class TransportType:
    """One of the six kinds of transport: a protocol over an IP version."""

    protocol: Protocol
    family: Family

    @property
    def name(self) -> str:
        """The short name: `udp`, `udp6`, `tcp`, `tcp6`, `tls`, `tls6`."""
        return self.protocol.value + ("6" if self.family is Family.IPV6 else "")

    def __str__(self) -> str:
        return f"{self.protocol.value.upper()}/{'IPv6' if self.family is Family.IPV6 else 'IPv4'}"


UDP4, UDP6 = TransportType(Protocol.UDP, Family.IPV4), TransportType(Protocol.UDP, Family.IPV6)
TCP4, TCP6 = TransportType(Protocol.TCP, Family.IPV4), TransportType(Protocol.TCP, Family.IPV6)
TLS4, TLS6 = TransportType(Protocol.TLS, Family.IPV4), TransportType(Protocol.TLS, Family.IPV6)
TRANSPORT_TYPES: dict[str, TransportType] = {t.name: t for t in (UDP6, UDP4, TCP6, TCP4, TLS6, TLS4)}
"""The six types by short name, in the order that a configuration usually lists them."""


@dataclass(frozen=True, slots=True)
class Query:
    """One question to the DNS. `name` is lower-case without its final dot; `rtype` is one of RTYPES."""

    name: str
    rtype: str

    def __str__(self) -> str:
        return f"{self.rtype} {self.name}"


class Status(StrEnum):
    """How a query ended. Everything but NOERROR counts as no records (recording `dns-all-servfail`)."""

    NOERROR = "noerror"
    NODATA = "nodata"
    NXDOMAIN = "nxdomain"
    SERVFAIL = "servfail"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    MALFORMED = "malformed"
    UNKNOWN = "unknown"
    """The source (a snapshot or a zone) does not hold this question, so nobody knows the answer."""

    @property
    def failed(self) -> bool:
        """True where the DNS gave no usable answer, as against the answer that there is nothing."""
        return self not in (Status.NOERROR, Status.NODATA, Status.NXDOMAIN)


@dataclass(frozen=True, slots=True)
class AddressData:
    """Data of an A or AAAA record (RFC 1035, RFC 3596): a canonical address."""

    address: str

    def __str__(self) -> str:
        return self.address


@dataclass(frozen=True, slots=True)
class SrvData:
    """Data of an SRV record (RFC 2782). `target` is lower-case without final dot; "." says no service."""

    priority: int
    weight: int
    port: int
    target: str

    def __str__(self) -> str:
        return f"{self.priority} {self.weight} {self.port} {self.target}"


@dataclass(frozen=True, slots=True)
class NaptrData:
    """Data of a NAPTR record (RFC 3403). Texts as in the record; `replacement` like a name."""

    order: int
    preference: int
    flags: str
    service: str
    regexp: str
    replacement: str

    def __str__(self) -> str:
        words = f'"{self.flags}" "{self.service}" "{self.regexp}"'
        return f"{self.order} {self.preference} {words} {self.replacement}"


RecordData: TypeAlias = AddressData | SrvData | NaptrData


@dataclass(frozen=True, slots=True)
class Record:
    """One resource record of an answer. `ttl` in seconds; `name` is its owner after CNAMEs."""

    name: str
    ttl: int
    rtype: str
    data: RecordData

    def __str__(self) -> str:
        return f"{self.name} {self.ttl} {self.rtype} {self.data}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a query.

    `records` stand in the answer's own order; `cnames` is the chain followed, as (owner, target) pairs, and
    `cname_ttls` their TTLs in seconds, where they are known; `seconds` is how long the name server that gave
    it took; `detail` says more of a failure, in words; `truncated` that it did not fit into one datagram and
    was fetched over TCP. Of the `servers` that are asked in turn, those at the places `silent`, counted from
    0, gave no answer in time.
    """

    query: Query
    status: Status
    records: tuple[Record, ...] = ()
    cnames: tuple[tuple[str, str], ...] = ()
    seconds: float = 0.0
    detail: str = ""
    truncated: bool = False
    silent: tuple[int, ...] = ()
    servers: int = 1
    cname_ttls: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """One entry of the list that a resolution ends with: where a request can be sent.

    `address` is canonical (RFC 5952 for IPv6, without brackets). `provenance` holds the records that put
    it there, outermost first: NAPTR, SRV, AAAA or A. It is empty for an IP literal.
    """

    transport: TransportType
    address: str
    port: int
    provenance: tuple[Record, ...] = field(default=(), compare=False)

    @property
    def socket(self) -> str:
        """`address:port`, with IPv6 in brackets."""
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"

    def __str__(self) -> str:
        return f"{self.transport.protocol.value} {self.socket}"


def addresses(targets: Iterable[Target]) -> list[str]:
    """The different addresses of a target list, in its order."""
    return list(dict.fromkeys(target.address for target in targets))


def canonical_address(text: str) -> str | None:
    """The canonical form of an IPv4 or IPv6 literal (brackets allowed), or None where it is none."""
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return None


_ESCAPED = re.compile(r"\\(?:[0-9]{3}|.)")
"""A character of a name that is written otherwise (RFC 1035 section 5.1)."""
LONGEST_LABEL, LONGEST_NAME = 63, 253
"""Characters of a label, and of a name without its final dot (RFC 1035 section 2.3.4)."""


def can_be_asked(name: str) -> bool:
    """Whether a canonical name can stand in a query: no label is empty or too long, nor is the whole."""
    plain = _ESCAPED.sub("x", name)
    fits = len(plain) <= LONGEST_NAME
    return name == "." or (fits and all(0 < len(label) <= LONGEST_LABEL for label in plain.split(".")))


def canonical_name(text: str) -> str:
    """A domain name in lower case without its final dot; the root is ".".

    Two dots are not the root, and no name at all (recordings `dots-sys`, `dots-ub`).
    """
    return ".." if text == ".." else text.lower().removesuffix(".") or "."


def transport_types(text: str) -> tuple[TransportType, ...]:
    """The types that a comma-separated list such as `udp6,udp,tcp` names, in its order.

    Raises BadInput for a name that is none of the six, and for an empty list.
    """
    names = [n.strip().lower() for n in text.split(",") if n.strip()]
    for name in names:
        if name not in TRANSPORT_TYPES:
            raise BadInput(
                f"no transport is called {name!r}",
                where=Parameter("transports"),
                hint=f"use {', '.join(TRANSPORT_TYPES)}",
            )
    if not names:
        raise BadInput(
            "no transport is named", where=Parameter("transports"), hint=f"use {', '.join(TRANSPORT_TYPES)}"
        )
    return tuple(TRANSPORT_TYPES[n] for n in dict.fromkeys(names))
