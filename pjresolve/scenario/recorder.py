"""Asks the DNS all that may be wanted of a domain, and keeps it as a snapshot.

Rules of this file: whatever was left out is said in the snapshot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pjresolve.dns.source import AsyncAnswerSource
from pjresolve.dns.srv import SRV_PREFIXES, srv_name
from pjresolve.model import Answer, NaptrData, Query, SrvData, Status
from pjresolve.scenario.format import Scenario
from pjresolve.scenario.snapshot import scenario_of

MAX_NAMES = 500
"""Names that are asked after, per kind. More are left out, and a comment says so."""


class Recorded(NamedTuple):
    """A snapshot, and the domains that do not exist."""

    scenario: Scenario
    missing: tuple[str, ...]


async def record(domain: str, live: AsyncAnswerSource) -> Scenario:
    """The snapshot of one domain, see `record_all`."""
    return (await record_all([domain], live)).scenario


async def record_all(domains: Sequence[str], live: AsyncAnswerSource, name: str = "") -> Recorded:
    """Ask `live` everything that a client of any transport may want to know of `domains`.

    Asked are NAPTR, the SRVs of TLS, TCP and UDP, AAAA and A; the SRV of every NAPTR replacement; AAAA
    and A of every SRV target. The scenario is called `name`, by default like the first domain. Raises
    DnsUnavailable where nobody can be asked.
    """
    answers: list[Answer] = []
    left_out, missing = 0, []
    for domain in domains:
        of_domain, more = await _ask_all(domain, live)
        answers += of_domain
        left_out += more
        if all(answer.status is Status.NXDOMAIN for answer in of_domain):
            missing.append(domain)
    return Recorded(scenario_of(name or domains[0], answers, left_out), tuple(missing))


async def _ask_all(domain: str, live: AsyncAnswerSource) -> tuple[list[Answer], int]:
    """The answers about one domain, and how many names were not asked after."""
    services = [Query(srv_name(protocol, domain), "SRV") for protocol in SRV_PREFIXES]
    answers = [*await live.ask([Query(domain, "NAPTR"), *services, *_addresses([domain])])]
    left_out = 0
    replacements = [d.replacement for d in _data(answers) if isinstance(d, NaptrData)]
    names = [n for n in dict.fromkeys(replacements) if n != "." and Query(n, "SRV") not in services]
    left_out += len(names[MAX_NAMES:])
    answers += await live.ask([Query(name, "SRV") for name in names[:MAX_NAMES]])
    targets = [d.target for d in _data(answers) if isinstance(d, SrvData)]
    names = [n for n in dict.fromkeys(targets) if n not in (".", domain)]
    left_out += len(names[MAX_NAMES:])
    answers += await live.ask(_addresses(names[:MAX_NAMES]))
    return answers, left_out


def _addresses(names: Iterable[str]) -> list[Query]:
    return [Query(name, rtype) for name in names for rtype in ("AAAA", "A")]


def _data(answers: Iterable[Answer]) -> Iterator[object]:
    return (record.data for answer in answers for record in answer.records)
