"""Snapshots: what the DNS said once, kept as a scenario that answers the same way again.

Rules of this file:
- a snapshot is a scenario like any other. What was asked stands in its zone text, as comments that begin with
  `;; asked`: type, name and status of every query, as in `;; asked NAPTR example.net nodata`;
- where a zone text holds such lines, a question that was never asked is UNKNOWN, not NXDOMAIN. Without
  them the zone is the whole truth, as in a scenario written by hand;
- failures are `dns` faults too, so that whoever reads only the format sees them: a timeout is `drop`;
- a file is written whole or not at all.
"""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib import resources
from pathlib import Path

from pjresolve.dns.source import AsyncAnswerSource, DnsFault
from pjresolve.dns.srv import SRV_PREFIXES, srv_name
from pjresolve.dns.zone import MAX_CNAMES, ZoneSource
from pjresolve.errors import BadInput, Location, printable
from pjresolve.model import RTYPES, Answer, NaptrData, Query, Record, SrvData, Status, canonical_name
from pjresolve.scenario.format import Scenario, scenario_to_yaml

ILLUSTRATIVE = "illustrative, not a capture"
"""What the name of every bundled snapshot says."""

MAX_NAMES = 500
"""Names that recording asks after, per kind. More are left out, and a comment says so."""

_ASKED = ";; asked "
_FAULTS: Mapping[Status, DnsFault] = {
    Status.TIMEOUT: DnsFault("drop"),
    Status.SERVFAIL: DnsFault("servfail"),
    Status.REFUSED: DnsFault("refused"),
    Status.MALFORMED: DnsFault("servfail"),
}


class SnapshotSource(ZoneSource):
    """Answers from a scenario's zone and DNS faults, and knows what its snapshot never asked.

    Right for every scenario: without `;; asked` lines it is a plain zone. Raises BadInput for a bad zone.
    """

    def __init__(self, scenario: Scenario) -> None:
        recorded = asked_in(scenario.zone)
        super().__init__(scenario.zone, where=scenario.zone_where, faults=scenario.dns, recorded=recorded)
        # a zone says nothing of names outside of it; a snapshot knows those that do not exist
        self._silent = (Status.UNKNOWN,) if recorded else (Status.UNKNOWN, Status.NXDOMAIN)

    def holds(self, name: str) -> bool:
        """Whether it says anything of a name, or knows that it does not exist."""
        name = canonical_name(name)
        return any(self.lookup(Query(name, rtype)).status not in self._silent for rtype in RTYPES)


def asked_in(zone: str) -> dict[Query, Status]:
    """How the queries ended that a zone text says were asked."""
    found: dict[Query, Status] = {}
    for line in zone.splitlines():
        words = line.removeprefix(_ASKED).split(" ; ")[0].split() if line.startswith(_ASKED) else []
        if len(words) == 3 and words[0] in RTYPES and words[2] in tuple(Status):
            found[Query(words[1], words[0])] = Status(words[2])
    return found


async def record(domain: str, live: AsyncAnswerSource) -> Scenario:
    """Ask `live` everything that a client of any transport may want to know of `domain`.

    Asked are NAPTR, the SRVs of TLS, TCP and UDP, AAAA and A; the SRV of every NAPTR replacement; AAAA
    and A of every SRV target. Raises DnsUnavailable where nobody can be asked.
    """
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
    return scenario_of(domain, answers, left_out)


def _addresses(names: Iterable[str]) -> list[Query]:
    return [Query(name, rtype) for name in names for rtype in ("AAAA", "A")]


def _data(answers: Iterable[Answer]) -> Iterator[object]:
    return (record.data for answer in answers for record in answer.records)


def scenario_of(name: str, answers: Iterable[Answer], left_out: int = 0) -> Scenario:
    """The scenario that answers the queries of `answers` as they were answered."""
    answers = list({answer.query: answer for answer in answers}.values())
    lines = dict.fromkeys(line for answer in answers for line in _lines(answer))
    asked = [f"{_ASKED}{a.query.rtype} {a.query.name} {a.status}{_note(a)}" for a in answers]
    more = [f";; {left_out} more names were not asked"] if left_out else []
    return Scenario(
        name=name,
        zone="\n".join([*lines, *asked, *more]) + "\n",
        dns={answer.query: _FAULTS[answer.status] for answer in answers if answer.status in _FAULTS},
    )


def _note(answer: Answer) -> str:
    return f" ; {printable(answer.detail)}" if answer.detail else ""


def _lines(answer: Answer) -> Iterator[str]:
    """An answer's records as zone lines, with absolute names."""
    cnames = answer.cnames
    if len(cnames) >= MAX_CNAMES:
        cnames = ((cnames[0][0], cnames[-1][1]),)  # a zone is not followed that far
    for owner, target in cnames:
        yield f"{_absolute(owner)} 300 IN CNAME {_absolute(target)}"
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


# --- files


def write_atomic(path: Path, text: str, *, force: bool = False) -> None:
    """Write `text` to `path`, whole or not at all. Raises BadInput.

    A file that is there is kept unless `force`. A device or pipe such as /dev/stdout is just written to.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_text(text, encoding="utf-8", errors="surrogateescape")
        else:
            _replace(path.resolve(), text, force)
    except FileExistsError:
        what, hint = "exists already", "use --force to replace it"
        raise BadInput(what, where=Location(str(path)), hint=hint) from None
    except OSError as exc:
        raise BadInput(f"cannot be written: {exc.strerror}", where=Location(str(path))) from None


def _replace(path: Path, text: str, force: bool) -> None:
    mask = os.umask(0)
    os.umask(mask)
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~mask
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        if not force:
            # takes the name, or fails where it is taken, also by someone else just now
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, mode))
        os.replace(temporary, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)


# --- the bundled examples


def _folder() -> Path:
    return Path(str(resources.files("pjresolve") / "data" / "snapshots"))


def bundled_names() -> tuple[str, ...]:
    """The domains that a snapshot is bundled for."""
    return tuple(sorted(path.stem for path in _folder().glob("*.yaml")))


def bundled(domain: str) -> Path | None:
    """The bundled snapshot of a domain, or None. What it holds is illustrative, not a capture."""
    name = domain.lower().removesuffix(".")
    return _folder() / f"{name}.yaml" if name in bundled_names() else None
