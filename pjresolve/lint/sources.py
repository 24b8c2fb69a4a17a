"""Answers for a check: what a zone or a snapshot holds, and whether it holds anything about a name."""

from __future__ import annotations

from collections.abc import Callable

from pjresolve.dns.source import AnswerSource
from pjresolve.model import RTYPES, Query, Status, canonical_name
from pjresolve.scenario.format import Scenario
from pjresolve.scenario.snapshot import SnapshotSource, asked_in


def world_of(world: Scenario) -> tuple[AnswerSource, Callable[[str], bool]]:
    """The source of a scenario's answers, and whether it speaks of a name.

    A zone says nothing of names outside of it; a snapshot knows which ones were asked for, those that do not
    exist included. Raises BadInput for a bad zone.
    """
    source = SnapshotSource(world)
    nothing = {Status.UNKNOWN} if asked_in(world.zone) else {Status.UNKNOWN, Status.NXDOMAIN}

    def holds(name: str) -> bool:
        return any(source.lookup(Query(canonical_name(name), t)).status not in nothing for t in RTYPES)

    return source, holds
