"""How Asterisk 22 (`res_pjsip`) goes from a host to a list of targets.

Read it from top to bottom: `resolution` asks a set, digests it, and asks the next until a set adds nothing.

Rules of this file:
- each quirk names the recording that shows it;
- every decision leaves one event.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from pjresolve.dns import naptr, srv
from pjresolve.model import (
    Answer,
    Family,
    NaptrData,
    Protocol,
    Query,
    Record,
    Status,
    Target,
    TransportType,
    can_be_asked,
)
from pjresolve.stacks.asterisk22.policy import SRV_POLICY
from pjresolve.stacks.resolution import Ask, Machine, Request, Resolution, nothing_found
from pjresolve.trace import (
    Answered,
    ListClosed,
    RecordSkipped,
    RecordUsed,
    ResolutionEvent,
    SetAsked,
    TargetListed,
    TargetsDropped,
)

FAMILIES = (Family.IPV6, Family.IPV4)
"""AAAA is always asked before A (recording `nosrv`)."""
PROTOCOLS = (Protocol.TLS, Protocol.TCP, Protocol.UDP)
"""Whose SRV records are asked for, in this order (recording `all-srv`)."""
MOST_SETS = 16
"""Sets at most; NAPTR leads to SRV leads to addresses, so that three are enough for any zone."""


@dataclass(slots=True)
class Wanted:
    """A query of a set with what its answer will stand for: protocol, port, and the records before it."""

    query: Query
    protocol: Protocol
    port: int
    provenance: tuple[Record, ...] = ()
    block: srv.Block | None = None

    @property
    def sent(self) -> bool:
        """An SRV target "." is no name to ask for: no query goes out, no answer comes in (recording
        `srv-root`). The root as a host is asked for.
        """
        return self.query.name != "." or not self.provenance


@dataclass(slots=True)
class Walk:
    """The state of one set's digestion. The two flags start false for each set."""

    request: Request
    draw: srv.Uniform | None
    events: list[ResolutionEvent]
    have_naptr: bool = False
    have_srv: bool = False
    accepted_order: int | None = None
    targets: list[Target] = field(default_factory=list)
    services: list[Wanted] = field(default_factory=list)
    addresses: list[Wanted] = field(default_factory=list)
    groups: list[tuple[srv.Block, ...]] = field(default_factory=list)

    def skip(self, record: Record, why: str, evidence: str) -> None:
        self.events.append(RecordSkipped(record, why, evidence))


def resolution(request: Request, draw: srv.Uniform | None = None) -> Machine:
    """Resolve as `res_pjsip` does: yields each set of queries, gets its answers, returns the Resolution.

    `draw` draws the order of SRV records; without it, it is the most probable one.
    """
    events: list[ResolutionEvent] = []
    if request.literal:
        return _literal(request, events)
    wanted = _first_set(request)
    groups: tuple[tuple[srv.Block, ...], ...] = ()
    asked: list[tuple[tuple[Query, ...], tuple[Answer, ...]]] = []
    targets: tuple[Target, ...] = ()
    shifted = False
    for number in range(MOST_SETS):
        sent = [w.query for w in wanted if w.sent]
        queries = tuple(query for query in sent if can_be_asked(query.name))
        if not wanted:
            break
        events.append(SetAsked(number, queries, tuple(w.query for w in wanted if w.query not in queries)))
        answers = (yield Ask(queries)).of_set if queries else ()
        asked.append((queries, answers))
        walk = Walk(request, draw, events)
        _digest(walk, wanted, _in_place(sent, answers))
        targets = tuple(walk.targets)
        following = walk.services + walk.addresses
        if not following:
            shifted = len(sent) < len(wanted) and bool(targets)
            groups = groups if _placed(groups, targets) else ()
            break
        if targets:
            _drop(events, targets)
        wanted, groups, targets = following, tuple(walk.groups), ()
    why = "in the order of trying" if targets else nothing_found(request.host, asked)
    events.append(ListClosed(targets, why))
    return Resolution(tuple(asked), targets, tuple(events), groups, why, shifted, SRV_POLICY)


