"""The INVITE that `res_pjsip` sends: every header in its order, and the offer, for a given target.

Rules of this file:
- it says what leaves Asterisk 22 with all its modules, byte for byte, as the recordings that are named show;
- what Asterisk draws by lot or takes from its surroundings is a `<placeholder>`;
- what was never recorded is refused or listed, and never guessed.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from pjresolve.config.networks import read_network
from pjresolve.config.objects import Config, Endpoint, Transport
from pjresolve.config.schema import FALSE_WORDS
from pjresolve.config.uris import WrittenUri, spelt_user, written_routes
from pjresolve.errors import BadInput
from pjresolve.model import Family, Protocol, Target, TransportType, canonical_address
from pjresolve.stacks.asterisk22.caller import SOMEBODY, Caller, is_phone
from pjresolve.stacks.asterisk22.register import (
    ALLOW,
    LOCAL,
    USER_AGENT,
    authorization,
    is_local,
    sending_transport,
    sent_by,
)
from pjresolve.stacks.asterisk22.sdp import offer
from pjresolve.stacks.asterisk22.telephony import is_uri
from pjresolve.stacks.asterisk22.written import parts_of, spelt_identity, spelt_uri

SUPPORTED = ("100rel", "timer", "replaces", "norefersub", "histinfo")
HOST_NAME = "<host name>"
"""What stands in From where no transport is of the kind that the URI asks for (`iv-only6`, `iv-onlytcp`)."""
NOBODY = "anonymous"
COMPACT = {
    "Via": "v", "From": "f", "To": "t", "Contact": "m", "Call-ID": "i", "Supported": "k",
    "Session-Expires": "x", "Content-Type": "c", "Content-Length": "l",
}  # fmt: skip
"""Headers' short names, of `compact_headers` (`iv-system`)."""
_USER = "-_.!~*'()&=+$,;?/%"


@dataclass(frozen=True, slots=True)
class InviteMessage:
    """An INVITE towards `target` through `transport`: its request line, (name, value) pairs, the offer."""

    target: Target
    transport: Transport
    request_uri: str
    headers: tuple[tuple[str, str], ...]
    body: tuple[str, ...]

    def __str__(self) -> str:
        headers = "".join(f"{name}: {value}\n" for name, value in self.headers)
        body = "".join(f"{line}\n" for line in self.body)
        return f"INVITE {self.request_uri} SIP/2.0\n{headers}\n{body}"


@dataclass(frozen=True, slots=True)
class _Call:
    """What the parts of the message share."""

    config: Config
    endpoint: Endpoint
    uri: WrittenUri
    caller: Caller
    local: Mapping[Family, str]


def invite_message(
    config: Config,
    endpoint: Endpoint,
    contact: str,
    number: str,
    target: Target,
    *,
    caller: Caller = SOMEBODY,
    local: Mapping[Family, str] = LOCAL,
    challenge: int | None = None,
) -> InviteMessage:
    """The INVITE towards `target`: the first, or the one that answers a `challenge` of 401 or 407.

    `number` is called at `contact`, the URI of one; without it the contact itself, and a whole URI in its
    place needs none. `local` gives the client's own address of each family. Raises BadInput where the
    endpoint never sends to that target, and where what it sends is not known.
    """
    transport = sending_transport(config, endpoint, target)
    call = _Call(config, endpoint, _dialled(endpoint, contact, number), caller, local)
    own, _ = sent_by(transport, target, local, external=False)
    request_uri, routes, last = _routed(call)
    supplements = _supplements(call)
    tail = [("Route", route) for route in last]
    common = [
        ("Max-Forwards", str(config.global_.max_forwards)),
        ("User-Agent", config.global_.user_agent or USER_AGENT),
    ]
    headers = [*_dialog(call, transport, target), *[("Route", route) for route in routes]]
    headers += [*call.uri.headers, *_capabilities(endpoint, config)]
    if _names_caller(call) and caller.withheld and endpoint.send_pai:
        headers.append(("Privacy", "id"))  # RFC 3325 section 9.3 (`iv-withheld`)
    if challenge is not None:  # what modules add is put back behind the answer (`iv-auth`)
        name = "Proxy-Authorization" if challenge == 407 else "Authorization"
        headers += [*common, (name, authorization(config, endpoint, request_uri)), *supplements, *tail]
    else:
        headers += [*supplements, *tail, *common]
    headers += [("Content-Type", "application/sdp"), ("Content-Length", "<length>")]
    if config.system.compact_headers:
        headers = [(COMPACT.get(name, name), value) for name, value in headers]
    host = _media_host(endpoint, transport, target, own.strip("[]"))
    family = Family.of(host) if canonical_address(host) else target.transport.family
    body = offer(endpoint, host, family, compact=config.system.compact_headers)
    return InviteMessage(target, transport, request_uri, tuple(headers), body)


