"""The resolver libraries that stacks are linked with: what a query costs, and what is remembered.

Rules of this file:
- a resolver is a value; `simulation/resolver.py` runs any of them;
- each number names the recording that shows it; times are in microseconds.
"""

from __future__ import annotations

from typing import NamedTuple

from pjresolve.sip.timers import microseconds


class ResolverPolicy(NamedTuple):
    """How a resolver asks. Times in microseconds.

    `together`: the queries of a set are asked at once, else one after the other. `limit`: when a query
    without an answer is given up, `first_limit` until the name server has answered once. `patience`: an
    answer that takes this long counts as none. `resend`: when a query is sent a second time (None: never).
    `remembers`: answers are kept for their TTL, negative ones without an SOA for `negative_ttl`.
    `reads_large`: an answer that needs TCP is read.
    """

    together: bool
    limit: int
    first_limit: int
    patience: int
    resend: int | None = None
    remembers: bool = False
    negative_ttl: int = 0
    reads_large: bool = True


GLIBC = ResolverPolicy(
    together=False,
    limit=microseconds(10),
    first_limit=microseconds(10),
    patience=microseconds(10),
    resend=microseconds(5),
    reads_large=False,
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
