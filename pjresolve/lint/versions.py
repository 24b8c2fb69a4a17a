"""Versions of Asterisk, as far as rules tell them apart, and with which of them an option came.

Rules of this file:
- an option is said to be missing only where the version is older than the first of any branch that has it;
- each line of the table names its source: `changes` is Asterisk's CHANGES file, `docs` the versions that its
  documentation of pjsip.conf gives an option, `log` a release's ChangeLog, `pull` the change's own page;
- an option that is not in the table is taken to be as old as res_pjsip.
"""

from __future__ import annotations

from functools import cache

Version = tuple[int, ...]
CURRENT: Version = (22,)
"""The version that is assumed unless another is named."""
_NEWEST = 10**6
_OFFSETS = {13: 0, 14: 11, 15: 17, 16: 23, 17: 29, 18: 37, 19: 45, 20: 52, 21: 57, 22: 62, 23: 68}
"""What is added to a minor version to make the branches' releases of one day equal: 13.26 and 16.3, 18.12 and
19.4, 20.12, 21.7 and 22.2 came out together."""
_LAST = {13: 38, 14: 7, 15: 7, 16: 30, 17: 9, 18: 26, 19: 8, 21: 12}
"""The last minor version of each branch that is closed."""

_TABLE = """
13.1 changes endpoint media_encryption_optimistic
13.2 changes transport ca_list_path
13.3 changes global endpoint_identifier_order
13.4 changes endpoint rpid_immediate
13.4 changes aor qualify_timeout
13.4 changes global max_initial_qualify_time
13.7 changes registration fatal_retry_interval
13.8 changes transport allow_reload
13.8 changes global regcontext unidentified_request_count unidentified_request_period
13.8 changes global unidentified_request_prune_interval
13.8 changes endpoint bind_rtp_to_media_address identify_by=auth_username
13.9 changes global disable_multi_domain
13.9 changes outbound-publish transport
13.10 changes endpoint acl deny permit contact_acl contact_deny contact_permit
13.11 docs endpoint fax_detect_timeout
13.12 changes endpoint contact_user
13.12 changes global ignore_uri_user_options mwi_disable_initial_unsolicited
13.12 changes global mwi_tps_queue_high mwi_tps_queue_low
13.13 changes endpoint asymmetric_rtp_codec
13.14 changes identify srv_lookups
13.15 changes endpoint allow_overlap preferred_codec_only rtcp_mux
13.15 changes identify match_header
13.15 changes transport symmetric_transport
13.17 changes endpoint notify_early_inuse_ringing refer_blind_progress
13.18 changes endpoint incoming_mwi_mailbox
13.19 changes endpoint identify_by=ip
13.22 changes endpoint accept_multiple_sdp_answers follow_early_media_fork
13.22 changes system accept_multiple_sdp_answers follow_early_media_fork
13.23 changes endpoint suppress_q850_reason_headers
13.24 changes endpoint send_connected_line trust_connected_line
13.24 docs endpoint mwi_subscribe_replaces_unsolicited
13.24 docs global use_callerid_contact
13.25 changes global send_contact_status_on_update_registration
13.26 changes endpoint ignore_183_without_sdp
13.26 changes global taskprocessor_overload_trigger
13.27 docs global norefersub
13.35 docs system disable_rport
13.38 docs endpoint send_history_info
15.0 docs endpoint bundle max_audio_streams max_video_streams webrtc
15.2 changes endpoint dtls_auto_generate_cert
17.0 docs auth oauth_clientid oauth_secret refresh_token
18.0 docs endpoint codec_prefs_incoming_answer codec_prefs_incoming_offer codec_prefs_outgoing_answer
18.0 docs endpoint codec_prefs_outgoing_offer
18.4 changes endpoint allow_unauthenticated_options
18.8 changes aor remove_unavailable
18.8 changes endpoint t38_bind_udptl_to_media_address
18.12 docs endpoint stir_shaken_profile
18.12 docs global allow_sending_180_after_183
18.14 docs endpoint geoloc_incoming_call_profile geoloc_outgoing_call_profile
18.14 docs transport allow_wildcard_certs
18.16 docs endpoint send_aoc
18.16 docs global all_codecs_on_empty_reinvite
18.17 docs endpoint overlap_context
18.23 docs transport tcp_keepalive_enable tcp_keepalive_idle_time tcp_keepalive_interval_time
18.23 docs transport tcp_keepalive_probe_count
18.25 docs endpoint tenantid
20.11 docs endpoint suppress_moh_on_sendonly
20.12 docs aor qualify_2xx_only
20.12 docs auth password_digest supported_algorithms_uac supported_algorithms_uas
20.12 docs global default_auth_algorithms_uac default_auth_algorithms_uas
20.17 docs system taskpool_auto_increment taskpool_idle_timeout taskpool_initial_size taskpool_max_size
20.17 docs system taskpool_minimum_size
20.20 log endpoint rtp_port_end rtp_port_start
20.21 pull transport external_signaling_hostname
21.0 docs endpoint security_mechanisms security_negotiation
"""
"""First version, source, type, then options of that type, or an option's value: `identify_by=ip`."""


