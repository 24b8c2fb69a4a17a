"""Every option of sip.conf, and what became of it in pjsip.conf: the one table, for `migrate` and `check`.

Rules of this file:
- a name of sip.conf stands once, in the order of the alphabet within its group;
- a row says what the option became (type, option, conversion) or why there is no equivalent, or both, where
  what it became depends on something else; how a value changes is `converters`';
- names are the public ones of chan_sip and res_pjsip.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from pjresolve.config.schema import schema
from pjresolve.migration.converters import (
    PRESENTATIONS,
    Converter,
    Pairs,
    at_least,
    boolean,
    codecs,
    contact,
    direct_media,
    domain,
    dtmf,
    fax,
    fax_detection,
    fixed,
    groups,
    mailboxes,
    moh_passthrough,
    nat,
    negated,
    networks,
    number,
    one_of,
    overlap,
    qualify,
    redirect,
    send_rpid,
    session_timers,
    shaped,
    tag_length,
    text,
    tos,
    user,
    variable,
    where_true,
)
from pjresolve.migration.without import WITHOUT

UNKNOWN = "chan_sip does not know it and passed over it"
MISNOMERS = MappingProxyType(
    {
        "authid": "defaultuser",
        "authname": "defaultuser",
        "authuser": "defaultuser",
        "dtmf": "dtmfmode",
        "passwd": "secret",
        "password": "secret",
        "user": "defaultuser",
    }
)
"""What people write for an option whose name is spelt otherwise altogether."""
PREFIXES = MappingProxyType({"jb": "jbenable", "cc_": "cc_agent_dialstring"})
"""Families of options of which one stands for all."""


@dataclass(frozen=True, slots=True)
class Name:
    """An option of sip.conf: it became `option` in a section of `type`; both are empty where it became none.

    `convert` is for its value. `alone`: the row is all that `migrate` needs to write it; what is not depends
    on other options, or on the section that it stands in. `reason` is what to say where it is not taken up.
    """

    old: str
    type: str = ""
    option: str = ""
    convert: Converter = text
    reason: str = ""
    alone: bool = True

    def pairs(self, value: str) -> Pairs:
        """What `old=value` became, as (option, value). Raises ValueError with the reason why nothing can."""
        new = self.convert(value)
        if isinstance(new, str):
            return [(self.option, new)] if new else []
        return new


def _context(old: str, type: str, option: str, convert: Converter = text, reason: str = "") -> Name:
    """A row of something that `migrate` writes together with its neighbours."""
    return Name(old, type, option, convert, reason, alone=False)


PATH = "support_path= of aor and registration, with res_pjsip_path"
NO_TLS = "no TLS transport is written, since tlsenable is off and nobody uses TLS"
TLS_METHODS = ("tlsv1", "sslv2", "sslv3", "sslv23")

ENDPOINT = (
    Name("accountcode", "endpoint", "accountcode"),
    Name("acl", "endpoint", "acl"),
    Name("allow", "endpoint", "allow", codecs),
    Name("allowoverlap", "endpoint", "allow_overlap", overlap),
    Name("allowsubscribe", "endpoint", "allow_subscribe", boolean),
    Name("allowtransfer", "endpoint", "allow_transfer", boolean),
    Name("autoframing", "endpoint", "use_ptime", boolean),
    Name("avpf", "endpoint", "use_avpf", boolean),
    Name("busylevel", "endpoint", "device_state_busy_at", number),
    Name("callerid", "endpoint", "callerid"),
    Name("callgroup", "endpoint", "call_group", groups),
    Name("callingpres", "endpoint", "callerid_privacy", one_of(*PRESENTATIONS)),
    Name("canreinvite", "endpoint", "direct_media", direct_media),
    _context("cid_number", "endpoint", "callerid", shaped("<{}>")),
    Name("cid_tag", "endpoint", "callerid_tag"),
    Name("contactacl", "endpoint", "contact_acl"),
    Name("contactdeny", "endpoint", "contact_deny", networks),
    Name("contactpermit", "endpoint", "contact_permit", networks),
    Name("context", "endpoint", "context"),
    Name("cos_audio", "endpoint", "cos_audio", number),
    Name("cos_video", "endpoint", "cos_video", number),
    Name("deny", "endpoint", "deny", networks),
    Name("directmedia", "endpoint", "direct_media", direct_media),
    Name("disallow", "endpoint", "disallow", codecs),
    Name("dtlsautogeneratecert", "endpoint", "dtls_auto_generate_cert", boolean),
    Name("dtlscafile", "endpoint", "dtls_ca_file"),
    Name("dtlscapath", "endpoint", "dtls_ca_path"),
    Name("dtlscertfile", "endpoint", "dtls_cert_file"),
    Name("dtlscipher", "endpoint", "dtls_cipher"),
    _context("dtlsenable", "endpoint", "media_encryption", where_true("dtls")),
    Name("dtlsfingerprint", "endpoint", "dtls_fingerprint", one_of("sha-1", "sha-256")),
    Name("dtlsprivatekey", "endpoint", "dtls_private_key"),
    Name("dtlsrekey", "endpoint", "dtls_rekey", number),
    Name("dtlssetup", "endpoint", "dtls_setup", one_of("active", "passive", "actpass", "holdconn")),
    Name("dtlsverify", "endpoint", "dtls_verify", one_of("yes", "no", "fingerprint", "certificate")),
    Name("dtmfmode", "endpoint", "dtmf_mode", dtmf),
    _context("encryption", "endpoint", "media_encryption", where_true("sdes")),
    Name("encryption_taglen", "endpoint", "srtp_tag_32", tag_length),
    Name("faxdetect", "endpoint", "fax_detect", fax_detection),
    Name("force_avp", "endpoint", "force_avp", boolean),
    _context("forcerport", "endpoint", "force_rport", boolean, "nat=force_rport has that meaning"),
    Name("fromdomain", "endpoint", "from_domain", domain),
    Name("fromuser", "endpoint", "from_user", user),
    _context("fullname", "endpoint", "callerid", shaped('"{}"')),
    Name("g726nonstandard", "endpoint", "g726_non_standard", boolean),
    Name("icesupport", "endpoint", "ice_support", boolean),
    Name("language", "endpoint", "language"),
    _context("mailbox", "endpoint", "mailboxes", mailboxes),
    Name("media_address", "endpoint", "media_address"),
    Name("mohinterpret", "endpoint", "moh_passthrough", moh_passthrough),
    Name("mohsuggest", "endpoint", "moh_suggest"),
    Name("mwi_from", "endpoint", "mwi_from_user", user),
    Name("namedcallgroup", "endpoint", "named_call_group"),
    Name("namedpickupgroup", "endpoint", "named_pickup_group"),
    Name("nat", "endpoint", "force_rport", nat),
    _context("outboundproxy", "endpoint", "outbound_proxy", shaped("sip:{};lr")),
    Name("outofcall_message_context", "endpoint", "message_context"),
    Name("permit", "endpoint", "permit", networks),
    Name("pickupgroup", "endpoint", "pickup_group", groups),
    Name("preferred_codec_only", "endpoint", "preferred_codec_only", boolean),
    Name("progressinband", "endpoint", "inband_progress", boolean),
    Name("promiscredir", "endpoint", "redirect_method", redirect),
    Name("recordofffeature", "endpoint", "record_off_feature"),
    Name("recordonfeature", "endpoint", "record_on_feature"),
    Name("rpid_immediate", "endpoint", "rpid_immediate", boolean),
    Name("rtcp_mux", "endpoint", "rtcp_mux", boolean),
    Name("rtp_engine", "endpoint", "rtp_engine"),
    _context("rtpengine", "endpoint", "rtp_engine", reason="chan_sip calls it rtp_engine"),
    Name("rtpholdtimeout", "endpoint", "rtp_timeout_hold", number),
    Name("rtpkeepalive", "endpoint", "rtp_keepalive", number),
    Name("rtptimeout", "endpoint", "rtp_timeout", number),
    Name("sdpowner", "endpoint", "sdp_owner"),
    Name("sdpsession", "endpoint", "sdp_session"),
    Name("send_diversion", "endpoint", "send_diversion", boolean),
    Name("sendrpid", "endpoint", "send_rpid", send_rpid),
    Name("session-expires", "endpoint", "timers_sess_expires", at_least(90)),
    Name("session-minse", "endpoint", "timers_min_se", at_least(90)),
    Name("session-timers", "endpoint", "timers", session_timers),
    Name("setvar", "endpoint", "set_var", variable),
    _context("srtpcapable", "endpoint", "media_encryption", where_true("sdes"), "encryption= says that"),
    Name("subscribecontext", "endpoint", "subscribe_context"),
    Name("t38pt_udptl", "endpoint", "t38_udptl", fax),
    Name("t38pt_usertpsource", "endpoint", "t38_udptl_nat", boolean),
    Name("tonezone", "endpoint", "tone_zone"),
    Name("tos_audio", "endpoint", "tos_audio", tos),
    Name("tos_video", "endpoint", "tos_video", tos),
    Name("trust_id_outbound", "endpoint", "trust_id_outbound", boolean),
    Name("trustrpid", "endpoint", "trust_id_inbound", boolean),
    Name("unsolicited_mailbox", "endpoint", "incoming_mwi_mailbox"),
    Name("usereqphone", "endpoint", "user_eq_phone", boolean),
    _context("vmexten", "endpoint", "voicemail_extension"),
)
PEER = (
    _context("callbackextension", "registration", "contact_user"),
    Name("defaultexpirey", "aor", "default_expiration", number),
    Name("defaultexpiry", "aor", "default_expiration", number),
    _context("defaultip", "aor", "contact", contact, "add contact=sip:ADDRESS to the aor"),
    _context("defaultuser", "auth", "username"),
    _context("host", "aor", "contact", contact),
    Name("maxexpirey", "aor", "maximum_expiration", number),
    Name("maxexpiry", "aor", "maximum_expiration", number),
    _context("md5secret", "auth", "md5_cred"),
    Name("minexpirey", "aor", "minimum_expiration", number),
    Name("minexpiry", "aor", "minimum_expiration", number),
    _context("port", "aor", "contact", shaped("sip:HOST:{}")),
    _context("qualify", "aor", "qualify_frequency", qualify),
    _context("qualifyfreq", "aor", "qualify_frequency", number),
    _context("register", "registration", "server_uri"),
    _context("registerattempts", "registration", "max_retries", number),
    _context("registertimeout", "registration", "retry_interval", number),
    _context("remotesecret", "auth", "password"),
    _context("secret", "auth", "password"),
    Name(
        "supportpath",
        "aor",
        "support_path",
        boolean,
        PATH,
    ),
    _context("username", "auth", "username", reason="the old name of defaultuser"),
)
TRANSPORT = (
    _context("bindaddr", "transport", "bind"),
    _context("bindport", "transport", "bind", shaped("0.0.0.0:{}")),
    Name("cos_sip", "transport", "cos", number),
    _context("externaddr", "transport", "external_signaling_address"),
    _context("externhost", "transport", "external_signaling_address"),
    _context("externip", "transport", "external_signaling_address"),
    Name("externtcpport", "transport", "external_signaling_port", number),
    Name("externtlsport", "transport", "external_signaling_port", number),
    Name("externudpport", "transport", "external_signaling_port", number),
    _context("localnet", "transport", "local_net"),
    _context("tcpbindaddr", "transport", "bind"),
    _context("tcpenable", "transport", "protocol", fixed("tcp")),
    _context("tlsbindaddr", "transport", "bind"),
    Name("tlscadir", "transport", "ca_list_path", reason=NO_TLS),
    Name("tlscafile", "transport", "ca_list_file", reason=NO_TLS),
    Name("tlscapath", "transport", "ca_list_path", reason=NO_TLS),
    Name("tlscertfile", "transport", "cert_file", reason=NO_TLS),
    _context("tlscipher", "transport", "cipher", reason=NO_TLS),
    _context("tlsclientmethod", "transport", "method", one_of(*TLS_METHODS), NO_TLS),
    Name("tlsdontverifyserver", "transport", "verify_server", negated, NO_TLS),
    _context("tlsenable", "transport", "protocol", fixed("tls")),
    Name("tlsprivatekey", "transport", "priv_key_file", reason=NO_TLS),
    Name("tlsverifyclient", "transport", "verify_client", boolean, NO_TLS),
    Name("tos_sip", "transport", "tos", tos),
    _context("udpbindaddr", "transport", "bind"),
)
EVERYWHERE = (
    Name("compactheaders", "system", "compact_headers", boolean, "compact_headers=yes in [system]"),
    Name("legacy_useroption_parsing", "global", "ignore_uri_user_options", boolean),
    Name("maxforwards", "global", "max_forwards", number, "max_forwards in [global] is for all"),
    Name("realm", "global", "default_realm"),
    Name("regcontext", "global", "regcontext"),
    Name("sipdebug", "global", "debug", boolean),
    Name("timerb", "system", "timer_b", number, "timer_b in [system] is for all"),
    Name("timert1", "system", "timer_t1", number, "timer_t1 in [system] is for all"),
    Name("useragent", "global", "user_agent"),
)
ROWS = (
    *ENDPOINT,
    *PEER,
    *TRANSPORT,
    *EVERYWHERE,
    *(Name(old, reason=reason) for old, reason in WITHOUT.items()),
)
NAMES = MappingProxyType({row.old: row for row in ROWS})
"""Every row by the name in sip.conf."""


def known(name: str) -> Name | None:
    """The row of an option by its lower-case name, or of the family that it belongs to."""
    family = next((stands for prefix, stands in PREFIXES.items() if name.startswith(prefix)), name)
    return NAMES.get(name) or NAMES.get(family)


def reason(name: str) -> str:
    """What to say of an option that was not taken up."""
    row = known(name)
    if row is not None:
        return row.reason or f"{row.option}= of type={row.type}"
    near = MISNOMERS.get(name) or next(iter(difflib.get_close_matches(name[:64], list(NAMES), 1, 0.75)), "")
    return f"{UNKNOWN}; did you mean {near}=?" if near else UNKNOWN


@cache
def foreign() -> dict[str, Name]:
    """The rows of names that no type of pjsip.conf has: whoever writes one there means sip.conf's."""
    known = {name for options in schema().values() for name in options}
    return {row.old: row for row in ROWS if row.old not in known}
