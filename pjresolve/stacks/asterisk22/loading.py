"""Asterisk 22 with `res_pjsip`: what it makes of a registration before any DNS.

What follows is in `resolution` (from a host to targets) and `life` (from targets to registered).

Rules of this file: each quirk names the recording that shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from pjresolve.config.objects import Config, Registration, Transport
from pjresolve.dns.srv import Uniform
from pjresolve.errors import BadInput
from pjresolve.model import Family, Protocol, Target, TransportType
from pjresolve.sip.timers import Timers
from pjresolve.sip.uri import SipUri, parse_uri
from pjresolve.stacks.asterisk22.answers import credentials_of, realms_of
from pjresolve.stacks.asterisk22.life import life
from pjresolve.stacks.asterisk22.policy import POLICY
from pjresolve.stacks.asterisk22.reasons import reasons
from pjresolve.stacks.asterisk22.resolution import resolution
from pjresolve.stacks.asterisk22.tls import tls_settings
from pjresolve.stacks.protocol import ALL_FAMILIES, Plan, Refused
from pjresolve.stacks.resolution import Machine, Request, Resolution


class ResPjsip:
    """The stack of Asterisk 22 and its bundled pjproject."""

    name = "asterisk-22"
    title = "Asterisk 22 (res_pjsip)"
    verified = "held against recordings of Asterisk 22.10.1 with pjproject 2.17, see tests/recordings"
    policy = POLICY

    def load(self, config: Config, registration: Registration) -> Plan | Refused:
        """The plan of a registration, or why Asterisk refuses the object (section "Loading" of
        docs/stacks.md).
        """
        return load(config, registration)

    def reasons(self, plan: Plan, resolution: Resolution, target: Target) -> list[str]:
        """As `reasons.reasons`."""
        return reasons(plan, resolution, target)


# ---------------------------------------------------------------- before any DNS


def load(config: Config, registration: Registration) -> Plan | Refused:
    """What becomes of the object when Asterisk reads it."""
    transports = config.bound
    refusal = _refusal(registration, config)
    if refusal is not None:
        return refusal
    server = parse_uri(registration.server_uri, registration.where("server_uri"))
    route, named = server, server.protocol
    if registration.outbound_proxy:
        # resolved in place of server_uri, which only adds `sips:` (`proxy`, `px-server-sips`)
        route = parse_uri(registration.outbound_proxy, registration.where("outbound_proxy"))
        named = Protocol.TLS if server.secure else route.protocol
    available = frozenset(t.type for t in transports.values() if t.type)
    pin = config.transports.get(registration.transport)
    pinned = pin.type if pin else None
    notes: tuple[str, ...] = ()
    if registration.transport and pin is None:
        lost = registration.transport in transports  # recording `td-pin-first`
        why = "is taken away by a duplicate" if lost else "names no transport"
        notes = (f"transport={registration.transport} {why} and is ignored",)
    dead_end = ""
    if pinned and named and named is not pinned.protocol:
        dead_end = (
            f"transport={registration.transport} is {pinned.protocol.upper()} and the URI says "
            f"{named.upper()}: every attempt fails before any DNS"
        )
    t1, timer_b = config.system.timer_t1, config.system.timer_b
    request = None if dead_end else _request(route, named, pinned, available)
    ticks = named not in (Protocol.TCP, Protocol.TLS)
    used, credentials = _used(transports, pin), credentials_of(config, registration)
    return Plan(
        registration=registration,
        policy=POLICY,
        program=partial(life, ticks=ticks, credentials=credentials),
        request=request,
        resolution=partial(_resolution, request) if request else None,
        timers=Timers(t1=t1 * 1000, f=max(timer_b, 64 * t1) * 1000),
        tls={kind: tls_settings(t) for kind, t in used.items() if kind.protocol is Protocol.TLS},
        pinned=pinned,
        transports={kind: t.name for kind, t in used.items()},
        credentials=bool(credentials),
        realms=realms_of(credentials),
        dead_end=dead_end,
        tls_host=route.host,
        keep_alive_interval=config.global_.keep_alive_interval,
        timeout=f"Timer F, timer_b={timer_b}" if timer_b > 64 * t1 else f"Timer F, 64 × T1 (timer_t1={t1})",
        loopback=_loopback(used),
        notes=notes,
    )


def _refusal(registration: Registration, config: Config) -> Refused | None:
    """Why an object that could be read is refused all the same."""
    name = registration.name
    try:
        server = parse_uri(registration.server_uri)
        if not server.host.isascii():
            raise BadInput(f"server_uri has a host with other than ASCII characters: {server.host}")
        parse_uri(registration.client_uri)
        if registration.outbound_proxy:
            parse_uri(registration.outbound_proxy)
    except BadInput as exc:
        return Refused(name, exc.what)
    if registration.transport not in config.transports:
        needed = _contact_type(server)
        if needed is None:
            return Refused(
                name, f"no transport is of the kind that ;transport={server.transport} asks for", "uri-ws"
            )
        if not any(t.type == needed for t in config.bound.values()):
            return Refused(
                name,
                f"the Contact needs a {needed} transport, and none is configured: the object is refused "
                "before any query or packet",
                "nosrv-tcponly",
            )
    return None


def _contact_type(server: SipUri) -> TransportType | None:
    """The type of the Contact that is built on loading, from `server_uri` alone (recordings
    `srv-udp6-only-client`, `uri-ip6-tcp-only4`). None for a `;transport=` that is not one of the three.
    """
    if server.protocol is None and server.transport:
        return None
    family = Family.of(server.address) if server.address else Family.IPV4
    return TransportType(server.protocol or Protocol.UDP, family)


def _resolution(
    request: Request, draw: Uniform | None = None, reachable: frozenset[Family] = ALL_FAMILIES
) -> Machine:
    """Which families have a route makes no difference to what is asked and listed (recording
    `udp-noipv6route`).
    """
    return resolution(request, draw)


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


def _loopback(used: Mapping[TransportType, Transport]) -> frozenset[TransportType]:
    """The types whose transport is bound to the loopback address: nothing leaves it (recording
    `tr-bind-host`).
    """
    bound = ("::1", "localhost")
    return frozenset(
        k for k, t in used.items() if t.bind_address.startswith("127.") or t.bind_address in bound
    )


def _used(transports: Mapping[str, Transport], pin: Transport | None) -> dict[TransportType, Transport]:
    """The transport used for each type: the pinned one, else the file's first (recording `two-udp`)."""
    out: dict[TransportType, Transport] = {}
    for transport in ([pin] if pin else []) + list(transports.values()):
        if transport.type:
            out.setdefault(transport.type, transport)
    return out
