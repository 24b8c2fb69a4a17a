"""The objects of pjsip.conf, one class a type.

Rules of this file:
- a field is named after its option, and its default is Asterisk 22's;
- only options that something reads have a field: the section holds them all;
- an object knows the line of each of its options.
"""

from __future__ import annotations

from dataclasses import dataclass

from pjresolve.config.sections import Section
from pjresolve.errors import Location
from pjresolve.model import TransportType


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
    cipher: tuple[str, ...] = ()
    verify_server: bool = False
    allow_wildcard_certs: bool = False
    ca_list_file: str = ""
    ca_list_path: str = ""
    cert_file: str = ""
    priv_key_file: str = ""
    local_net: tuple[str, ...] = ()
    external_media_address: str = ""
    external_signaling_address: str = ""
    external_signaling_port: int = 0
    domain: str = ""


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
    from_domain: str = ""
    identify_by: tuple[str, ...] = ("username", "ip")
    rtp_ipv6: bool = False
    direct_media: bool = True
    media_encryption: str = "no"
    webrtc: bool = False
    allow: tuple[str, ...] = ()
    deny: tuple[str, ...] = ()
    permit: tuple[str, ...] = ()
    acl: tuple[str, ...] = ()
    contact_deny: tuple[str, ...] = ()
    contact_permit: tuple[str, ...] = ()
    contact_acl: tuple[str, ...] = ()
    contact_user: str = ""
    allow_unauthenticated_options: bool = False
    device_state_busy_at: int = 0
    callerid: str = ""
    from_user: str = ""
    send_pai: bool = False
    send_rpid: bool = False
    send_history_info: bool = False
    trust_id_outbound: bool = False
    user_eq_phone: bool = False
    timers: str = "yes"
    timers_min_se: int = 90
    timers_sess_expires: int = 1800
    dtmf_mode: str = "rfc4733"
    media_address: str = ""
    media_encryption_optimistic: bool = False
    srtp_tag_32: bool = False
    dtls_fingerprint: str = "SHA-256"
    dtls_setup: str = "active"
    use_avpf: bool = False
    rtcp_mux: bool = False
    sdp_owner: str = "-"
    sdp_session: str = "Asterisk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aor(Object):
    """`type=aor`. Times in seconds; `contact` holds every URI of every line."""

    contact: tuple[str, ...] = ()
    max_contacts: int = 0
    qualify_frequency: int = 0
    qualify_timeout: float = 3.0
    qualify_2xx_only: bool = False
    authenticate_qualify: bool = False
    remove_existing: bool = False
    outbound_proxy: str = ""
    support_path: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Auth(Object):
    """`type=auth`. Secrets stay in the section."""

    auth_type: str = "digest"
    username: str = ""
    realm: str = ""
    supported_algorithms_uac: tuple[str, ...] = ()


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
    compact_headers: bool = False
    disable_rport: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Global(Object):
    """`type=global`. Times in seconds; an empty `user_agent` stands for Asterisk's own."""

    user_agent: str = ""
    max_forwards: int = 70
    keep_alive_interval: int = 90
    default_realm: str = "asterisk"
    default_auth_algorithms_uac: tuple[str, ...] = ("MD5",)
    endpoint_identifier_order: str = "ip,username,anonymous"
    default_from_user: str = "asterisk"
    use_callerid_contact: bool = False
    norefersub: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Acl(Object):
    """`type=acl`: who may send anything at all. Its networks stay in the section, in their order."""
