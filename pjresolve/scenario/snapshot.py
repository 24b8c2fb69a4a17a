"""Snapshots: what the DNS said once, kept as a scenario that answers the same way again.

Rules of this file:
- a snapshot is a scenario like any other. What was asked stands in its zone text, as comments that begin with
  `;; asked`: type, name and status of every query, as in `;; asked NAPTR example.net nodata`;
- where a zone text holds such lines, a question that was never asked is UNKNOWN, not NXDOMAIN. Without
  them the zone is the whole truth, as in a scenario written by hand;
- failures are `dns` faults too, so that whoever reads only the format sees them: a timeout is `drop`. An
  answer that was slow, or for which the C library waits for silent name servers first, has a `delay`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pjresolve.dns.source import DnsFault
from pjresolve.dns.zone import MAX_CNAMES, ZoneSource
from pjresolve.errors import printable
from pjresolve.model import RTYPES, Answer, NaptrData, Query, Record, SrvData, Status, canonical_name
from pjresolve.scenario.format import Scenario, scenario_to_yaml
from pjresolve.sip.timers import seconds
from pjresolve.stacks.resolvers import GLIBC, cost_of_silence

_ASKED = ";; asked "
_FAULTS: Mapping[Status, DnsFault] = {
    Status.TIMEOUT: DnsFault("drop"),
    Status.SERVFAIL: DnsFault("servfail"),
    Status.REFUSED: DnsFault("refused"),
    Status.MALFORMED: DnsFault("servfail"),
}


class SnapshotSource(ZoneSource):
    """Answers from a scenario's zone and DNS faults, and knows what its snapshot never asked.

    Right for every scenario: without `;; asked` lines it is a plain zone, and not `recorded`. Raises BadInput
    for a bad zone.
    """

    def __init__(self, scenario: Scenario) -> None:
        asked = asked_in(scenario.zone)
        where, own = scenario.zone_where, str(scenario.path)
        private = where is not None and not where.file.startswith(own)
        super().__init__(scenario.zone, where=where, faults=scenario.dns, recorded=asked, private=private)
        self.recorded = bool(asked)
        # a zone says nothing of names outside of it; a snapshot knows those that do not exist
        self._silent = (Status.UNKNOWN,) if asked else (Status.UNKNOWN, Status.NXDOMAIN)

    def holds(self, name: str) -> bool:
        """Whether it says anything of a name, or knows that it does not exist: a zone, of names beside those
        that it has.
        """
        name = canonical_name(name)
        parent = name.partition(".")[2]
        if not self.recorded and "." in parent and self.has(parent):
            return True
        return any(self.lookup(Query(name, rtype)).status not in self._silent for rtype in RTYPES)


def asked_in(zone: str) -> dict[Query, Status]:
    """How the queries ended that a zone text says were asked."""
    found: dict[Query, Status] = {}
    for line in zone.splitlines():
        words = line.removeprefix(_ASKED).split(" ; ")[0].split() if line.startswith(_ASKED) else []
        if len(words) == 3 and words[0] in RTYPES and words[2] in tuple(Status):
            found[Query(words[1], words[0])] = Status(words[2])
    return found


def scenario_of(name: str, answers: Iterable[Answer], left_out: int = 0) -> Scenario:
    """The scenario that answers the queries of `answers` as they were answered."""
    answers = list({answer.query: answer for answer in answers}.values())
    lines = dict.fromkeys(line for answer in answers for line in _lines(answer))
    asked = [f"{_ASKED}{a.query.rtype} {a.query.name} {a.status}{_note(a)}" for a in answers]
    more = [f";; {left_out} more names were not asked"] if left_out else []
    return Scenario(
        name=name,
        zone="\n".join([*lines, *asked, *more]) + "\n",
        dns={answer.query: fault for answer in answers if (fault := _fault(answer)) is not None},
    )


def _fault(answer: Answer) -> DnsFault | None:
    """What a scenario, whose world has one name server, says of how an answer came."""
    if answer.status in _FAULTS:
        return _FAULTS[answer.status]
    delay = answer.seconds
    if answer.servers > 1:
        delay += seconds(cost_of_silence(GLIBC, answer))
    return DnsFault("delay", delay) if delay else None


def _note(answer: Answer) -> str:
    return f" ; {printable(answer.detail)}" if answer.detail else ""


def _lines(answer: Answer) -> Iterator[str]:
    """An answer's records as zone lines, with absolute names."""
    cnames = answer.cnames
    if len(cnames) >= MAX_CNAMES:
        cnames = ((cnames[0][0], cnames[-1][1]),)  # a zone is not followed that far
    ttls = (*answer.cname_ttls, *(300 for _ in cnames))
    for (owner, target), ttl in zip(cnames, ttls, strict=False):
        yield f"{_absolute(owner)} {ttl} IN CNAME {_absolute(target)}"
    for found in answer.records:
        yield f"{_absolute(found.name)} {found.ttl} IN {found.rtype} {_zone_data(found)}"


def _zone_data(found: Record) -> str:
    data = found.data
    if isinstance(data, SrvData):
        data = replace(data, target=_absolute(data.target))
    elif isinstance(data, NaptrData):
        data = replace(data, replacement=_absolute(data.replacement))
    return str(data)


def _absolute(name: str) -> str:
    return name if name == "." else f"{name}."


def snapshot_text(scenario: Scenario, asked: str = "") -> str:
    """The file of a snapshot: YAML under a comment. `asked` says when and of whom, in a line."""
    comment = f"# Snapshot of {printable(scenario.name)}\n"
    if asked:
        comment += f"# {printable(asked)}\n"
    return comment + scenario_to_yaml(scenario)
