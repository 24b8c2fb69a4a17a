"""Asterisk's former `chan_sip`: the first address only, no failover, UDP unless told.

The configuration is what the same registration would be in sip.conf: `bindaddr=::` where an IPv6 transport
exists, `srvlookup=yes`, and the defaults of sip.conf for everything that pjsip.conf does not say.

Rules of this file: each rule names the recording of Asterisk 16.28 that shows it (tests/recordings/chan_sip).
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import cast

from pjresolve.config.objects import Config, Registration
from pjresolve.dns import srv
from pjresolve.errors import BadInput
from pjresolve.model import Answer, Family, Protocol, Query, Record, Target, TransportType
from pjresolve.sip.outcome import Ending, Outcome, local
from pjresolve.sip.timers import Timers, microseconds
from pjresolve.sip.uri import parse_uri
from pjresolve.stacks.asterisk22.loading import tls_settings
from pjresolve.stacks.protocol import (
    Command,
    GiveUp,
    Life,
    Plan,
    Refused,
    Reply,
    Resolve,
    Sleep,
    Tell,
    Try,
    Woken,
)
from pjresolve.stacks.resolution import Machine, Request, Resolution, SrvOrder
from pjresolve.trace import (
    Answered,
    Cause,
    ListClosed,
    RecordSkipped,
    RecordUsed,
    ResolutionEvent,
    SetAsked,
    Step,
    TargetListed,
)

REGISTER_TIMEOUT = 20
"""Seconds from one attempt to the next (`registertimeout`; recording `c-drop1`)."""
DEFAULT_EXPIRY = 120
"""Seconds asked for where nothing else is said (`defaultexpiry`; recording `c-refresh`)."""
MOST_CHALLENGES = 3
"""Requests with credentials in a row, before it waits for the next attempt (recording `c-401`)."""
GUARD, GUARD_LIMIT, GUARD_SHARE = 15, 30, 0.2
"""A refresh comes GUARD seconds before the end, or GUARD_SHARE of it where no more than GUARD_LIMIT seconds
were granted (recordings `c-refresh`, `c-refresh30`)."""
PERMANENT = (403, 404)
"""Answers after which it stops (recordings `c-403`, `c-404`)."""
CHALLENGES = (401, 407)
PREFIXES = {Protocol.UDP: "_sip._udp", Protocol.TCP: "_sip._tcp", Protocol.TLS: "_sips._tcp"}


class ChanSip:
    """The stack that res_pjsip replaced."""

    name = "chan_sip"
    title = "Asterisk's former chan_sip"
    verified = (
        "held against recordings of Asterisk 16.28 over UDP and TCP, see tests/recordings/chan_sip; "
        "TLS and the answers that no recording holds are taken from its documentation"
    )

    def load(self, config: Config, registration: Registration) -> Plan | Refused:
        """What sip.conf would make of the registration; a protocol nobody enabled is refused."""
        try:
            uri = parse_uri(registration.outbound_proxy or registration.server_uri)
        except BadInput as exc:
            return Refused(registration.name, exc.what)
        pin = config.transports.get(registration.transport)
        protocol = uri.protocol or (pin.type.protocol if pin and pin.type else Protocol.UDP)
        available = frozenset(t.type for t in config.transports.values() if t.type)
        if protocol is not Protocol.UDP and not any(t.protocol is protocol for t in available):
            return Refused(
                registration.name, f"sip.conf needs {protocol.value}enable=yes, as no such transport exists"
            )
        host = uri.literal or uri.name
        return Plan(
            registration=registration,
            request=Request(host, uri.port, protocol, False, available, uri.literal is not None),
            timers=Timers(f=microseconds(REGISTER_TIMEOUT)),
            tls={
                # sip.conf's tlsclientmethod is sslv23 where it is not written
                kind: replace(settings, method=settings.method or "sslv23")
                for kind, settings in tls_settings(config.transports, pin).items()
            },
            tls_host=uri.host,
            credentials=any(name in config.auths for name in registration.outbound_auth),
            ticks=protocol is Protocol.UDP,
            keep_alive_interval=0,
            dns_counts=False,
        )

    def resolution(self, request: Request, choose: SrvOrder = srv.order) -> Machine:
        """As `resolution`."""
        return resolution(request, choose)

    def life(self, plan: Plan) -> Life:
        """As `life`."""
        return life(plan)


def resolution(request: Request, choose: SrvOrder = srv.order) -> Machine:
    """The SRV records of the one protocol, also beside a port; then A and AAAA of the first of them, or of
    the host where there are none (recordings `c-srv`, `c-nosrv4`, `c-port`, `c-dangling`).
    """
    protocol, events = request.protocol or Protocol.UDP, list[ResolutionEvent]()
    port = request.port or protocol.default_port
    if request.literal:
        kind = TransportType(protocol, Family.of(request.host))
        return _listed(request, [Target(kind, request.host, port)], events, ())
    service = (Query(f"{PREFIXES[protocol]}.{request.host}", "SRV"),)
    events.append(SetAsked(0, service))
    (answer,) = yield service
    events.append(Answered(answer))
    name, before = request.host, tuple[Record, ...]()
    for place, record in enumerate(choose(answer.records)):
        if place:
            events.append(RecordSkipped(record, "only the first SRV record is used", "c-drop1"))
            continue
        data = srv.srv_data(record)
        name, port, before = data.target, data.port or port, (record,)
    families = [Family.IPV4] + [Family.IPV6] * any(t.family is Family.IPV6 for t in request.available)
    queries = tuple(Query(name, family.address_rtype) for family in families)
    events += [RecordUsed(record, queries, f"{protocol.upper()} to {name}") for record in before]
    events.append(SetAsked(1, queries))
    answers = yield queries
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
    why = "the first address, and no other" if list_ else "no address was found"
    events.append(ListClosed(list_, why))
    groups = ((srv.Block(0, 0, ()), srv.Block(0, 0, ())),) if choices else ()
    return Resolution(asked, list_, tuple(events), groups, why, shifted=choices)


def life(plan: Plan) -> Life:
    """An attempt every REGISTER_TIMEOUT seconds until one succeeds; credentials are kept once asked for."""
    message, credentials = 0, False
    cause, why = Cause.LOADED, "the registration was loaded"
    expiration = plan.registration.section.last("expiration")
    asked_for = plan.registration.expiration if expiration else DEFAULT_EXPIRY
    while True:
        outcome = local(Ending.NO_TARGET)
        for challenges in range(MOST_CHALLENGES + 1):
            message += 1
            outcome = yield from _request(plan, message, credentials, cause, why)
            if outcome.status not in CHALLENGES or not plan.credentials or challenges == MOST_CHALLENGES:
                break
            credentials, cause, why = (
                True,
                Cause.ANSWER,
                "a challenge: resolved anew, and sent with credentials",
            )
        if outcome.kind is Ending.REGISTERED:
            granted = outcome.expires if outcome.expires is not None else asked_for
            guard = GUARD if granted > GUARD_LIMIT else round(granted * GUARD_SHARE)
            told = f"{granted} s are granted; the next round starts {guard} s before their end"
            woken = cast(Woken, (yield Sleep(max(1, granted - guard), Step.REFRESH, told, granted)))
            cause, why = Cause.REFRESH, "the registration is refreshed"
            if woken.closed:
                cause, why = Cause.CLOSED, "the connection was closed"
            continue
        if outcome.status in PERMANENT or (outcome.status in CHALLENGES and not plan.credentials):
            yield GiveUp(f"{outcome.status} is permanent")
            return
        late = outcome.kind in (Ending.TIMEOUT, Ending.BLOCKED)
        told = f"registertimeout={REGISTER_TIMEOUT}: the same address is tried again, for ever"
        yield Sleep(0 if late else REGISTER_TIMEOUT, Step.RETRY, told)
        cause, why = Cause.WAITED, f"{REGISTER_TIMEOUT} s after the last attempt"


def _request(
    plan: Plan, message: int, credentials: bool, cause: Cause, why: str
) -> Generator[Command, Reply, Outcome]:
    """Resolve, and try the one target."""
    targets = cast("tuple[Target, ...]", (yield Resolve(cause, why)))
    if not targets:
        return local(Ending.NO_TARGET)
    outcome = cast(Outcome, (yield Try(targets[0], message, credentials, plan.ticks)))
    if outcome.kind is Ending.REGISTERED:
        yield Tell(Step.REGISTERED, "registered")
    else:
        yield Tell(Step.ROUND_ENDED, f"{outcome.status}: no other target is tried")
    return outcome