# ---------------------------------------------------------------- URIs


def _dialled(endpoint: Endpoint, contact: str, number: str) -> WrittenUri:
    """The URI that is called: the number takes the user's place, and leaves a password (`iv-targets`)."""
    if is_uri(number):
        return parts_of(number)
    parts = parts_of(contact)
    if not number:
        return parts
    _, colon, password = parts.user.partition(":")
    if endpoint.user_eq_phone and is_phone(number):
        others = tuple(p for p in parts.params if p[0].lower() != "user")
        parts = parts._replace(params=(("user", "phone"), *others))
    return parts._replace(user=f"{_user(number)}{colon}{password}")


def _user(text: str) -> str:
    """A number as the user of a URI: what cannot stand there is escaped, in lower case (`iv-numbers`)."""
    escaped = quote(text, safe=_USER)
    return re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), escaped) if escaped != text else text


def _routed(call: _Call) -> tuple[str, list[str], list[str]]:
    """The request URI, and the Routes it stands before or behind what modules add.

    A first proxy without `;lr` becomes the request URI, and what is called the last Route, which stands with
    others where there are any (`iv-hdrs`); one with `;hide` is no Route (`iv-options`).
    """
    dialled = spelt_uri(call.uri)
    proxies = [spelt_uri(parts_of(route)) for route in written_routes(call.endpoint.outbound_proxy)]
    shown = [f"<{proxy}>" for proxy in proxies if not re.search(r";hide(?:[;=]|$)", proxy)]
    if not proxies or re.search(r";lr(?:[;=]|$)", proxies[0]):
        _check_order(call, shown)
        return dialled, shown, []
    if len(shown) < len(proxies):
        raise BadInput("what hide of a strict router comes to is not known", where=_proxy(call))
    routes = [*shown[1:], f"<{dialled}>"]
    _check_order(call, routes[1:])
    return proxies[0], (routes if len(routes) > 1 else []), (routes if len(routes) == 1 else [])


def _check_order(call: _Call, routes: list[str]) -> None:
    if routes and call.uri.headers:
        what = "in what order Routes and the headers of a URI stand is not known"
        raise BadInput(what, where=_proxy(call))


def _proxy(call: _Call) -> str:
    return str(call.endpoint.where("outbound_proxy"))


# ---------------------------------------------------------------- who calls whom, from where


def _dialog(call: _Call, transport: Transport, target: Target) -> list[tuple[str, str]]:
    protocol = target.transport.protocol
    host, port = sent_by(transport, target, call.local)
    rport = "" if call.config.system.disable_rport else ";rport"
    alias = "" if protocol is Protocol.UDP else ";alias"
    return [
        ("Via", f"SIP/2.0/{protocol.upper()} {host}:{port}{rport};branch=<branch>{alias}"),
        ("From", f"{_from(call)};tag=<tag>"),
        ("To", f"<{spelt_identity(call.uri)}>"),
        ("Contact", _contact(call, protocol, host, port)),
        ("Call-ID", "<call-id>"),
        ("CSeq", "<number> INVITE"),
    ]


def _from(call: _Call) -> str:
    """From: a `from_user` hides the name; an anonymous caller has none (`iv-identity`, `iv-presentation`)."""
    endpoint, caller = call.endpoint, call.caller
    phone = ";user=phone" if endpoint.user_eq_phone and is_phone(endpoint.from_user) else ""
    if caller.is_anonymous:
        host = _domain(call, "anonymous.invalid")
        return f'"Anonymous" <sip:{endpoint.from_user or NOBODY}@{host}{phone}>'
    host = _domain(call, _own_host(call))
    if endpoint.from_user:
        return f"<sip:{endpoint.from_user}@{host}{phone}>"
    if not caller.number:
        return f"{_display(caller)}<sip:{call.config.global_.default_from_user}@{host}>"
    return _caller(call, host)


def _caller(call: _Call, host: str) -> str:
    phone = ";user=phone" if call.endpoint.user_eq_phone and call.caller.is_phone else ""
    number = call.caller.number
    user = number if number == SOMEBODY.number else _user(number)
    return f"{_display(call.caller)}<sip:{user}@{host}{phone}>"


def _display(caller: Caller) -> str:
    escaped = caller.name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}" ' if escaped else ""


def _domain(call: _Call, otherwise: str) -> str:
    """`from_domain`; one with a port counts as a whole for a host (`iv-caller`)."""
    domain = call.endpoint.from_domain
    return (f"[{domain}]" if ":" in domain and not domain.startswith("[") else domain) or otherwise


