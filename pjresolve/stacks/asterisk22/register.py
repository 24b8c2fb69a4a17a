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

from pjresolve.config import uris
from pjresolve.config.networks import read_network
from pjresolve.config.objects import Config, Registration, Transport
from pjresolve.config.uris import spelt_user, written_header_params, written_routes
from pjresolve.errors import BadInput
from pjresolve.model import Family, Protocol, Target, canonical_address

ALLOW = (
    "OPTIONS, REGISTER, SUBSCRIBE, NOTIFY, PUBLISH, "
    "INVITE, ACK, BYE, CANCEL, UPDATE, PRACK, MESSAGE, INFO, REFER"
)
"""The methods of an Asterisk with all its modules (register-messages `all-modules`)."""
USER_AGENT = "Asterisk PBX <version>"
KNOWN_PARAMETERS = ("user", "method", "transport", "ttl", "maddr", "lr")
"""URI parameters that are written first, in this order and in lower case, wherever they stood."""
UNSHOWN_IN_FROM = ("transport", "method", "ttl", "maddr", "lr")
"""URI parameters that a From or To does not carry (RFC 3261 section 19.1.1, table 1)."""
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


def sending_transport(config: Config, registration: Registration, target: Target) -> Transport:
    """The transport that reaches a target: the pinned one, else the file's first of its type (`two-udp`).

    Raises BadInput where the registration never sends to such a target.
    """
    pinned = config.transports.get(registration.transport)
    if pinned is not None and pinned.type is None:
        pinned = None  # a WebSocket transport is ignored (`tr-ws-pin`)
    if pinned is not None and pinned.type != target.transport:
        raise BadInput(
            f"{target} is not tried: transport={pinned.name} allows {pinned.type} only",
            where=registration.where("transport"),
            hint="choose another target",
        )
    found = pinned or next((t for t in config.bound.values() if t.type == target.transport), None)
    if found is None:
        raise BadInput(
            f"{target} is not tried: no transport is {target.transport}",
            where=registration.section.where,
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
    host, port = _sent_by(transport, target, local)
    request_uri, first_routes, last_routes = _route(registration)
    identity = f"<{_identity(registration.client_uri)}>"
    headers = [("Via", _via(target.transport.protocol, host, port))]
    headers += [("Route", route) for route in first_routes]
    headers += [
        ("From", f"{identity};tag=<tag>"),
        ("To", identity),
        ("Call-ID", "<call-id>"),
        ("CSeq", "<number> REGISTER"),
        *_uri_headers(registration.server_uri),
        ("Contact", _contact(registration, target.transport.protocol, host, port)),
        ("Expires", str(registration.expiration)),
        ("Allow", allow),
        *_asked_for(registration),
    ]
    common = [("Max-Forwards", str(config.global_.max_forwards))]
    own = [("Route", route) for route in last_routes]
    if registration.user_agent:
        own.insert(0, ("User-Agent", registration.user_agent))
    else:
        common.append(("User-Agent", config.global_.user_agent or USER_AGENT))
    if challenge is not None:  # the registration's own headers are put back behind the answer
        name = "Proxy-Authorization" if challenge == 407 else "Authorization"
        headers += [*common, (name, _authorization(config, registration, request_uri)), *own]
    else:
        headers += [*own, *common]
    headers.append(("Content-Length", " 0"))
    return RegisterMessage(target, transport, request_uri, tuple(headers))


# ---------------------------------------------------------------- what belongs to the target


def _sent_by(transport: Transport, target: Target, local: Mapping[Family, str]) -> tuple[str, int]:
    """Host and port of Via and Contact: the listening port also where TCP or TLS connects from another."""
    address = transport.bind_address
    if address in ("0.0.0.0", "::"):
        address = local[target.transport.family]
    port = transport.bind_port
    external = transport.external_signaling_address
    if external and not _is_local(transport, target):
        address = canonical_address(external) or external
        port = transport.external_signaling_port or port
    return (f"[{address}]" if ":" in address else address), port


def _is_local(transport: Transport, target: Target) -> bool:
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


def _uri_headers(text: str) -> list[tuple[str, str]]:
    """The headers that `server_uri` brings along after its `?` (RFC 3261 section 19.1.1; `uri-hdr`)."""
    return list(_parts(text).headers)


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


def _authorization(config: Config, registration: Registration, uri: str) -> str:
    """The answer to a challenge with the digest algorithm MD5 (RFC 3261 section 22.4)."""
    auth = next((config.auths[name] for name in registration.outbound_auth if name in config.auths), None)
    if auth is None:
        raise BadInput(
            "no outbound_auth: a challenge is not answered",
            where=registration.section.where,
            hint="add outbound_auth= and its section",
        )
    return (
        f'Digest username="{auth.username}", realm="<realm>", nonce="<nonce>", uri="{uri}", '
        'response="<response>", algorithm=MD5'
    )


# ---------------------------------------------------------------- URIs as they are written


def written_uri(text: str) -> str:
    """A URI as Asterisk writes it: known parameters first, everything else as in the file."""
    scheme, user, host, port, params = _split(text)
    return f"{scheme}:{user}{host}{port}{params}"


def _identity(text: str) -> str:
    """The URI of From and To: `client_uri` without port and without the parameters not allowed there."""
    scheme, user, host, _, params = _split(text, UNSHOWN_IN_FROM)
    return f"{scheme}:{user}{host}{params}"


def _split(text: str, without: tuple[str, ...] = ()) -> tuple[str, str, str, str, str]:
    """Scheme, user, host, port and parameters, each with its punctuation; port 0 is none (`uri-port0`)."""
    parts = _parts(text)
    known: dict[str, str] = {}
    others: list[str] = []
    for name, value in parts.params:
        shown = f"={value}" if value else ""  # recording `uri-emptytp`
        if name.lower() in without:
            continue
        if name.lower() in KNOWN_PARAMETERS:
            known[name.lower()] = name.lower() + shown
        else:
            others.append(name + shown)
    params = [known[name] for name in KNOWN_PARAMETERS if name in known] + others
    return (
        parts.scheme,
        f"{parts.user}@" if parts.user else "",
        parts.host,
        f":{parts.port}" if parts.port else "",
        "".join(f";{p}" for p in params),
    )


def _parts(text: str) -> uris.WrittenUri:
    parts = uris.written_uri(text)
    if parts is None:
        raise BadInput(f"{text!r} is not a SIP URI", hint="write sip:HOST or sip:USER@HOST")
    return parts
