"""The REGISTER that `res_pjsip` sends: every header, in its order, for a given target.

Rules of this file:
- it says what leaves Asterisk 22, byte for byte, as tests/recordings/register-messages shows;
- what Asterisk draws by lot or takes from its surroundings is a `<placeholder>`;
- Via and Contact belong to the target, everything else to the registration.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pjresolve.config.networks import read_network
from pjresolve.config.objects import Config, Endpoint, Registration, Transport
from pjresolve.config.uris import spelt_user, written_header_params, written_routes
from pjresolve.errors import BadInput
from pjresolve.model import Family, Protocol, Target, canonical_address
from pjresolve.stacks.asterisk22.written import identity, parts_of, written_uri

ALLOW = (
    "OPTIONS, REGISTER, SUBSCRIBE, NOTIFY, PUBLISH, "
    "INVITE, ACK, BYE, CANCEL, UPDATE, PRACK, MESSAGE, INFO, REFER"
)
"""The methods of an Asterisk with all its modules (register-messages `all-modules`)."""
USER_AGENT = "Asterisk PBX <version>"
LOCAL = {Family.IPV4: "<IPv4 address>", Family.IPV6: "[<IPv6 address>]"}


@dataclass(frozen=True, slots=True)
class RegisterMessage:
    """A REGISTER towards `target` through `transport`: its request line, then (name, value) pairs."""

    target: Target
    transport: Transport
    request_uri: str
    headers: tuple[tuple[str, str], ...]

    def header(self, name: str) -> str | None:
        """The value of the first header of that name, or None."""
        return next((value for key, value in self.headers if key == name), None)

    def __str__(self) -> str:
        headers = "".join(f"{name}: {value}\n" for name, value in self.headers)
        return f"REGISTER {self.request_uri} SIP/2.0\n{headers}"


def sending_transport(config: Config, sender: Registration | Endpoint, target: Target) -> Transport:
    """The transport that reaches a target: the pinned one, else the file's first of its type (`two-udp`).

    Raises BadInput where the registration or the endpoint never sends to such a target.
    """
    pinned = config.transports.get(sender.transport)
    if pinned is not None and pinned.type is None:
        pinned = None  # a WebSocket transport is ignored (`tr-ws-pin`)
    if pinned is not None and pinned.type != target.transport:
        raise BadInput(
            f"{target} is not tried: transport={pinned.name} allows {pinned.type} only",
            where=sender.where("transport"),
            hint="choose another target",
        )
    found = pinned or next((t for t in config.bound.values() if t.type == target.transport), None)
    if found is None:
        raise BadInput(
            f"{target} is not tried: no transport is {target.transport}",
            where=sender.section.where,
            hint="choose another target",
        )
    return found


def register_message(
    config: Config,
    registration: Registration,
    target: Target,
    *,
    local: Mapping[Family, str] = LOCAL,
    allow: str = ALLOW,
    challenge: int | None = None,
) -> RegisterMessage:
    """The REGISTER towards `target`: the first, or the one that answers a `challenge` of 401 or 407.

    `local` gives the client's own address of each family, for transports bound to any. `allow` is what
    Asterisk's loaded modules allow. Raises BadInput where the registration never sends to that target.
    """
    transport = sending_transport(config, registration, target)
    host, port = sent_by(transport, target, local)
    request_uri, first_routes, last_routes = _route(registration)
    own = f"<{identity(registration.client_uri)}>"
    headers = [("Via", _via(target.transport.protocol, host, port))]
    headers += [("Route", route) for route in first_routes]
    headers += [
        ("From", f"{own};tag=<tag>"),
        ("To", own),
        ("Call-ID", "<call-id>"),
        ("CSeq", "<number> REGISTER"),
        *parts_of(registration.server_uri).headers,  # RFC 3261 section 19.1.1 (`uri-hdr`)
        ("Contact", _contact(registration, target.transport.protocol, host, port)),
        ("Expires", str(registration.expiration)),
        ("Allow", allow),
        *_asked_for(registration),
    ]
    common = [("Max-Forwards", str(config.global_.max_forwards))]
    behind = [("Route", route) for route in last_routes]
    if registration.user_agent:
        behind.insert(0, ("User-Agent", registration.user_agent))
    else:
        common.append(("User-Agent", config.global_.user_agent or USER_AGENT))
    if challenge is not None:  # the registration's own headers are put back behind the answer
        name = "Proxy-Authorization" if challenge == 407 else "Authorization"
        headers += [*common, (name, authorization(config, registration, request_uri)), *behind]
    else:
        headers += [*behind, *common]
    headers.append(("Content-Length", " 0"))
    return RegisterMessage(target, transport, request_uri, tuple(headers))


# ---------------------------------------------------------------- what belongs to the target


def sent_by(
    transport: Transport, target: Target, local: Mapping[Family, str], *, external: bool = True
) -> tuple[str, int]:
    """Host and port of Via and Contact: the listening port also where TCP or TLS connects from another.

    Without `external` the transport's own address.
    """
    address = transport.bind_address
    if address in ("0.0.0.0", "::"):
        address = local[target.transport.family]
    port = transport.bind_port
    outside = transport.external_signaling_address if external else ""
    if outside and not is_local(transport, target):
        address = canonical_address(outside) or outside
        port = transport.external_signaling_port or port
    return (f"[{address}]" if ":" in address else address), port


def is_local(transport: Transport, target: Target) -> bool:
    """Whether `local_net` covers the target; the client's own address does not matter (`nat-*`)."""
    there = ipaddress.ip_address(target.address)
    written = (read_network(text) for text in transport.local_net)
    return any(there in w.network for w in written if w)