def _own_host(call: _Call) -> str:
    """The address in From: that of the endpoint's `transport`, else of the first that the URI alone would go
    through, a name over IPv4 (`iv-targets`, `iv-pins`); the host name where there is none (`iv-onlytcp`).
    """
    pinned = call.config.transports.get(call.endpoint.transport)
    protocol = next((v for n, v in call.uri.params if n.lower() == "transport"), "udp").lower()
    protocol = "tls" if call.uri.scheme == "sips" else protocol
    literal = canonical_address(call.uri.host.strip("[]"))
    family = Family.of(literal) if literal else Family.IPV4
    if pinned is None or pinned.type is None:
        if protocol not in set(Protocol):
            return HOST_NAME
        kind = TransportType(Protocol(protocol), family)
        pinned = next((t for t in call.config.bound.values() if t.type == kind), None)
    if pinned is None or pinned.type is None:
        return HOST_NAME
    address = pinned.bind_address
    address = call.local[pinned.type.family] if address in ("0.0.0.0", "::") else address
    return f"[{address}]" if ":" in address else address


def _contact(call: _Call, protocol: Protocol, host: str, port: int) -> str:
    """Contact: `contact_user`, else `from_user`, else the default; with `use_callerid_contact` the caller
    (`iv-identity`, `iv-fromuser`, `iv-callerid-contact`). A `sips:` of the first Route counts (`iv-v6proxy`).
    """
    routes = written_routes(call.endpoint.outbound_proxy)
    secure = call.uri.scheme == "sips" or (bool(routes) and routes[0].startswith("sips:"))
    over = "" if protocol is Protocol.UDP else f";transport={protocol.upper()}"
    return f"<{'sips' if secure else 'sip'}:{_contact_user(call)}@{host}:{port}{over}>"


def _contact_user(call: _Call) -> str:
    endpoint, global_ = call.endpoint, call.config.global_
    number = "" if call.caller.withheld else call.caller.number
    if endpoint.contact_user:
        return _user(endpoint.contact_user)
    if global_.use_callerid_contact:
        return number if number == SOMEBODY.number else _user(number) or NOBODY
    return spelt_user(endpoint.from_user) or global_.default_from_user


# ---------------------------------------------------------------- what the endpoint can and tells


def _capabilities(endpoint: Endpoint, config: Config) -> list[tuple[str, str]]:
    """Allow, Supported and what they bring (`iv-options`, `iv-global3`)."""
    reliable, timers = _word(endpoint, "100rel"), _word(endpoint, "timers")
    left_out = {
        word
        for word, wanted in (
            ("100rel", reliable != "no"),
            ("timer", timers != "no"),
            ("norefersub", config.global_.norefersub),
        )
        if not wanted
    }
    allow = ALLOW.replace(" PRACK,", "") if reliable == "no" else ALLOW
    required = [word for word, how in (("100rel", reliable), ("timer", timers)) if how == "required"]
    headers = [("Allow", allow), ("Supported", ", ".join(w for w in SUPPORTED if w not in left_out))]
    headers += [("Require", ", ".join(required))] if required else []
    if timers != "no":
        headers += [("Session-Expires", str(endpoint.timers_sess_expires))]
        headers += [("Min-SE", str(endpoint.timers_min_se))]
    return headers


def _word(endpoint: Endpoint, option: str) -> str:
    entry = endpoint.section.last(option)
    word = entry.value.lower() if entry else "yes"
    return "no" if word in FALSE_WORDS else word


def _supplements(call: _Call) -> list[tuple[str, str]]:
    """What modules add: who calls, where the number is known, and where it was before (`iv-options`)."""
    endpoint = call.endpoint
    headers = []
    if _names_caller(call):
        privacy = "full" if call.caller.withheld else "off"
        whole = _caller(call, _domain(call, _own_host(call)))
        if endpoint.send_pai:
            headers.append(("P-Asserted-Identity", whole))
        if endpoint.send_rpid:
            headers.append(("Remote-Party-ID", f"{whole};party=calling;privacy={privacy};screen=no"))
    if endpoint.send_history_info:
        headers.append(("History-Info", f"<{spelt_uri(call.uri)}>;index=1"))
    return headers


def _names_caller(call: _Call) -> bool:
    """Whether headers beside From may name the caller; a name alone is not told (`iv-caller`)."""
    return bool(call.caller.number) and (not call.caller.withheld or call.endpoint.trust_id_outbound)


def _media_host(endpoint: Endpoint, transport: Transport, target: Target, own: str) -> str:
    """Where sound is wanted: `media_address`, else the own address.

    An external address takes its place where the target is not local, unless `local_net` leaves out the
    address that it would replace (`iv-nat`, `iv-media`).
    """
    host = endpoint.media_address or own
    external = transport.external_media_address
    if not external or is_local(transport, target):
        return host
    if canonical_address(host) is None:
        return external
    networks = (read_network(text) for text in transport.local_net)
    covered = any(ipaddress.ip_address(host) in n.network for n in networks if n)
    return external if covered or not transport.local_net else host
