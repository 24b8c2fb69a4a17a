"""pjsip.conf as Asterisk holds it once loaded: typed objects, and those that it refuses.

Rules of this file:
- a field is named after its option, and its default is Asterisk 22's;
- a value that Asterisk corrects is corrected, an object that it refuses is a Refusal and nothing else;
- what depends on the machine (files, addresses, host names) is not judged here;
- what depends on several objects, such as a registration without a transport of its type, is the stack's.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from pjresolve.config.loading import Refusal, load_sections
from pjresolve.config.reader import Document, Section, read, read_text
from pjresolve.config.schema import Option, decimal, integer, schema, truth
from pjresolve.config.values import parse_bind, split_list
from pjresolve.errors import Location, printable
from pjresolve.model import Family, Protocol, TransportType

TIMER_T1_LEAST = 100
"""Milliseconds that a lower `timer_t1` is raised to."""
TIMER_B_LEAST = 64
"""Times `timer_t1` that a lower `timer_b` is raised to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """What every object has: its name and the section that it comes from."""

    name: str
    section: Section

    def where(self, option: str) -> Location:
        """The line of the option that counts, or of the section where it is not written."""
        entry = self.section.last(option)
        return entry.where if entry else self.section.where

    def written(self, option: str) -> bool:
        """Whether the file gives the option at all, rather than leaving it at its default."""
        return self.section.last(option) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Transport(Object):
    """`type=transport`: one listening socket.

    `protocol` is udp, tcp, tls, ws, wss or flow. `type` is None for the last three; a `bind` that is a
    host name counts as IPv4. `bind_address` has no brackets, and is 0.0.0.0 where `bind` names no host;
    `bind_port` is the protocol's default where none, or 0, is given. `method` is lower-case, empty for none.
    """

    protocol: str = "udp"
    bind: str = ""
    bind_address: str = ""
    bind_port: int = 0
    type: TransportType | None = None
    method: str = ""
    verify_server: bool = False
    verify_client: bool = False
    require_client_cert: bool = False
    allow_wildcard_certs: bool = False
    ca_list_file: str = ""
    ca_list_path: str = ""
    cert_file: str = ""
    priv_key_file: str = ""
    cipher: tuple[str, ...] = ()
    local_net: tuple[str, ...] = ()
    external_media_address: str = ""
    external_signaling_address: str = ""
    external_signaling_port: int = 0
    domain: str = ""
    symmetric_transport: bool = False
    allow_reload: bool = False
    tcp_keepalive_enable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration(Object):
    """`type=registration`. Intervals and `expiration` in seconds."""

    server_uri: str = ""
    client_uri: str = ""
    contact_user: str = ""
    contact_header_params: str = ""
    transport: str = ""
    outbound_proxy: str = ""
    outbound_auth: tuple[str, ...] = ()
    expiration: int = 3600
    retry_interval: int = 60
    forbidden_retry_interval: int = 0
    fatal_retry_interval: int = 0
    max_retries: int = 10
    auth_rejection_permanent: bool = True
    max_random_initial_delay: int = 10
    line: bool = False
    endpoint: str = ""
    support_path: bool = False
    support_outbound: bool = False
    security_negotiation: str = "no"
    security_mechanisms: tuple[str, ...] = ()
    user_agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint(Object):
    """`type=endpoint`, as far as transports, addresses and identity go."""

    transport: str = ""
    aors: tuple[str, ...] = ()
    auth: tuple[str, ...] = ()
    outbound_auth: tuple[str, ...] = ()
    outbound_proxy: str = ""
    context: str = "default"
    from_user: str = ""
    from_domain: str = ""
    identify_by: tuple[str, ...] = ("username", "ip")
    rtp_ipv6: bool = False
    media_address: str = ""
    media_encryption: str = "no"
    media_encryption_optimistic: bool = False
    direct_media: bool = True
    force_rport: bool = True
    rewrite_contact: bool = False
    rtp_symmetric: bool = False
    webrtc: bool = False
    allow: tuple[str, ...] = ()
    disallow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    permit: tuple[str, ...] = ()
    acl: tuple[str, ...] = ()
    contact_deny: tuple[str, ...] = ()
    contact_permit: tuple[str, ...] = ()
    contact_acl: tuple[str, ...] = ()
    contact_user: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aor(Object):
    """`type=aor`. Times in seconds; `contact` holds every URI of every line."""

    contact: tuple[str, ...] = ()
    max_contacts: int = 0
    default_expiration: int = 3600
    minimum_expiration: int = 60
    maximum_expiration: int = 7200
    qualify_frequency: int = 0
    qualify_timeout: float = 3.0
    remove_existing: bool = False
    outbound_proxy: str = ""
    support_path: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth(Object):
    """`type=auth`. Secrets stay in the section: only whether there is one is told here."""

    auth_type: str = "digest"
    username: str = ""
    realm: str = ""
    nonce_lifetime: int = 32
    has_secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Identify(Object):
    """`type=identify`. `match` holds every address, network and host name of every line."""

    endpoint: str = ""
    match: tuple[str, ...] = ()
    match_header: str = ""
    match_request_uri: str = ""
    srv_lookups: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class System(Object):
    """`type=system`. Timers in milliseconds, after Asterisk's corrections (recording `timers`)."""

    timer_t1: int = 500
    timer_b: int = 32000
    disable_tcp_switch: bool = True
    compact_headers: bool = False
    disable_rport: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Global(Object):
    """`type=global`. Times in seconds; an empty `user_agent` stands for Asterisk's own."""

    user_agent: str = ""
    max_forwards: int = 70
    keep_alive_interval: int = 90
    default_from_user: str = "asterisk"
    default_realm: str = "asterisk"
    default_outbound_endpoint: str = "default_outbound_endpoint"
    endpoint_identifier_order: tuple[str, ...] = ("ip", "username", "anonymous")
    norefersub: bool = True
    debug: str = "no"


