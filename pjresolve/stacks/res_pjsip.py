"""Asterisk 22 with `res_pjsip`: what it loads, and how a registration lives.

Read it from top to bottom: `load` is what happens before any DNS, `life` everything after.

Rules of this file:
- each quirk names the recording that shows it;
- no time passes here but by asking to sleep.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import NamedTuple, cast

from pjresolve.config.objects import Config, Registration, Transport
from pjresolve.errors import BadInput
from pjresolve.model import Family, Protocol, Target, TransportType
from pjresolve.resolve import srv
from pjresolve.resolve.request import Machine, Request, SrvOrder
from pjresolve.sip.outcome import LOST, NO_TARGET, REGISTERED, Outcome, local
from pjresolve.sip.timers import Timers
from pjresolve.sip.tls import TlsSettings
from pjresolve.sip.uri import SipUri, parse_uri
from pjresolve.stacks.plan import Command, GiveUp, Life, Plan, Refused, Reply, Resolve, Sleep, Tell, Try, Woken
from pjresolve.stacks.res_pjsip_resolver import resolution

REFRESH_BEFORE = 10
"""Seconds before the granted expiration at which the next round starts (recording `rereg`)."""
CHALLENGES = (401, 407)
TEMPORARY = (408, 500, 502, 503, 504)
"""Statuses that `retry_interval` covers, with every 6xx (recordings `udp-500`, `status-603`)."""


class ResPjsip:
    """The stack of Asterisk 22 and its bundled pjproject."""

    name = "asterisk-22"
    title = "Asterisk 22 (res_pjsip)"
    verified = "held against recordings of Asterisk 22.10.1 with pjproject 2.17, see tests/recordings"

    def load(self, config: Config, registration: Registration) -> Plan | Refused:
        """The plan of a registration, or why Asterisk refuses the object (section "Loading" of docs/stacks.md)."""
        return load(config, registration)

    def resolution(self, request: Request, choose: SrvOrder = srv.order) -> Machine:
        """As `res_pjsip_resolver.resolution`."""
        return resolution(request, choose)

    def life(self, plan: Plan) -> Life:
        """As `life`."""
        return life(plan)


# ---------------------------------------------------------------- before any DNS


def load(config: Config, registration: Registration) -> Plan | Refused:
    """What becomes of the object when Asterisk reads it."""
    transports = usable_transports(config)
    refusal = _refusal(config, registration, transports)
    if refusal is not None:
        return refusal
    server = parse_uri(registration.server_uri, registration.where("server_uri"))
    route, named = server, server.protocol
    if registration.outbound_proxy:  # resolved in place of server_uri, which only adds `sips:` (`proxy`, `px-server-sips`)
        route = parse_uri(registration.outbound_proxy, registration.where("outbound_proxy"))
        named = Protocol.TLS if server.secure else route.protocol
    available = frozenset(t.type for t in transports.values() if t.type)
    pin = transports.get(registration.transport)
    pinned = pin.type if pin else None
    notes: tuple[str, ...] = ()
    if registration.transport and pin is None:
        notes = (f"transport={registration.transport} names no transport and is ignored",)
    dead_end = ""
    if pinned and named and named is not pinned.protocol:
        dead_end = (
            f"transport={registration.transport} is {pinned.protocol.upper()} and the URI says {named.upper()}: "
            "every attempt fails before any DNS"
        )
    t1, timer_b = config.system.timer_t1, config.system.timer_b
    return Plan(
        registration=registration,
        request=None if dead_end else _request(route, named, pinned, available),
        timers=Timers(t1=t1 * 1000, f=max(timer_b, 64 * t1) * 1000),
        tls=_tls(transports, pin),
        pinned=pinned,
        ticks=named not in (Protocol.TCP, Protocol.TLS),
        credentials=any(name in config.auths for name in registration.outbound_auth),
        dead_end=dead_end,
        keep_alive_interval=config.global_.keep_alive_interval,
        loopback=_loopback(transports, pin),
        notes=notes,
    )


def usable_transports(config: Config) -> dict[str, Transport]:
    """The transports that start: the first of those that share a socket (recording `tr-same-twice`)."""
    sockets: set[tuple[str, str, int]] = set()
    out: dict[str, Transport] = {}
    for name, transport in config.transports.items():
        socket = (transport.protocol, transport.bind_address, transport.bind_port)
        if transport.bind_port and socket in sockets:
            continue
        sockets.add(socket)
        out[name] = transport
    return out


def _refusal(config: Config, registration: Registration, transports: Mapping[str, Transport]) -> Refused | None:
    name = registration.name
    refused = next((r for r in config.refusals if r.type == "registration" and r.name == name), None)
    if refused is not None:
        return Refused(name, refused.message)
    if registration.endpoint and not registration.line:
        return Refused(name, "endpoint= without line=yes", "endpoint-noline")
    if registration.line and not registration.endpoint:
        return Refused(name, "line=yes without endpoint=", "line-noendpoint")
    try:
        server = parse_uri(registration.server_uri)
        if not server.host.isascii():
            raise BadInput(f"server_uri has a host with other than ASCII characters: {server.host}")
        parse_uri(registration.client_uri)
        if registration.outbound_proxy:
            parse_uri(registration.outbound_proxy)
    except BadInput as exc:
        return Refused(name, exc.what)
    if registration.transport not in transports:
        needed = _contact_type(server)
        if needed is None:
            return Refused(name, f"no transport is of the kind that ;transport={server.transport} asks for", "uri-ws")
        if not any(t.type == needed for t in transports.values()):
            return Refused(
                name,
                f"the Contact needs a {needed} transport, and none is configured: the object is refused "
                "before any query or packet",
                "nosrv-tcponly",
            )
    return None


def _contact_type(server: SipUri) -> TransportType | None:
    """The type of the Contact that is built on loading, from `server_uri` alone (recordings
    `srv-udp6-only-client`, `uri-ip6-tcp-only4`). None for a `;transport=` that is not one of the three."""
    if server.protocol is None and server.transport:
        return None
    family = Family.of(server.address) if server.address else Family.IPV4
    return TransportType(server.protocol or Protocol.UDP, family)


def _request(
    route: SipUri, named: Protocol | None, pinned: TransportType | None, available: frozenset[TransportType]
) -> Request:
    """The requested type: a pin's exactly, else the URI's; an IP literal or a port alone means UDP."""
    literal = route.literal
    protocol = pinned.protocol if pinned else named
    if protocol is None and (literal or route.port is not None):
        protocol = Protocol.UDP
    ipv6_only = pinned is not None and pinned.family is Family.IPV6
    return Request(literal or route.name, route.port, protocol, ipv6_only, available, literal is not None)


def _loopback(transports: Mapping[str, Transport], pin: Transport | None) -> frozenset[TransportType]:
    """The types whose transport is bound to the loopback address: nothing leaves it (recording `tr-bind-host`)."""
    used = _used(transports, pin)
    bound = ("::1", "localhost")
    return frozenset(k for k, t in used.items() if t.bind_address.startswith("127.") or t.bind_address in bound)


def _used(transports: Mapping[str, Transport], pin: Transport | None) -> dict[TransportType, Transport]:
    """The transport used for each type: the pinned one, else the file's first (recording `two-udp`)."""
    out: dict[TransportType, Transport] = {}
    for transport in ([pin] if pin else []) + list(transports.values()):
        if transport.type:
            out.setdefault(transport.type, transport)
    return out


