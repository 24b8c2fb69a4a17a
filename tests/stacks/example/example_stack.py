"""A stack of somebody else: it asks set by set, resolves lazily, and backs off at random.

It is no program that exists. It does what the stacks of this package do not, as others do: the addresses of
an SRV target are asked for once the target before it has failed; the wait after a failed round doubles, and
is drawn between half of it and all of it; every failure leads to the next target; messages and connections
are its own.

Rules of this file: it imports nothing but what any package may.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from pjresolve.config.objects import Config, Registration
from pjresolve.dns import srv
from pjresolve.errors import BadInput
from pjresolve.model import Answer, Family, Protocol, Query, Record, Target, TransportType
from pjresolve.sip.headers import first, seconds_in
from pjresolve.sip.outcome import Ending, Outcome, local
from pjresolve.sip.status import is_challenge
from pjresolve.sip.timers import Timers, microseconds
from pjresolve.sip.uri import parse_uri
from pjresolve.stacks.protocol import (
    ALL_FAMILIES,
    Lots,
    Part,
    Plan,
    Policy,
    Program,
    Refused,
    Sleep,
    Try,
    ask,
    attempt,
    list_targets,
    sleep,
    start_round,
    tell,
)
from pjresolve.stacks.resolution import Ask, Machine, Request, Resolution
from pjresolve.trace import Answered, Cause, ListClosed, ResolutionEvent, SetAsked, Step, TargetListed

FIRST_WAIT, LONGEST_DOUBLING = 30, 5
"""Seconds after the first failed round, and how often that doubles."""
POLICY = Policy(client_name="the example", idle_timeout=microseconds(40))


class Host(NamedTuple):
    """A host with its port, and the records that led there."""

    name: str
    port: int
    before: tuple[Record, ...] = ()


class Example:
    """The stack."""

    name = "example"
    title = "an example of another package"
    verified = "no program does this: there is nothing to record"

    def load(self, config: Config, registration: Registration) -> Plan | Refused:
        """Any registration with a name and a protocol that a transport is there for."""
        try:
            uri = parse_uri(registration.server_uri)
        except BadInput as exc:
            return Refused(registration.name, exc.what)
        protocol = uri.protocol or Protocol.UDP
        available = frozenset(t.type for t in config.transports.values() if t.type)
        literal = uri.literal is not None
        request = Request(uri.literal or uri.name, uri.port, protocol, False, available, literal)
        return Plan(
            registration=registration,
            policy=POLICY,
            program=partial(life, request=request),
            request=request,
            resolution=partial(resolution, request),
            timers=Timers(),
            tls={},
            tls_host=uri.host,
            credentials=any(name in config.auths for name in registration.outbound_auth),
        )

    def reasons(self, plan: Plan, resolution: Resolution, target: Target) -> list[str]:
        """Why the target has its protocol."""
        return [f"{target.transport.protocol.upper()}: it is the one that was asked for"]


STACK = Example()


def services(request: Request) -> Query:
    """The one query for SRV records."""
    return Query(srv.srv_name(request.protocol or Protocol.UDP, request.host), "SRV")


def hosts(request: Request, answer: Answer, draw: srv.Uniform | None) -> list[Host]:
    """The hosts in the order of trying."""
    default = request.port or (request.protocol or Protocol.UDP).default_port
    records = srv.order([r for r in answer.records if r.rtype == "SRV"], draw)
    by_srv = [Host(srv.srv_data(r).target, srv.srv_data(r).port, (r,)) for r in records]
    return by_srv or [Host(request.host, default)]


def addresses(host: str) -> tuple[Query, ...]:
    """The queries for a host's addresses."""
    return Query(host, "A"), Query(host, "AAAA")


def targets(request: Request, host: Host, answers: tuple[Answer, ...]) -> tuple[Target, ...]:
    """The targets of one host."""
    protocol = request.protocol or Protocol.UDP
    families = {"A": Family.IPV4, "AAAA": Family.IPV6}
    return tuple(
        Target(TransportType(protocol, families[r.rtype]), str(r.data), host.port, (*host.before, r))
        for answer in answers
        for r in answer.records
        if r.rtype == answer.query.rtype
    )


