"""What sip.conf calls things, and what pjsip.conf calls them.

Rules of this file:
- one line is `OLD = TYPE OPTION`, or `OLD = TYPE OPTION=VALUE` where the value changes, or `OLD = ! words`
  where there is no such option;
- names are the public ones of chan_sip and res_pjsip.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

TABLE = """
accept_outofcall_message = ! nothing to set: MESSAGE goes to message_context of the endpoint
allowexternaldomains = ! no equivalent
allowguest = ! an endpoint called anonymous
allowoverlap = endpoint allow_overlap
allowsubscribe = endpoint allow_subscribe
allowtransfer = endpoint allow_transfer
alwaysauthreject = ! it is always so
authuser = auth username
autodomain = ! no equivalent
autoframing = endpoint use_ptime
avpf = endpoint use_avpf
bindaddr = transport bind
bindport = transport bind
busylevel = endpoint device_state_busy_at
call-limit = endpoint device_state_busy_at
callbackextension = registration contact_user
callcounter = ! it is always on
callgroup = endpoint call_group
callingpres = endpoint callerid_privacy
canreinvite = endpoint direct_media
cid_number = endpoint callerid
cid_tag = endpoint callerid_tag
compactheaders = system compact_headers
contactacl = endpoint contact_acl
contactdeny = endpoint contact_deny
contactpermit = endpoint contact_permit
cos_sip = transport cos
defaultexpirey = aor default_expiration
defaultexpiry = aor default_expiration
defaultip = aor contact
defaultuser = auth username
directmedia = endpoint direct_media
directmediaacl = ! no equivalent
directmediadeny = ! no equivalent
directmediapermit = ! no equivalent
domain = domain_alias domain
dtlscafile = endpoint dtls_ca_file
dtlscapath = endpoint dtls_ca_path
dtlscertfile = endpoint dtls_cert_file
dtlscipher = endpoint dtls_cipher
dtlsenable = endpoint media_encryption=dtls
dtlsfingerprint = endpoint dtls_fingerprint
dtlsprivatekey = endpoint dtls_private_key
dtlsrekey = endpoint dtls_rekey
dtlssetup = endpoint dtls_setup
dtlsverify = endpoint dtls_verify
dtmfmode = endpoint dtmf_mode
encryption = endpoint media_encryption=sdes
encryption_taglen = endpoint srtp_tag_32
externaddr = transport external_signaling_address
externhost = transport external_signaling_address
externip = transport external_signaling_address
externtcpport = transport external_signaling_port
externtlsport = transport external_signaling_port
faxdetect = endpoint fax_detect
forcerport = endpoint force_rport
fromdomain = endpoint from_domain
fromuser = endpoint from_user
g726nonstandard = endpoint g726_non_standard
hassip = ! no equivalent
host = aor contact
icesupport = endpoint ice_support
ignoreregexpire = ! no equivalent
insecure = ! leave auth= out of the endpoint, and give it an identify section
keepalive = global keep_alive_interval
language = endpoint language
localnet = transport local_net
mailbox = endpoint mailboxes
maxcallbitrate = ! no equivalent
maxexpirey = aor maximum_expiration
maxexpiry = aor maximum_expiration
maxforwards = global max_forwards
md5secret = auth md5_cred
minexpirey = aor minimum_expiration
minexpiry = aor minimum_expiration
mohinterpret = ! no equivalent
mohsuggest = endpoint moh_suggest
mwi_from = endpoint mwi_from_user
mwiexpiry = ! no equivalent
namedcallgroup = endpoint named_call_group
namedpickupgroup = endpoint named_pickup_group
nat = endpoint force_rport
notifyringing = endpoint notify_early_inuse_ringing
outboundproxy = endpoint outbound_proxy
outofcall_message_context = endpoint message_context
parkinglot = ! no equivalent
pickupgroup = endpoint pickup_group
port = aor contact
progressinband = endpoint inband_progress
promiscredir = endpoint redirect_method
qualify = aor qualify_frequency
qualifyfreq = aor qualify_frequency
recordhistory = ! no equivalent
recordofffeature = endpoint record_off_feature
recordonfeature = endpoint record_on_feature
regexten = ! no equivalent
register = registration server_uri
registerattempts = registration max_retries
registertimeout = registration retry_interval
remotesecret = auth password
rfc2833compensate = ! no equivalent
rpid_update = endpoint send_rpid
rtpengine = endpoint rtp_engine
rtpholdtimeout = endpoint rtp_timeout_hold
rtpkeepalive = endpoint rtp_keepalive
rtptimeout = endpoint rtp_timeout
rtupdate = ! no equivalent
sdpowner = endpoint sdp_owner
sdpsession = endpoint sdp_session
secret = auth password
sendrpid = endpoint send_rpid
session-expires = endpoint timers_sess_expires
session-minse = endpoint timers_min_se
session-refresher = ! no equivalent
session-timers = endpoint timers
setvar = endpoint set_var
sipdebug = global debug
srtpcapable = endpoint media_encryption=sdes
srvlookup = identify srv_lookups
subscribecontext = endpoint subscribe_context
subscribemwi = endpoint aggregate_mwi
supportpath = aor support_path
t1min = system timer_t1
t38pt_udptl = endpoint t38_udptl
t38pt_usertpsource = endpoint t38_udptl_nat
tcpbindaddr = transport bind
tcpenable = transport protocol=tcp
textsupport = ! no equivalent
timerb = system timer_b
timert1 = system timer_t1
tlsbindaddr = transport bind
tlscadir = transport ca_list_path
tlscafile = transport ca_list_file
tlscapath = transport ca_list_path
tlscertfile = transport cert_file
tlscipher = transport cipher
tlsclientmethod = transport method
tlsdontverifyserver = transport verify_server
tlsenable = transport protocol=tls
tlsprivatekey = transport priv_key_file
tlsverifyclient = transport verify_client
tonezone = endpoint tone_zone
tos_sip = transport tos
trunkname = ! no equivalent
trustrpid = endpoint trust_id_inbound
udpbindaddr = transport bind
unsolicited_mailbox = endpoint incoming_mwi_mailbox
useragent = global user_agent
usereqphone = endpoint user_eq_phone
username = auth username
videosupport = ! allow= a video codec
vmexten = endpoint voicemail_extension
"""
TYPES = ("friend", "peer", "user")
"""sip.conf's values of `type`: each becomes an endpoint, an aor and an auth section."""
SECRETS = ("secret", "remotesecret", "md5secret")
"""Options whose value is not shown."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """What became of an option: `option` of `type`, or `words` where there is none."""

    type: str = ""
    option: str = ""
    value: str = ""
    words: str = ""

    def line(self, old: str, value: str) -> str:
        """The line to write for `old=value`."""
        if old in SECRETS:
            value = "…"
        if old == "tlsdontverifyserver":
            value = "no" if value.lower() in ("yes", "true", "1", "on", "y", "t") else "yes"
        if self.option == "contact":
            value = f"sip:{value}" if old != "port" else f"sip:HOST:{value}"
        if self.option == "qualify_frequency" and not value.isdigit():
            value = "0" if value.lower() in ("no", "false", "off") else "60"
        return f"{self.option}={self.value or value}"


@cache
def renamed() -> dict[str, Renamed]:
    """Every option of sip.conf that is called differently, by its old name."""
    out: dict[str, Renamed] = {}
    for line in TABLE.strip().splitlines():
        old, _, new = line.partition(" = ")
        kind, _, rest = new.partition(" ")
        option, _, value = rest.partition("=")
        out[old] = Renamed(words=rest) if kind == "!" else Renamed(kind, option, value)
    return out