@dataclass(frozen=True, slots=True)
class Config:
    """The objects of one configuration by name, in file order, and the refused ones."""

    document: Document
    transports: dict[str, Transport]
    registrations: dict[str, Registration]
    endpoints: dict[str, Endpoint]
    aors: dict[str, Aor]
    auths: dict[str, Auth]
    identifies: dict[str, Identify]
    system: System
    global_: Global
    refusals: tuple[Refusal, ...]

    def refusal(self, type: str, name: str) -> Refusal | None:
        """Why the object of that type and name was refused, or None."""
        return next((r for r in self.refusals if r.type == type and r.name == name), None)


def load(document: Document) -> Config:
    """The objects that Asterisk creates from a document."""
    sections, refusals = load_sections(document)
    transports = _transports(sections["transport"], refusals)
    return Config(
        document=document,
        transports=transports,
        registrations={
            n: Registration(**_values("registration", s)) for n, s in sections["registration"].items()
        },
        endpoints={n: Endpoint(**_values("endpoint", s)) for n, s in sections["endpoint"].items()},
        aors={n: Aor(**_values("aor", s)) for n, s in sections["aor"].items()},
        auths={n: _auth(s) for n, s in sections["auth"].items()},
        identifies={n: Identify(**_values("identify", s)) for n, s in sections["identify"].items()},
        system=_system(_only("system", sections["system"], document)),
        global_=Global(**_values("global", _only("global", sections["global"], document))),
        refusals=tuple(refusals),
    )


def load_text(text: str, *, name: str = "pjsip.conf", config_dir: Path | None = None) -> Config:
    """The objects of a configuration text. Raises BadInput as `reader.read_text` does."""
    return load(read_text(text, name=name, config_dir=config_dir))


def load_path(path: str | Path, *, config_dir: Path | None = None) -> Config:
    """The objects of a configuration file. Raises BadInput as `reader.read` does."""
    return load(read(path, config_dir=config_dir))