def _literal(request: Request, events: list[ResolutionEvent]) -> Resolution:
    """An IP literal is its own only target (recordings `ip4-literal`, `ip6-literal-tcp`)."""
    protocol = request.protocol or Protocol.UDP
    kind = TransportType(protocol, Family.of(request.host))
    target = Target(kind, request.host, request.port or protocol.default_port)
    why = "an IP literal skips the DNS"
    events += [TargetListed(target, why), ListClosed((target,), why)]
    return Resolution((), (target,), tuple(events), (), why)


def _first_set(request: Request) -> list[Wanted]:
    """The first set: NAPTR, the SRVs, the host's own addresses (recordings `all-srv`, `port-tcp6`)."""
    out: list[Wanted] = []
    default = request.protocol or Protocol.UDP  # without a type the host's own addresses mean UDP (`nosrv`)
    if request.port is None:
        out.append(Wanted(Query(request.host, "NAPTR"), default, 0))
        for protocol in PROTOCOLS:
            exact = TransportType(protocol, Family.IPV6 if request.ipv6_only else Family.IPV4)
            if request.protocol is None or (request.protocol is protocol and exact in request.available):
                out.append(Wanted(Query(srv.srv_name(protocol, request.host), "SRV"), protocol, 0))
    for family in FAMILIES:
        if request.ipv6_only and family is Family.IPV4:
            continue  # a pinned IPv6 transport asks for no A records (recording `all-srv-pinned-udp6`)
        if TransportType(default, family) in request.available:
            query = Query(request.host, family.address_rtype)
            out.append(Wanted(query, default, request.port or default.default_port))
    return out


def _in_place(sent: Sequence[Query], answers: Sequence[Answer]) -> list[Answer]:
    """An answer for each query of a set: those for a name that cannot be asked never leave the machine, and
    end without records (recordings `sys-labels`, `ub-labels`, `lb-sys-243-tcp`).
    """
    came = iter(answers)
    why = "no query leaves: a label is empty, or the name is too long"
    return [next(came) if can_be_asked(q.name) else Answer(q, Status.NXDOMAIN, detail=why) for q in sent]


def _digest(walk: Walk, wanted: Sequence[Wanted], answers: Sequence[Answer]) -> None:
    """Take up the answers of a set in query order, then record order.

    An answer is matched with what was wanted by its place alone. What no query went out for keeps its place,
    so that everything behind an SRV target "." gets the protocol and port of another record: recording
    `rr-root-mid`.
    """
    for w, answer in zip(wanted, answers, strict=False):
        walk.events.append(Answered(answer))
        rtype = answer.query.rtype
        records = [r for r in answer.records if r.rtype == rtype]
        if rtype == "NAPTR":
            for record in naptr.order(records):
                _digest_naptr(walk, record)
        elif rtype == "SRV":
            _digest_srv(walk, w, records)
        else:
            for record in records:
                _digest_address(walk, w, record)


def _digest_naptr(walk: Walk, record: Record) -> None:
    data, request = naptr.naptr_data(record), walk.request
    if walk.accepted_order is not None and data.order != walk.accepted_order:
        why = f"its order {data.order} differs from {walk.accepted_order}, the first accepted"
        walk.skip(record, why, "naptr-pinned-tcp")
        return
    accepted = used = False
    refusal = ("its service is none of SIP's", "naptr-sctp")
    for service, protocol in naptr.SERVICES.items():
        if request.protocol not in (None, protocol):
            continue
        # Without a type all three services are checked in turn, and the last verdict, the one on SIPS+D2T,
        # is the one that stays (recordings `naptr-d2u-only`, `naptr-sips-d2t-d2u`).
        accepted = False
        if data.service.upper() != service:
            continue
        verdict = refused(data, protocol, request.available)
        if verdict is not None:
            refusal = verdict
            continue
        accepted = used = True
        query = Query(data.replacement, "SRV")
        walk.services.append(Wanted(query, protocol, 0, (record,)))
        walk.events.append(
            RecordUsed(record, (query,), f"{service} leads to the SRV records of {data.replacement}")
        )
    if not used:
        walk.skip(record, *refusal)
    if accepted:
        walk.have_naptr, walk.accepted_order = True, data.order


