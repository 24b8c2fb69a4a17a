"""Asterisk 22 with `res_pjsip`: what it makes of a registration before any DNS.

What follows is in `resolution` (from a host to targets) and `life` (from targets to registered).

Rules of this file: each quirk names the recording that shows it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from pjresolve.config.objects import Config, Registration
from pjresolve.config.uris import first_route, is_route, read_uri
from pjresolve.errors import BadInput, Location, printable
from pjresolve.model import Family, Protocol, Target, TransportType
from pjresolve.sip.uri import SipUri
from pjresolve.stacks.asterisk22.answers import credentials_of, realms_of
from pjresolve.stacks.asterisk22.life import life, mute
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
    server = _uri(registration.server_uri, registration.where("server_uri"))
    first: SipUri | None = server
    named = server.protocol
    if registration.outbound_proxy:
        # resolved in place of server_uri, which only adds `sips:` (`proxy`, `px-server-sips`)
        first = first_route(registration.outbound_proxy)
        named = Protocol.TLS if server.secure or first is None else first.protocol
    ticks = named not in (Protocol.TCP, Protocol.TLS)
    credentials = credentials_of(config, registration.outbound_auth)
    plan = Plan(
        registration=registration,
        program=partial(life, ticks=ticks, credentials=credentials),
        credentials=bool(credentials),
        realms=realms_of(credentials),
        keep_alive_interval=config.global_.keep_alive_interval,
        **outgoing(config, first or server, named, registration.transport, "Timer F"),
    )
    if first is not None:
        return plan
    why = _no_route(registration.outbound_proxy)
    return replace(plan, program=mute, request=None, resolution=None, dead_end=why)


def _refusal(registration: Registration, config: Config) -> Refused | None:
    """Why an object that could be read is refused all the same."""
    name = registration.name
    try:
        server = _uri(registration.server_uri)
        _uri(registration.client_uri)
    except BadInput as exc:
        return Refused(name, exc.what)
    if registration.outbound_proxy and not is_route(registration.outbound_proxy):
        return Refused(name, f"outbound_proxy={printable(registration.outbound_proxy)} is no URI")
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


def _uri(text: str, where: Location | None = None) -> SipUri:
    """The URI that PJSIP reads. Raises BadInput where it refuses the text."""
    uri = read_uri(text)
    if uri is None:
        hint = "write sip:HOST, sip:USER@HOST or sips:HOST"
        raise BadInput(f"{printable(text)} is not a SIP URI", where=where, hint=hint)
    return uri


def _no_route(proxy: str) -> str:
    """What becomes of a proxy of another scheme than `sip:`: Asterisk loads it, sends nothing and logs
    nothing (recordings `route-hostport`, `route-ipport`, `route-tel`, `route-otherfirst`).
    """
    scheme = proxy.strip("< ").partition(":")[0]
    return (
        f"outbound_proxy={printable(proxy)} is a URI of the scheme {printable(scheme)} and not of sip: "
        "nothing is sent, and nothing is logged"
    )


def _contact_type(server: SipUri) -> TransportType | None:
    """The type of the Contact that is built on loading, from `server_uri` alone (recordings
    `srv-udp6-only-client`, `uri-ip6-tcp-only4`). None for a `;transport=` that is not one of the three.
    """
    if server.protocol is None and server.transport:
        return None
    family = Family.of(server.host)
    return TransportType(server.protocol or Protocol.UDP, family)
