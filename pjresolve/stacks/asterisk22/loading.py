"""Asterisk 22 with `res_pjsip`: what it makes of a registration before any DNS.

What follows is in `resolution` (from a host to targets) and `life` (from targets to registered).

Rules of this file: each quirk names the recording that shows it.
"""

from __future__ import annotations

from functools import partial

from pjresolve.config.objects import Config, Registration
from pjresolve.errors import BadInput
from pjresolve.model import Family, Protocol, Target, TransportType
from pjresolve.sip.uri import SipUri, parse_uri
from pjresolve.stacks.asterisk22.answers import credentials_of, realms_of
from pjresolve.stacks.asterisk22.life import life
from pjresolve.stacks.asterisk22.outgoing import outgoing
from pjresolve.stacks.asterisk22.policy import POLICY
from pjresolve.stacks.asterisk22.reasons import reasons
from pjresolve.stacks.asterisk22.telephony import Calls
from pjresolve.stacks.protocol import Plan, Refused
from pjresolve.stacks.resolution import Resolution


class ResPjsip:
    """The stack of Asterisk 22 and its bundled pjproject."""

    name = "asterisk-22"
    title = "Asterisk 22 (res_pjsip)"
    verified = "held against recordings of Asterisk 22.10.1 with pjproject 2.17, see tests/recordings"
    policy = POLICY
    telephony = Calls()

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
    refusal = _refusal(registration, config)
    if refusal is not None:
        return refusal
    server = parse_uri(registration.server_uri, registration.where("server_uri"))
    route, named = server, server.protocol
    if registration.outbound_proxy:
        # resolved in place of server_uri, which only adds `sips:` (`proxy`, `px-server-sips`)
        route = parse_uri(registration.outbound_proxy, registration.where("outbound_proxy"))
        named = Protocol.TLS if server.secure else route.protocol
    ticks = named not in (Protocol.TCP, Protocol.TLS)
    credentials = credentials_of(config, registration.outbound_auth)
    return Plan(
        registration=registration,
        program=partial(life, ticks=ticks, credentials=credentials),
        credentials=bool(credentials),
        realms=realms_of(credentials),
        keep_alive_interval=config.global_.keep_alive_interval,
        **outgoing(config, route, named, registration.transport, "Timer F"),
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