def refused(
    data: NaptrData, protocol: Protocol, available: Collection[TransportType]
) -> tuple[str, str] | None:
    """Why a record of a known service is not followed, as (reason, recording), or None where it is."""
    if data.flags.upper() != "S":
        return f'its flag is "{data.flags}", and only "s" is followed', "naptr-flag-a"
    if data.regexp:
        return "it has a regular expression, and only a replacement is followed", "rr-naptr-regexp-plus-good"
    if data.replacement in ("", "."):
        return "its replacement is empty", "naptr-flag-a"
    if not any(t.protocol is protocol for t in available):
        return f"no {protocol.value.upper()} transport is configured", "base"
    return None


def _digest_srv(walk: Walk, wanted: Wanted, records: Sequence[Record]) -> None:
    if walk.have_naptr:
        for record in records:
            walk.skip(record, "a NAPTR record was accepted in this set", "naptr-pinned-tcp")
        return
    blocks: dict[int, srv.Block] = {}
    for record in srv.order(records, walk.draw, SRV_POLICY):
        data = srv.srv_data(record)
        block = srv.Block(data.priority, data.weight, ())
        blocks[id(record)] = block
        added: list[Query] = []
        for family in FAMILIES:
            if walk.request.ipv6_only and family is Family.IPV4:
                continue
            if TransportType(wanted.protocol, family) in walk.request.available:
                query = Query(data.target, family.address_rtype)
                added.append(query)
                provenance = (*wanted.provenance, record)
                port = data.port or wanted.protocol.default_port  # port 0 (recording `rr-srv-port0`)
                walk.addresses.append(Wanted(query, wanted.protocol, port, provenance, block))
        if added:
            walk.have_srv = True
            walk.events.append(
                RecordUsed(record, tuple(added), f"{wanted.protocol.upper()} to {data.target}")
            )
        else:
            walk.skip(record, f"no {wanted.protocol.upper()} transport is configured", "srv-tls-notransport")
    walk.groups.append(tuple(blocks[id(records[i])] for i in srv.arranged(records, SRV_POLICY)))


def _digest_address(walk: Walk, wanted: Wanted, record: Record) -> None:
    if walk.have_naptr or walk.have_srv:
        first = "a NAPTR" if walk.have_naptr else "an SRV"
        walk.skip(record, f"{first} record of this set comes before addresses", "base")
        return
    family = Family.IPV6 if record.rtype == "AAAA" else Family.IPV4
    kind = TransportType(wanted.protocol, family)
    target = Target(kind, str(record.data), wanted.port, (*wanted.provenance, record))
    if wanted.block is not None:
        wanted.block.targets += (target,)
    if len(walk.targets) == SRV_POLICY.room:
        walk.skip(record, f"the list holds {SRV_POLICY.room} targets already", "many")
        return
    walk.targets.append(target)
    walk.events.append(TargetListed(target, f"{record.rtype} of {record.name}"))


def _drop(events: list[ResolutionEvent], targets: tuple[Target, ...]) -> None:
    events.append(
        TargetsDropped(targets, "the set led to further queries, so its own addresses are forgotten", "base")
    )


def _placed(groups: Sequence[Sequence[srv.Block]], targets: tuple[Target, ...]) -> bool:
    """Whether the list came from the SRV choices of the set before."""
    return bool(targets) and any(block.targets for group in groups for block in group)
