"""The resolver libraries that stacks are linked with: what a query costs, and what is remembered.

Rules of this file:
- a resolver is a value; `simulation/resolver.py` runs any of them;
- each number names the recording that shows it; times are in microseconds.
"""

from __future__ import annotations

from typing import NamedTuple

from pjresolve.model import Answer
from pjresolve.sip.timers import microseconds


class ResolverPolicy(NamedTuple):
    """How a resolver asks. Times in microseconds.

    `together`: the queries of a set are asked at once, else one after the other. `limit`: when a query
    without an answer is given up, `first_limit` until the name server has answered once. `patience`: an
    answer that takes this long counts as none. `resend`: when a query is sent a second time (None: never).
    `remembers`: answers are kept for their TTL, negative ones without an SOA for `negative_ttl`.
    `reads_large`: an answer that needs TCP is read. `retrans`: for how long the first of several name servers
    is waited for, in whole seconds; 0 where how it turns to the next is not modelled.
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

LIBUNBOUND = ResolverPolicy(
    together=True,
    limit=microseconds(1.57),
    first_limit=microseconds(2.1),
    patience=microseconds(0.37),
    remembers=True,
    negative_ttl=microseconds(5),
    reads_large=False,
)
"""libunbound's (recordings `unbound-base`, `ub-naptr-drop-rounds`, `ub-naptr-delay3`, `ub-srv-delay3`)."""

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
