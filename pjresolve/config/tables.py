"""The options of each `type` in pjsip.conf, as data: Asterisk 22.10.1's names, kinds, defaults and choices.

Rules of this file:
- one line is `KIND [CHOICES] [= DEFAULT]: NAMES`; an indented line continues the one above;
- names, defaults and accepted words are those that the running program shows and takes;
- a type that is not here is one that Asterisk passes over in silence, as it does with `contact` and
  `subscription_persistence`, which it keeps elsewhere.
"""

TABLES = """
[transport]
bool = no: allow_reload allow_wildcard_certs require_client_cert symmetric_transport tcp_keepalive_enable
    verify_client verify_server
enum default|unspecified|tlsv1|tlsv1_1|tlsv1_2|tlsv1_3|sslv2|sslv3|sslv23: method
enum udp|tcp|tls|ws|wss|flow = udp: protocol
uint = 0: cos external_signaling_port
uint = 1: async_operations
uint = 100: websocket_write_timeout
int = 1: tcp_keepalive_interval_time
int = 30: tcp_keepalive_idle_time
int = 5: tcp_keepalive_probe_count
list: cipher local_net
file: ca_list_file ca_list_path cert_file priv_key_file
str: bind domain external_media_address external_signaling_address password
str = 0: tos
[registration]
bool = no: line support_outbound support_path
bool = yes: auth_rejection_permanent
enum no|mediasec = no: security_negotiation
uint = 0: fatal_retry_interval forbidden_retry_interval
uint = 10: max_random_initial_delay max_retries
uint = 3600: expiration
uint = 60: retry_interval
uri: client_uri outbound_proxy server_uri
names: outbound_auth
list: security_mechanisms
str: contact_header_params contact_user endpoint transport user_agent
[endpoint]
bool = no: accept_multiple_sdp_answers allow_unauthenticated_options asymmetric_rtp_codec
    bind_rtp_to_media_address bundle disable_direct_media_on_nat dtls_auto_generate_cert fax_detect
    force_avp g726_non_standard ice_support ignore_183_without_sdp inband_progress
    media_encryption_optimistic media_use_received_transport moh_passthrough
    mwi_subscribe_replaces_unsolicited notify_early_inuse_ringing one_touch_recording preferred_codec_only
    rewrite_contact rpid_immediate rtcp_mux rtp_ipv6 rtp_symmetric send_aoc send_history_info send_pai
    send_rpid srtp_tag_32 stir_shaken suppress_moh_on_sendonly suppress_q850_reason_headers
    t38_bind_udptl_to_media_address t38_udptl t38_udptl_ipv6 t38_udptl_nat trust_id_inbound
    trust_id_outbound use_avpf use_ptime user_eq_phone webrtc
bool = yes: aggregate_mwi allow_overlap allow_subscribe allow_transfer direct_media follow_early_media_fork
    force_rport refer_blind_progress send_connected_line send_diversion trust_connected_line
enum invite|update|reinvite = invite: connected_line_method direct_media_method
enum local|local_first|remote|remote_first = local: incoming_call_offer_pref
enum no|mediasec = no: security_negotiation
enum no|sdes|dtls = no: media_encryption
enum yes|no|fingerprint|certificate = no: dtls_verify
enum none|fec|redundancy = none: t38_udptl_ec
enum none|outgoing|incoming = none: direct_media_glare_mitigation
enum local_merge|remote_merge|local|local_first|remote|remote_first = remote_merge: outgoing_call_offer_pref
enum none|auto|info|auto_info|rfc4733|inband = rfc4733: dtmf_mode
enum uri_core|uri_pjsip|user = user: redirect_method
enum yes|no|always|forced|required|bool = yes: timers
enum yes|no|required|peer_supported|bool = yes: 100rel
uint = 0: cos_audio cos_video device_state_busy_at fax_detect_timeout rtp_keepalive rtp_port_end
    rtp_port_start rtp_timeout rtp_timeout_hold sub_min_expiry t38_udptl_maxdatagram
uint = 1: max_audio_streams max_video_streams
uint = 1800: timers_sess_expires
uint = 90: timers_min_se
uri: outbound_proxy
names: aors auth mailboxes outbound_auth
names username|auth_username|ip|header|request_uri = username,ip: identify_by
list: acl allow contact_acl contact_deny contact_permit deny disallow permit security_mechanisms set_var
file: dtls_ca_file dtls_ca_path dtls_cert_file dtls_private_key
str: accountcode call_group callerid callerid_tag codec_prefs_incoming_answer codec_prefs_incoming_offer
    codec_prefs_outgoing_answer codec_prefs_outgoing_offer contact_user dtls_cipher follow_redirect_methods
    from_domain from_user geoloc_incoming_call_profile geoloc_outgoing_call_profile incoming_mwi_mailbox
    language media_address message_context mwi_from_user named_call_group named_pickup_group overlap_context
    pickup_group stir_shaken_profile subscribe_context tenantid tone_zone transport voicemail_extension
str = -: sdp_owner
str = 0: dtls_rekey tos_audio tos_video
str = Asterisk: sdp_session
str = SHA-256: dtls_fingerprint
str = active: dtls_setup
str = allowed_not_screened: callerid_privacy
str = asterisk: rtp_engine
str = automixmon: record_off_feature record_on_feature
str = default: context moh_suggest
[aor]
bool = no: authenticate_qualify qualify_2xx_only remove_existing remove_unavailable support_path
uint = 0: max_contacts qualify_frequency
uint = 3600: default_expiration
uint = 60: minimum_expiration
uint = 7200: maximum_expiration
float = 3.0: qualify_timeout
uri: outbound_proxy
uris: contact
names: mailboxes
str: voicemail_extension
[auth]
enum digest|userpass|md5|google_oauth = digest: auth_type
uint = 32: nonce_lifetime
names md5|sha-256|sha-512-256: supported_algorithms_uac supported_algorithms_uas
list: password_digest
str: md5_cred oauth_clientid oauth_secret password realm refresh_token username
[identify]
bool = yes: srv_lookups
list: match
str: endpoint match_header match_request_uri
[system]
bool = no: accept_multiple_sdp_answers compact_headers disable_rport
bool = yes: disable_tcp_switch follow_early_media_fork
uint = 1: taskpool_auto_increment threadpool_auto_increment
uint = 32000: timer_b
uint = 4: taskpool_initial_size taskpool_minimum_size threadpool_initial_size
uint = 50: taskpool_max_size threadpool_max_size
uint = 500: timer_t1
uint = 60: taskpool_idle_timeout threadpool_idle_timeout
[global]
bool = no: all_codecs_on_empty_reinvite allow_sending_180_after_183 disable_multi_domain
    ignore_uri_user_options mwi_disable_initial_unsolicited send_contact_status_on_update_registration
    use_callerid_contact
bool = yes: norefersub
uint = 0: max_initial_qualify_time
uint = 30: contact_expiration_check_interval unidentified_request_prune_interval
uint = 5: unidentified_request_count unidentified_request_period
uint = 500: mwi_tps_queue_high
uint = 70: max_forwards
uint = 90: keep_alive_interval
int = -1: mwi_tps_queue_low
names = MD5: default_auth_algorithms_uac default_auth_algorithms_uas
str: default_voicemail_extension regcontext user_agent
str = asterisk: default_from_user default_realm
str = default_outbound_endpoint: default_outbound_endpoint
str = global: taskprocessor_overload_trigger
str = ip,username,anonymous: endpoint_identifier_order
str = no: debug
[acl]
list: acl contact_acl contact_deny contact_permit deny permit
[domain_alias]
str: domain
[phoneprov]
str: MAC PROFILE endpoint
[resource_list]
bool = no: full_state resource_display_name
uint = 0: notification_batch_interval
list: list_item
str: event
[inbound-publication]
str: endpoint
[outbound-publish]
bool = no: multi_user
uint = 3600: expiration
uint = 5: max_auth_attempts
uri: from_uri outbound_proxy server_uri to_uri
names: outbound_auth
str: event transport
[asterisk-publication]
bool = no: device_state mailbox_state
str: device_state_filter devicestate_publish mailbox_state_filter mailboxstate_publish
"""
