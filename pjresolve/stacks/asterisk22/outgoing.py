"""How anything leaves Asterisk 22: the transports, the type that is asked for, and the timers.

A registration, a call and a qualified contact differ in which URI and which `transport=` decide; what
follows from them is the same (recordings `all-srv-pinned-udp`, `co-pin-tcp-udpsrv`, `cb-q-pin`).

Rules of this file: each quirk names the recording that shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TypedDict

from pjresolve.config.objects import Config, Transport
from pjresolve.dns.srv import Uniform
from pjresolve.model import Family, Protocol, TransportType
from pjresolve.sip.timers import Timers
from pjresolve.sip.tls import TlsSettings
from pjresolve.sip.uri import SipUri
from pjresolve.stacks.asterisk22.policy import POLICY
from pjresolve.stacks.asterisk22.resolution import resolution
from pjresolve.stacks.asterisk22.tls import tls_settings
from pjresolve.stacks.protocol import ALL_FAMILIES, Policy, Resolving
from pjresolve.stacks.resolution import Machine, Request


class Outgoing(TypedDict):
    """The fields of a Sender that follow from a URI and a transport."""

    policy: Policy
    request: Request | None
    resolution: Resolving | None
    timers: Timers
    tls: Mapping[TransportType, TlsSettings]
    tls_host: str
    pinned: TransportType | None
    transports: Mapping[TransportType, str]
    dead_end: str
    timeout: str
    loopback: frozenset[TransportType]
    notes: tuple[str, ...]


def outgoing(config: Config, route: SipUri, named: Protocol | None, transport: str, timer: str) -> Outgoing:
    """What follows from the URI that is resolved, the protocol that it names and the option `transport`.

    `timer` is the name of the one that ends an attempt without an answer.
    """
    transports = config.bound
    pin = config.transports.get(transport)
    pinned = pin.type if pin else None
    available = frozenset(t.type for t in transports.values() if t.type)
    dead_end = ""
    if pinned and named and named is not pinned.protocol:
        dead_end = (
            f"transport={transport} is {pinned.protocol.upper()} and the URI says "
            f"{named.upper()}: every attempt fails before any DNS"
        )
    t1, timer_b = config.system.timer_t1, config.system.timer_b
    ignored: tuple[str, ...] = ()
    if transport and pin is None:
        lost = transport in transports  # recording `td-pin-first`
        why = "is taken away by a duplicate" if lost else "names no transport"
        ignored = (f"transport={transport} {why} and is ignored",)
    request = None if dead_end else _request(route, named, pinned, available)
    used = _used(transports, pin)
    return Outgoing(
        policy=POLICY,
        request=request,
        resolution=partial(_resolution, request) if request else None,
        timers=Timers(t1=t1 * 1000, f=max(timer_b, 64 * t1) * 1000),
        tls={kind: tls_settings(t) for kind, t in used.items() if kind.protocol is Protocol.TLS},
        tls_host=route.host,
        pinned=pinned,
        transports={kind: t.name for kind, t in used.items()},
        dead_end=dead_end,
        timeout=f"{timer}, timer_b={timer_b}" if timer_b > 64 * t1 else f"{timer}, 64 × T1 (timer_t1={t1})",
        loopback=_loopback(used),
        notes=ignored,
    )


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
