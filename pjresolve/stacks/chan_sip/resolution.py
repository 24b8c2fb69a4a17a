"""How `chan_sip` goes from a host to its one target.

Rules of this file: each rule names the recording of Asterisk 16.28 that shows it (tests/recordings/chan_sip).
"""

from __future__ import annotations

from pjresolve.dns import srv
from pjresolve.dns.srv import SrvPolicy
from pjresolve.model import Answer, Family, Protocol, Query, Record, Target, TransportType
from pjresolve.stacks.resolution import Ask, Machine, Request, Resolution, nothing_found
from pjresolve.trace import (
    Answered,
    ListClosed,
    RecordSkipped,
    RecordUsed,
    ResolutionEvent,
    SetAsked,
    TargetListed,
)

SRV_POLICY = SrvPolicy(zero_weights_reversed=True)


def resolution(request: Request, draw: srv.Uniform | None = None) -> Machine:
    """The SRV records of the one protocol, also beside a port; then A and AAAA of the first of them, or of
    the host where there are none (recordings `c-srv`, `c-nosrv4`, `c-port`, `c-dangling`).
    """
    protocol, events = request.protocol or Protocol.UDP, list[ResolutionEvent]()
    port = request.port or protocol.default_port
    if request.literal:
        kind = TransportType(protocol, Family.of(request.host))
        return _listed(request, [Target(kind, request.host, port)], events, ())
    service = (Query(srv.srv_name(protocol, request.host), "SRV"),)
    events.append(SetAsked(0, service))
    (answer,) = (yield Ask(service)).of_set
    events.append(Answered(answer))
    name, before = request.host, tuple[Record, ...]()
    for place, record in enumerate(srv.order(answer.records, draw, SRV_POLICY)):
        if place:
            events.append(RecordSkipped(record, "only the first SRV record is used", "c-drop1"))
            continue
        data = srv.srv_data(record)
        name, port, before = data.target, data.port or port, (record,)
    families = [Family.IPV4] + [Family.IPV6] * any(t.family is Family.IPV6 for t in request.available)
    queries = tuple(Query(name, family.address_rtype) for family in families)
    events += [RecordUsed(record, queries, f"{protocol.upper()} to {name}") for record in before]
    events.append(SetAsked(1, queries))
    answers = (yield Ask(queries)).of_set
    targets = []
    for answer_ in answers:
        events.append(Answered(answer_))
        for record in answer_.records:
            kind = TransportType(protocol, Family.IPV6 if record.rtype == "AAAA" else Family.IPV4)
            targets.append(Target(kind, str(record.data), port, (*before, record)))
    choices = len(answer.records) > 1
    return _listed(request, targets, events, ((service, (answer,)), (queries, answers)), choices)


def _listed(
    request: Request,
    targets: list[Target],
    events: list[ResolutionEvent],
    asked: tuple[tuple[tuple[Query, ...], tuple[Answer, ...]], ...],
    choices: bool = False,
) -> Resolution:
    """One target: the first address that can be reached, IPv6 before IPv4 (recording `c-noipv6`)."""
    ranked = sorted(
        targets, key=lambda t: (t.transport.family not in request.reachable, t.transport.family == "ipv4")
    )
    for target in ranked[:1]:
        events.append(TargetListed(target, "the first address, IPv6 before IPv4"))
    for target in ranked[1:]:
        events += [
            RecordSkipped(r, "only the first address is used", "c-drop1") for r in target.provenance[-1:]
        ]
    list_ = tuple(ranked[:1])
    why = "the first address, and no other" if list_ else nothing_found(request.host, asked)
    events.append(ListClosed(list_, why))
    groups = ((srv.Block(0, 0, ()), srv.Block(0, 0, ())),) if choices else ()
    return Resolution(asked, list_, tuple(events), groups, why, shifted=choices, policy=SRV_POLICY)
