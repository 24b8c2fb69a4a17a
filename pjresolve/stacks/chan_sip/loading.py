"""Asterisk's former `chan_sip`: the first address only, no failover, UDP unless told.

The configuration is what the same registration would be in sip.conf: `bindaddr=::` where an IPv6 transport
exists, `srvlookup=yes`, and the defaults of sip.conf for everything that pjsip.conf does not say. What
follows is in `resolution` (from a host to its target) and `life` (from the target to registered).

Rules of this file: each rule names the recording of Asterisk 16.28 that shows it (tests/recordings/chan_sip).
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from pjresolve.config.objects import Config, Registration
from pjresolve.dns.srv import Uniform
from pjresolve.errors import BadInput
from pjresolve.model import Family, Protocol, Target
from pjresolve.sip.timers import Timers, microseconds
from pjresolve.sip.uri import parse_uri
from pjresolve.stacks.chan_sip.life import REGISTER_TIMEOUT, life
from pjresolve.stacks.chan_sip.policy import POLICY, tls_settings
from pjresolve.stacks.chan_sip.reasons import reasons
from pjresolve.stacks.chan_sip.resolution import resolution
from pjresolve.stacks.protocol import ALL_FAMILIES, Plan, Refused
from pjresolve.stacks.resolution import Machine, Request, Resolution


class ChanSip:
    """The stack that res_pjsip replaced."""

    name = "chan_sip"
    title = "Asterisk's former chan_sip"
    verified = (
        "held against recordings of Asterisk 16.28 over UDP and TCP, see tests/recordings/chan_sip; "
        "TLS and the answers that no recording holds are taken from its documentation"
    )
    policy = POLICY

    def load(self, config: Config, registration: Registration) -> Plan | Refused:
        """What sip.conf would make of the registration; a protocol nobody enabled is refused."""
        try:
            uri = parse_uri(registration.outbound_proxy or registration.server_uri)
        except BadInput as exc:
            return Refused(registration.name, exc.what)
        pin = config.transports.get(registration.transport)
        protocol = uri.protocol or (pin.type.protocol if pin and pin.type else Protocol.UDP)
        available = frozenset(t.type for t in config.bound.values() if t.type)
        if protocol is not Protocol.UDP and not any(t.protocol is protocol for t in available):
            return Refused(
                registration.name, f"sip.conf needs {protocol.value}enable=yes, as no such transport exists"
            )
        request = Request(
            uri.literal or uri.name, uri.port, protocol, False, available, uri.literal is not None
        )
        return Plan(
            registration=registration,
            policy=POLICY,
            program=partial(life, ticks=protocol is Protocol.UDP),
            request=request,
            resolution=partial(_resolution, request),
            timers=Timers(f=microseconds(REGISTER_TIMEOUT)),
            tls=tls_settings(config, pin),
            tls_host=uri.host,
            credentials=any(name in config.auths for name in registration.outbound_auth),
            timeout=f"registertimeout={REGISTER_TIMEOUT}",
        )

    def reasons(self, plan: Plan, resolution: Resolution, target: Target) -> list[str]:
        """As `reasons.reasons`."""
        return reasons(plan, resolution, target)


def _resolution(
    request: Request, draw: Uniform | None = None, reachable: frozenset[Family] = ALL_FAMILIES
) -> Machine:
    return resolution(replace(request, reachable=reachable), draw)