# ---------------------------------------------------------------- from sections to values


_CLASSES: dict[str, type[Object]] = {
    "transport": Transport,
    "registration": Registration,
    "endpoint": Endpoint,
    "aor": Aor,
    "auth": Auth,
    "identify": Identify,
    "system": System,
    "global": Global,
}


@cache
def _wanted(kind: str) -> dict[str, Option]:
    names = {f.name for f in fields(_CLASSES[kind])} - {"name", "section", "type"}
    return {lower: o for lower, o in schema()[kind].items() if o.name in names}


def _values(kind: str, section: Section) -> dict[str, Any]:
    """The arguments for the type's class: what the section writes, converted. The rest is the defaults'."""
    out: dict[str, Any] = {"name": section.name, "section": section}
    wanted = _wanted(kind)
    for entry in section.entries:
        found = wanted.get(entry.name.lower())
        if found is not None:
            out[found.name] = _convert(found, entry.value, out.get(found.name, ()))
    return out


def _convert(option: Option, value: str, before: Any) -> Any:
    match option.kind:
        case "bool":
            return truth(value)
        case "uint" | "int":
            return integer(value) or 0
        case "float":
            return decimal(value) or 0.0
        case "names":
            return split_list(value)
        case "list" | "uris":
            return (*before, *split_list(value))
        case "enum":
            return value.lower()
    return value


def _transports(sections: dict[str, Section], refusals: list[Refusal]) -> dict[str, Transport]:
    """The transports in file order; one whose socket an earlier one holds is refused."""
    out: dict[str, Transport] = {}
    for name, section in sections.items():
        transport = _transport(section)
        if any(_collide(transport, other) for other in out.values()):
            message = f"Transport '{printable(name)}' could not be started: Address already in use"
            refusals.append(Refusal("transport", name, transport.where("bind"), message))
        else:
            out[name] = transport
    return out


def _transport(section: Section) -> Transport:
    values = _values("transport", section)
    host, port = parse_bind(values.get("bind", "")) or ("", 0)
    protocol = values.get("protocol", "udp")
    flavour = Protocol(protocol) if protocol in set(Protocol) else None
    values["bind_address"] = host or "0.0.0.0"
    values["bind_port"] = port or (flavour.default_port if flavour else 0)
    values["type"] = TransportType(flavour, Family.of(host)) if flavour else None
    return Transport(**values)


def _collide(late: Transport, early: Transport) -> bool:
    """Whether `late` is refused since `early` has its socket. TLS never is: it loads, and does not listen."""
    if late.type is None or early.type is None or late.type.protocol is Protocol.TLS:
        return False
    over_udp = [t.protocol is Protocol.UDP for t in (late.type, early.type)]
    if over_udp[0] != over_udp[1] or late.type.family is not early.type.family:
        return False
    any_address = "::" if late.type.family is Family.IPV6 else "0.0.0.0"
    addresses = (late.bind_address, early.bind_address)
    return late.bind_port == early.bind_port and (addresses[0] == addresses[1] or any_address in addresses)


def _auth(section: Section) -> Auth:
    secrets = ("password", "md5_cred", "password_digest", "refresh_token")
    has_secret = any((e := section.last(s)) is not None and e.value for s in secrets)
    return Auth(**_values("auth", section), has_secret=has_secret)


def _only(kind: str, sections: dict[str, Section], document: Document) -> Section:
    """The section that counts of a type of which Asterisk uses one, or an empty one."""
    if sections:
        return sections[min(sections)]
    file = document.files[0] if document.files else ""
    return Section(kind, Location(file), False, (), (), ())


def _system(section: Section) -> System:
    values = _values("system", section)
    t1 = max(values.get("timer_t1", 500), TIMER_T1_LEAST)
    values["timer_t1"] = t1
    values["timer_b"] = max(values.get("timer_b", 32000), TIMER_B_LEAST * t1)
    return System(**values)