def _tls(transports: Mapping[str, Transport], pin: Transport | None) -> dict[TransportType, TlsSettings]:
    """The TLS settings that count for each type."""
    return {
        kind: TlsSettings(
            method=transport.method,
            verify_server=transport.verify_server,
            allow_wildcard_certs=transport.allow_wildcard_certs,
            trusts=bool(transport.ca_list_file or transport.ca_list_path),
        )
        for kind, transport in _used(transports, pin).items()
        if kind.protocol is Protocol.TLS
    }


# ---------------------------------------------------------------- the life of a registration


class Next(NamedTuple):
    """What follows a round that did not register. `seconds` None: stop for good."""

    seconds: int | None
    counts: bool
    why: str


def life(plan: Plan) -> Life:
    """Round after round, until it gives up."""
    failures, message, repeated, why = 0, 0, False, "the registration was loaded"
    while True:
        message += 1
        outcome = yield from _round(plan, message, why)
        if outcome.status == 423 and not repeated:
            # Once more at once, resolved anew; but only once in the life of the object (recordings
            # `status-423`, `st-423-fatal`).
            message, repeated = message + 1, True
            outcome = yield from _round(plan, message, "423: once more, with the expiration the answer asks for")
        if outcome.kind == LOST:
            why = "the connection that registered was closed under a refresh"
            yield Sleep(0, "waiting", why)
            continue
        if outcome.kind == REGISTERED:
            failures = 0
            granted = outcome.expires if outcome.expires is not None else plan.registration.expiration
            if granted == 0:  # recording `ex-grant-0`
                yield GiveUp("the expiration granted is 0: Asterisk takes itself for unregistered and stops", "lapsed")
                return
            wait = max(0, granted - REFRESH_BEFORE)
            told = f"the expiration granted is {granted} s; the next round starts {REFRESH_BEFORE} s before its end"
            woken = cast(Woken, (yield Sleep(wait, "registered", told, granted)))
            why = "the connection that registered was closed" if woken.closed else "the registration is refreshed"
            continue
        step = after_failure(plan.registration, outcome, failures)
        if step.seconds is None:
            yield GiveUp(step.why)
            return
        failures += step.counts
        counted = failures if step.counts else 0
        pause = Sleep(step.seconds, "waiting", step.why, None, counted, plan.registration.max_retries)
        woken = cast(Woken, (yield pause))
        failures += woken.repeated
        why = f"{step.seconds} s have passed"