def literal(request: Request) -> Target:
    """The only target of an address."""
    protocol = request.protocol or Protocol.UDP
    port = request.port or protocol.default_port
    return Target(TransportType(protocol, Family.of(request.host)), request.host, port)


def resolution(
    request: Request, draw: srv.Uniform | None = None, reachable: frozenset[Family] = ALL_FAMILIES
) -> Machine:
    """All targets, as they are tried where each fails: what `life` asks bit by bit, asked in one go."""
    events: list[ResolutionEvent] = []
    asked: list[tuple[tuple[Query, ...], tuple[Answer, ...]]] = []
    listed: list[Target] = []
    if request.literal:
        listed = [literal(request)]
    else:
        queries: tuple[Query, ...] = (services(request),)
        events.append(SetAsked(0, queries))
        answers = (yield Ask(queries)).of_set
        asked.append((queries, answers))
        events.append(Answered(answers[0]))
        for number, host in enumerate(hosts(request, answers[0], draw), 1):
            queries = addresses(host.name)
            events.append(SetAsked(number, queries))
            found = (yield Ask(queries)).of_set
            asked.append((queries, found))
            events += [Answered(answer) for answer in found]
            listed += targets(request, host, found)
    events += [TargetListed(target, "in the order of trying") for target in listed]
    why = "in the order of trying" if listed else "no address was found"
    events.append(ListClosed(tuple(listed), why))
    several = len(asked) > 2
    groups = ((srv.Block(0, 0, ()), srv.Block(0, 0, ())),) if several else ()
    return Resolution(tuple(asked), tuple(listed), tuple(events), groups, why, shifted=several)


def life(plan: Plan, lots: Lots, *, request: Request) -> Program:
    """Rounds until one registers, and a refresh after nine tenths of what is granted."""
    failures, cause, why = 0, Cause.LOADED, "the account was loaded"
    message = 0
    while True:
        message += 100
        yield from start_round(cause, why)
        outcome = yield from _round(plan, lots, request, message)
        if outcome.kind is Ending.REGISTERED:
            failures = 0
            granted = seconds_in(first(outcome.headers, "expires") or str(plan.registration.expiration)) or 0
            said = f"{granted} s are granted; refreshed after nine tenths"
            wait, lifetime = microseconds(max(1, granted * 0.9)), microseconds(granted)
            woken = yield from sleep(Sleep(wait, Step.REFRESH, said, failures, lifetime))
            cause, why = Cause.REFRESH, "the registration is refreshed"
            if woken.closed:
                cause, why = Cause.CLOSED, "the connection was closed"
            continue
        longest = FIRST_WAIT << min(failures, LONGEST_DOUBLING)
        failures += 1
        wait = lots.between(microseconds(longest / 2), microseconds(longest))
        said = f"back-off {min(failures, LONGEST_DOUBLING + 1)}"
        yield from sleep(Sleep(wait, Step.RETRY, said, min(failures, LONGEST_DOUBLING + 1)))
        cause, why = Cause.WAITED, "the back-off is over"


def _round(plan: Plan, lots: Lots, request: Request, message: int) -> Part[Outcome]:
    """Host after host: the addresses of one are asked for once those of the one before have failed."""
    if request.literal:
        yield from list_targets([literal(request)], "an address needs no DNS")
        return (yield from _try(plan, literal(request), message))
    outcome = local(Ending.NO_TARGET)
    (answer,) = yield from ask([services(request)])
    for host in hosts(request, answer, lots.draw):
        found = targets(request, host, (yield from ask(addresses(host.name))))
        yield from list_targets(found, f"the addresses of {host.name}")
        for target in found:
            message += 1
            outcome = yield from _try(plan, target, message)
            if outcome.kind is Ending.REGISTERED:
                return outcome
            yield from tell(Step.NEXT_TARGET, "whatever comes next")
    yield from tell(Step.ROUND_ENDED, "no host is left")
    return outcome


def _try(plan: Plan, target: Target, message: int) -> Part[Outcome]:
    outcome = yield from attempt(Try(target, message, credentials=False))
    if is_challenge(outcome.status) and plan.credentials:
        yield from tell(Step.CHALLENGE, "with credentials")
        outcome = yield from attempt(Try(target, message, credentials=True))
    return outcome