def opens_dual_stack(version: Version) -> bool:
    """Whether an Asterisk of this version was released before 2017 and opens `[::]` for IPv4, too."""
    major, minor = version[0], version[1] if len(version) > 1 else _NEWEST
    return major < 13 or ((major, minor) < (13, 14) and major == 13) or (major == 14 and minor < 3)


@cache
def firsts() -> dict[tuple[str, str], Version]:
    """The first version that has an option, by type and option; or by type and `option=value`."""
    out: dict[tuple[str, str], Version] = {}
    for line in _TABLE.strip().splitlines():
        version, _, kind, *names = line.split()
        out.update({(kind, name): tuple(int(part) for part in version.split(".")) for name in names})
    return out


def first_version(kind: str, option: str, value: str = "") -> Version | None:
    """The first version that has the option, or takes `value` for it; None where it always was."""
    name = option.lower()
    return firsts().get((kind, f"{name}={value.lower()}") if value else (kind, name))


def has(version: Version, first: Version | None) -> bool:
    """Whether a version may have what came with another. A new branch has it from its first release on, an
    old one from the release of the same day on. A version without a minor part is the newest of its branch.
    """
    if first is None:
        return True
    if first[1] == 0:
        return version[0] >= first[0]
    return _moment(version) >= _moment(first)


def is_newer(line: str, version: Version) -> bool:
    """Whether a line `option=value` holds what this version does not have, in a section of some type."""
    name, _, values = line.partition(";")[0].lower().partition("=")
    wanted = {name.strip(), *(f"{name.strip()}={value.strip()}" for value in values.split(","))}
    return any(known in wanted and not has(version, first) for (_, known), first in firsts().items())


def _moment(version: Version) -> int:
    """A number that is higher for later releases, and equal for those of one day."""
    major = version[0]
    if major not in _OFFSETS:
        return -1 if major < min(_OFFSETS) else _NEWEST
    last = _LAST.get(major, _NEWEST)
    return _OFFSETS[major] + (min(version[1], last) if len(version) > 1 else last)


def spelt(version: Version) -> str:
    """`13.10`."""
    return ".".join(map(str, version))


def releases(first: Version) -> str:
    """What came with `first`, in the branches that had a release on that day: `20.21, 22.11 and 23.5`."""
    if first[1] == 0:
        return spelt(first)
    moment = _moment(first)
    found = [
        f"{major}.{minor}"
        for major, offset in _OFFSETS.items()
        if 0 < (minor := moment - offset) <= _LAST.get(major, _NEWEST)
    ]
    return " and ".join(filter(None, [", ".join(found[:-1]), found[-1]]))
