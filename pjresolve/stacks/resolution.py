"""What a resolution is asked for, and what comes out of it.

Rules of this file:
- a resolution is a generator: it yields sets of queries, gets their answers, returns a Resolution;
- it does no IO, reads no clock, and takes its random choices as an argument.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from pjresolve.dns.srv import RFC_2782, Block, SrvPolicy, orders
from pjresolve.model import Answer, Family, Protocol, Query, Status, Target, TransportType
from pjresolve.trace import ResolutionEvent


@dataclass(frozen=True, slots=True)
class Request:
    """What to resolve. `protocol` None is the unspecified type; `ipv6_only` is a pinned IPv6 transport.

    `reachable` are the IP versions the client has a route for, which only some stacks look at.
    `host` is a name, or an IP literal where `literal` is set; `port` is None unless the URI has one.
    """

    host: str
    port: int | None
    protocol: Protocol | None
    ipv6_only: bool
    available: frozenset[TransportType]
    literal: bool = False
    reachable: frozenset[Family] = frozenset(Family)


@dataclass(frozen=True, slots=True)
class Resolution:
    """A finished resolution: the sets as asked, their answers, the targets, and every decision in order.

    `asked` holds one (queries, answers) pair for each set; queries nobody sends stand in neither.
    `groups` holds the SRV choices behind the targets, for `orders`, made under `policy`. `shifted`: an SRV
    target "." put the answers behind it with the wrong records, so that the other orders are not known.
    """

    asked: tuple[tuple[tuple[Query, ...], tuple[Answer, ...]], ...]
    targets: tuple[Target, ...]
    events: tuple[ResolutionEvent, ...]
    groups: tuple[tuple[Block, ...], ...] = field(default=())
    why: str = ""
    shifted: bool = False
    policy: SrvPolicy = RFC_2782

    @property
    def queries(self) -> tuple[Query, ...]:
        return tuple(q for queries, _ in self.asked for q in queries)

    @property
    def answers(self) -> tuple[Answer, ...]:
        return tuple(a for _, answers in self.asked for a in answers)

    @property
    def every_target(self) -> tuple[Target, ...]:
        """Every target that some order holds, those of its own list first."""
        blocks = (block for group in self.groups for block in group)
        return tuple(dict.fromkeys((*self.targets, *(t for block in blocks for t in block.targets))))

    def orders(self) -> tuple[list[tuple[float, tuple[Target, ...]]], bool]:
        """Every list this resolution can end with, most probable first, and whether some are left out."""
        if self.shifted:
            return [(1.0, self.targets)], any(len(group) > 1 for group in self.groups)
        return orders(self.groups, self.policy) if self.groups else ([(1.0, self.targets)], False)


class Ask(NamedTuple):
    """Ask the DNS for a set of queries. Answered with Answers, in the same order."""

    queries: tuple[Query, ...]


class Answers(NamedTuple):
    """The answers to one set of queries."""

    of_set: tuple[Answer, ...]


Machine: TypeAlias = Generator[Ask, Answers, Resolution]
"""A running resolution: yields one set of queries at a time, is sent their answers in the same order."""


def nothing_found(host: str, asked: Sequence[tuple[tuple[Query, ...], tuple[Answer, ...]]]) -> str:
    """Why a resolution of `host` ends without a target, from its sets and their answers."""
    if not asked:
        return "no query could be made: no transport of the requested type is available"
    answers = [answer for _, of_set in asked for answer in of_set]
    failed = [answer for answer in answers if answer.status.failed]
    if failed:
        return f"no address was found, and {len(failed)} of the queries failed"
    if answers and all(answer.status is Status.NXDOMAIN for answer in answers):
        return f"no address was found: there is no domain {host}"
    return "no address was found"