def _via(protocol: Protocol, host: str, port: int) -> str:
    alias = "" if protocol is Protocol.UDP else ";alias"
    return f"SIP/2.0/{protocol.upper()} {host}:{port};rport;branch=<branch>{alias}"


def _contact(registration: Registration, protocol: Protocol, host: str, port: int) -> str:
    scheme = "sips" if registration.server_uri.lower().startswith("sips:") else "sip"
    over = "" if protocol is Protocol.UDP else f";transport={protocol.upper()}"
    line = ";line=<line>" if registration.line else ""
    more = written_header_params(registration.contact_header_params)
    return f"<{scheme}:{spelt_user(registration.contact_user) or 's'}@{host}:{port}{over}{line}>{more}"


# ---------------------------------------------------------------- what belongs to the registration


def _route(registration: Registration) -> tuple[str, list[str], list[str]]:
    """The request URI, and the Routes it stands first with or last.

    A proxy without `;lr` is a strict router (RFC 3261 section 16.12.1.1): it becomes the request URI, and
    the server's own URI the last Route. All that `outbound_proxy` lists are Routes (recording `route-three`).
    """
    server = written_uri(registration.server_uri)
    proxies = written_routes(registration.outbound_proxy)
    if not proxies:
        return server, [], []
    routes = [f"<{proxy}>" for proxy in proxies]
    if re.search(r";lr(?:[;=]|$)", proxies[0]):
        return server, routes, []
    return proxies[0], [], [*routes[1:], f"<{server}>"]


def _asked_for(registration: Registration) -> list[tuple[str, str]]:
    supported = [
        word
        for word, wanted in (("path", registration.support_path), ("outbound", registration.support_outbound))
        if wanted
    ]
    headers = [("Supported", ", ".join(supported))] if supported else []
    if registration.security_negotiation == "mediasec":
        headers += [("Security-Client", mechanism) for mechanism in registration.security_mechanisms]
        headers += [("Require", "mediasec"), ("Proxy-Require", "mediasec")]
    return headers


def authorization(config: Config, sender: Registration | Endpoint, uri: str) -> str:
    """The answer to a challenge with the digest algorithm MD5 (RFC 3261 section 22.4).

    Raises BadInput where there is none.
    """
    auth = next((config.auths[name] for name in sender.outbound_auth if name in config.auths), None)
    if auth is None:
        raise BadInput(
            "no outbound_auth: a challenge is not answered",
            where=sender.section.where,
            hint="add outbound_auth= and its section",
        )
    return (
        f'Digest username="{auth.username}", realm="<realm>", nonce="<nonce>", uri="{uri}", '
        'response="<response>", algorithm=MD5'
    )