def _round(plan: Plan, message: int, why: str) -> Generator[Command, Reply, Outcome]:
    """One resolution and the attempts that follow it; its outcome is that of the last attempt."""
    targets = cast("tuple[Target, ...]", (yield Resolve(why)))
    outcome, credentials, places = local(NO_TARGET), False, len(targets)
    for place, target in enumerate(targets):
        unsuitable = ""
        if plan.pinned and target.transport != plan.pinned:  # recording `all-srv-pinned-udp`
            unsuitable = f"it is not {plan.pinned}, the type of the pinned transport"
        # Whether a challenge was answered already is part of the message: the next target gets the
        # credentials at once, and its own challenge would be the second.
        outcome = cast(Outcome, (yield Try(target, message, credentials, plan.ticks, unsuitable)))
        if outcome.status in CHALLENGES and not credentials and plan.credentials:
            credentials = True
            yield Tell("a challenge: the request again, with credentials")
            outcome = cast(Outcome, (yield Try(target, message, True, plan.ticks)))
        if not outcome.moves_on or outcome.kind == LOST:
            ended = "the connection that registered was closed" if outcome.kind == LOST else f"{outcome.status} ends the round"
            yield Tell("registered" if outcome.kind == REGISTERED else ended)
            break
        yield Tell("the next target" if place + 1 < places else "the list is at its end")
    return outcome


def after_failure(registration: Registration, outcome: Outcome, failures: int) -> Next:
    """The rules between rounds, in their order; `failures` are the retries counted so far."""
    status, limit = outcome.status, registration.max_retries
    if outcome.retry_after:  # beats every rule below, and does not count (recording `udp-503-ra`)
        return Next(outcome.retry_after, False, f"the answer asks for {outcome.retry_after} s (Retry-After)")
    temporary = status in TEMPORARY or 600 <= status < 700
    if status in CHALLENGES and not registration.auth_rejection_permanent:
        temporary = True
    rules = (
        ("retry_interval", registration.retry_interval, temporary),
        ("forbidden_retry_interval", registration.forbidden_retry_interval, status == 403),
        ("fatal_retry_interval", registration.fatal_retry_interval, True),
    )
    for option, interval, applies in rules:
        if not interval or not applies:
            continue
        if failures >= limit:
            return Next(None, False, f"{status} after max_retries={limit} retries")
        return Next(interval, True, f"{option}={interval}, retry {failures + 1} of {limit}")
    return Next(None, False, f"{status} is permanent" if not temporary else f"{status}, and retry_interval=0")
