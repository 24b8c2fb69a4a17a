"""The resolver libraries that stacks are linked with: what a query costs, and what is remembered.

Rules of this file:
- a resolver is a value; `simulation/resolver.py` runs any of them;
- each number names the recording that shows it; times are in microseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from pjresolve.model import AddressData, Answer, Query, Record, Status
from pjresolve.sip.timers import microseconds

OWN_TTL = 300
"""Seconds that a resolver's own answer is valid."""


class ResolverPolicy(NamedTuple):
    """How a resolver asks. Times in microseconds.

    `together`: the queries of a set are asked at once, else one after the other. `limit`: when a query
    without an answer is given up, `first_limit` until the name server has answered once. `patience`: an
    answer that takes this long counts as none. `resend`: when a query is sent a second time (None: never).
    `remembers`: answers are kept for their TTL, negative ones without an SOA for `negative_ttl`.
    `reads_large`: an answer that needs TCP is read. `retrans`: for how long the first of several name servers
    is waited for, in whole seconds; 0 where how it turns to the next is not modelled. `most_names`: how many
    names it asks for one query, where it asks for the target of each CNAME itself; 0 where it takes the
    answer's word. `local_zones`: names in and below them are never asked; `local_addresses` are those that it
    knows of some of them.
    """

    together: bool
    limit: int
    first_limit: int
    patience: int
    resend: int | None = None
    remembers: bool = False
    negative_ttl: int = 0
    reads_large: bool = True
    retrans: int = 0
    most_names: int = 0
    local_zones: frozenset[str] = frozenset()
    local_addresses: Mapping[str, Mapping[str, str]] = MappingProxyType({})

    def local_zone(self, name: str) -> str:
        """The zone of `local_zones` that holds a canonical name, or the empty text."""
        labels = name.split(".")
        above = (".".join(labels[i:]) for i in range(len(labels)))
        return next((zone for zone in above if zone in self.local_zones), "")

    def own_answer(self, query: Query) -> Answer | None:
        """What the resolver answers by itself, without asking anybody; None where it asks."""
        zone = self.local_zone(query.name)
        if not zone:
            return None
        address = self.local_addresses.get(zone, {}).get(query.rtype)
        detail = f"the resolver answers for {zone} itself and asks nobody"
        if address is None:
            return Answer(query, Status.NXDOMAIN, detail=detail)
        record = Record(query.name, OWN_TTL, query.rtype, AddressData(address))
        return Answer(query, Status.NOERROR, (record,), detail=detail)


GLIBC = ResolverPolicy(
    together=False,
    limit=microseconds(10),
    first_limit=microseconds(10),
    patience=microseconds(10),
    resend=microseconds(5),
    reads_large=False,
    retrans=5,
)
"""The C library's: 5 s × 2 tries (recordings `dns-naptr-drop`, `dns-a-drop`); an answer to the first still
counts after the second has been sent (`dns-naptr-delay6`). An answer that needs TCP is fetched and then read
as nothing (`dns-size-a80`, `dns-size-srv24`)."""

LOCAL_ZONES = frozenset(
    (
        *("localhost", "test", "invalid", "onion", "home.arpa", "service.arpa", "resolver.arpa"),
        *(f"{net}.in-addr.arpa" for net in ("0", "10", "127", "254.169", "168.192")),
        *(f"{net}.172.in-addr.arpa" for net in range(16, 32)),
        *(f"{net}.100.in-addr.arpa" for net in range(64, 128)),
        *(f"{net}.in-addr.arpa" for net in ("2.0.192", "100.51.198", "113.0.203", "255.255.255.255")),
        *(f"{net}.ip6.arpa" for net in ("d.f", "8.e.f", "9.e.f", "a.e.f", "b.e.f", "8.b.d.0.1.0.0.2")),
    )
)
"""What libunbound answers itself (recordings `ub-zones`, `ub-zones-bare`); the names between those recorded
are RFC 6303's. It does ask for `local`, `lan`, `internal`, `example` and others."""

LIBUNBOUND = ResolverPolicy(
    together=True,
    limit=microseconds(1.57),
    first_limit=microseconds(2.1),
    patience=microseconds(0.37),
    remembers=True,
    negative_ttl=microseconds(5),
    reads_large=False,
    most_names=12,
    local_zones=LOCAL_ZONES,
    local_addresses={"localhost": {"AAAA": "::1", "A": "127.0.0.1"}},
)
"""libunbound's (recordings `unbound-base`, `ub-naptr-drop-rounds`, `ub-naptr-delay3`, `ub-srv-delay3`).
What failed it remembers as long as that there is nothing (`ub-a-servfail-r6`, `uc-servfail-target`); the 12th
name is the last that it asks (`uc-long10`, `uc-long12`)."""

PASSES = 2
"""How many times the C library goes through its name servers."""


def wait_for(policy: ResolverPolicy, place: int, servers: int) -> int:
    """For how many µs the server at a place (from 0) of so many is waited for.

    The C library doubles its 5 s from server to server and divides all but the first by their number, in
    whole seconds (`tests/simulation/glibc.json`).
    """
    seconds = (policy.retrans << place) // (servers if place else 1)
    return microseconds(max(seconds, 1)) if policy.retrans else 0


def cost_of_silence(policy: ResolverPolicy, answer: Answer) -> int:
    """What the silent ones of several name servers cost before `answer`, in µs.

    Where no server answers, all are asked again.
    """
    once = sum(wait_for(policy, place, answer.servers) for place in answer.silent)
    return once * PASSES if answer.status.failed else once
