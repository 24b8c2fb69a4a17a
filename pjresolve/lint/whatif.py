"""What-ifs: what is changed in the world, and sources of answers that stand in for the real ones."""

from __future__ import annotations

from dataclasses import dataclass, field

from pjresolve.dns.source import AnswerSource
from pjresolve.model import AddressData, Answer, Query, Record, Status
from pjresolve.scenario.behaviour import Behaviour


@dataclass(frozen=True)
class NoAnswers:
    """A world without DNS data: every name has one address of each family, kept for documentation,
    and nothing else.

    Enough for what-ifs that are about time and not about targets.
    """

    def lookup(self, query: Query) -> Answer:
        """One A or AAAA record, or nothing."""
        address = {"A": "192.0.2.1", "AAAA": "2001:db8::1"}.get(query.rtype)
        if address is None:
            return Answer(query, Status.NODATA)
        return Answer(query, Status.NOERROR, (Record(query.name, 300, query.rtype, AddressData(address)),))


@dataclass(frozen=True)
class Without:
    """A source as if its DNS had no records of some types: their queries fail."""

    rtypes: frozenset[str]
    source: AnswerSource = field(compare=False)

    def lookup(self, query: Query) -> Answer:
        """The source's answer, or a failure."""
        return Answer(query, Status.SERVFAIL) if query.rtype in self.rtypes else self.source.lookup(query)


@dataclass(frozen=True)
class WhatIf:
    """A world to predict in: what is down, what every service does, and what the unknown ones do."""

    down: frozenset[str]
    every: Behaviour | None
    healthy: Behaviour
    duration: float
    to_the_end: bool
