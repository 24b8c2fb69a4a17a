"""From sip.conf to pjsip.conf: what comes out loads, names its source, and loses nothing in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pjresolve.config.objects import Config, load_text
from pjresolve.config.reader import read, read_text
from pjresolve.config.schema import option
from pjresolve.errors import BadInput
from pjresolve.migration.migration import TAKEN_ELSEWHERE, Migration, migrate
from pjresolve.migration.names import NAMES, ROWS

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.conf"))


def made(text: str) -> Migration:
    return migrate(read_text(text, name="sip.conf"))


def config_of(text: str) -> Config:
    migration = made(text)
    assert migration.refusals == ()
    return load_text(migration.text)


def peer(*options: str, general: str = "") -> str:
    return "\n".join(["[general]", general, "[p]", *options, ""])


def endpoint(*options: str, general: str = "") -> dict[str, list[str]]:
    """The options of the only endpoint, inherited ones before its own."""
    section = config_of(peer(*options, general=general)).endpoints["p"].section
    out: dict[str, list[str]] = {}
    for entry in section.entries:
        out.setdefault(entry.name, []).append(entry.value)
    return out


def left(text: str) -> str:
    return "\n".join(str(x) for x in made(text).leftovers)


def test_an_option_without_a_value_is_said_to_have_none() -> None:
    told = left(peer("type=friend", "host=dynamic", "secret=x", "fromuser=", "fromdomain="))
    assert [line.partition("=: ")[2] for line in told.splitlines()] == ["it has no value"] * 2


# ---------------------------------------------------------------- mailboxes elsewhere

ACCOUNTS = """
[general]
mwi => second:hush1@sip.example.net/8501
mwi => first:hush2@SIP.example.net:5070/8500
mwi => third:hush3@other.example.net/8502
mwi => fourth:hush4@
[one]
type=peer
host=sip.example.net
defaultuser=first
[two]
type=peer
host=sip.example.net
defaultuser=second
"""


def test_a_mailbox_elsewhere_is_that_of_the_account_at_its_host() -> None:
    endpoints = config_of(ACCOUNTS).endpoints
    boxes = {name: e.section.last("incoming_mwi_mailbox") for name, e in endpoints.items()}
    assert {name: box.value for name, box in boxes.items() if box} == {
        "one": "8500@SIP_Remote",
        "two": "8501@SIP_Remote",
    }


def test_what_a_mailbox_elsewhere_loses_is_said_and_no_secret_with_it() -> None:
    lines = [line for line in left(ACCOUNTS).splitlines() if "mwi=" in line]
    assert len(lines) == 4
    assert all("subscribes to no mailbox of others" in line for line in lines[:3])
    assert "[two] has it as 8501@SIP_Remote" in lines[0]
    assert "no host" in lines[3]
    assert "hush" not in left(ACCOUNTS)


# ---------------------------------------------------------------- whole files


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_becomes_a_configuration_that_loads(path: Path) -> None:
    migration = migrate(read(path))
    assert migration.refusals == ()
    config = load_text(migration.text)
    assert config.transports
    assert config.document.notices == ()
    for registration in config.registrations.values():
        assert set(registration.outbound_auth) <= set(config.auths)
        assert registration.endpoint in ("", *config.endpoints)
        assert registration.transport in ("", *config.transports)
    for found in config.endpoints.values():
        assert set(found.aors) <= set(config.aors)
        assert {*found.auth, *found.outbound_auth} <= set(config.auths)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_option_of_a_sample_is_a_comment_or_left_over(path: Path) -> None:
    migration = migrate(read(path))
    seen_in_the_shape = {
        "type", "host", "port", "transport", "insecure", "defaultuser", "subscribemwi", "allowguest",
        "fullname",
    }  # fmt: skip
    seen_in_the_shape |= {"encryption"} if path.stem == "browser" else set()  # dtlsenable decides there
    for section in read(path).sections:
        for entry in section.own:
            line = f"{path.name}:{entry.where.line}"
            told = f"{line} {entry.name}" in migration.text or f"{line}:" in migration.text
            empty = (section.name, entry.name) == ("broken", "secret")
            passed_over = section.name in ("kind", "none")
            assert told or entry.name in seen_in_the_shape or empty or passed_over, line


def test_no_secret_is_told_outside_its_option() -> None:
    text = peer(
        "type=friend", "host=192.0.2.1", "secret=hush1", "auth=a:hush2@r",
        general="register => a:hush3@\nmwi => a:hush4@h/1",
    )  # fmt: skip
    migration = made(text)
    comments = "\n".join(line.partition(";")[2] for line in migration.text.splitlines())
    told = comments + left(text)
    assert "hush" not in told


def test_the_same_input_gives_the_same_output() -> None:
    text = SAMPLES[0].read_text()
    assert made(text).text == made(text).text


# ---------------------------------------------------------------- transports


def test_udp_alone_is_bound_to_every_ipv4_address() -> None:
    config = config_of("[general]\n")
    assert [(t.name, t.bind_address, t.bind_port) for t in config.transports.values()] == [
        ("transport-udp", "0.0.0.0", 5060)
    ]


def test_a_dual_stack_socket_becomes_two_transports() -> None:
    config = config_of("[general]\nbindaddr=::\ntcpenable=yes\ntlsenable=yes\ntlsbindaddr=[::]:5071\n")
    assert [str(t.type) for t in config.transports.values()] == [
        "UDP/IPv6", "UDP/IPv4", "TCP/IPv6", "TCP/IPv4", "TLS/IPv6", "TLS/IPv4",
    ]  # fmt: skip
    assert {t.bind_port for t in config.transports.values() if t.protocol == "tls"} == {5071}


def test_bindport_is_udps() -> None:
    config = config_of("[general]\nbindport=5070\ntcpenable=yes\n")
    assert [t.bind_port for t in config.transports.values()] == [5070, 5060]


def test_a_bad_bind_address_is_left_over() -> None:
    assert "bindaddr=two words" in left("[general]\nbindaddr=two words\n")


def test_where_asterisk_would_refuse_the_address_every_one_is_bound() -> None:
    assert "would refuse bind" in left("[general]\nbindaddr=99999999999\n")
    config = config_of("[general]\nbindaddr=99999999999\n")
    assert [t.bind_address for t in config.transports.values()] == ["0.0.0.0"]


def test_tls_keeps_chan_sips_defaults_in_writing() -> None:
    config = config_of("[general]\ntlsenable=yes\ntlscertfile=/c.pem\ntlscapath=/ca\n")
    tls = config.transports["transport-tls"]
    assert (tls.method, tls.verify_server, tls.cert_file, tls.priv_key_file, tls.ca_list_path) == (
        "sslv23", True, "/c.pem", "/c.pem", "/ca",
    )  # fmt: skip


def test_tls_that_did_not_verify_does_not() -> None:
    config = config_of("[general]\ntlsenable=yes\ntlsdontverifyserver=yes\ntlsclientmethod=tlsv1\n")
    tls = config.transports["transport-tls"]
    assert (tls.verify_server, tls.method) == (False, "tlsv1")


def test_an_address_behind_nat_goes_to_its_ip_version() -> None:
    general = "bindaddr=::\nexternip=192.0.2.1:5099\nlocalnet=10.0.0.0/255.0.0.0\nlocalnet=2001:db8::/32"
    config = config_of(f"[general]\n{general}\n")
    udp6, udp = config.transports["transport-udp6"], config.transports["transport-udp"]
    assert (udp.external_signaling_address, udp.external_signaling_port) == ("192.0.2.1", 5099)
    assert (udp.external_media_address, udp.local_net) == ("192.0.2.1", ("10.0.0.0/255.0.0.0",))
    assert (udp6.external_signaling_address, udp6.local_net) == ("", ("2001:db8::/32",))


def test_a_transport_that_is_off_counts_for_nothing() -> None:
    text = peer("type=peer", "host=192.0.2.1", "transport=tls")
    config = config_of(text)
    assert list(config.transports) == ["transport-udp"]
    assert config.aors["p"].contact == ("sip:192.0.2.1",)
    assert "transport=tls: it is not enabled" in left(text)
    config = config_of(peer("type=peer", "host=192.0.2.1", "transport=tls,udp", general="tlsenable=yes"))
    assert config.aors["p"].contact == ("sip:192.0.2.1;transport=tls",)


# ---------------------------------------------------------------- peers


def test_a_telephone_is_asked_for_its_secret_and_registers_once() -> None:
    config = config_of(peer("type=friend", "host=dynamic", "secret=s"))
    assert config.endpoints["p"].auth == ("p",)
    assert config.endpoints["p"].outbound_auth == ()
    assert config.auths["p"].username == "p"
    assert (config.aors["p"].max_contacts, config.aors["p"].remove_existing) == (1, True)
    assert config.identifies == {}


def test_a_trunk_is_answered_and_recognised_by_address() -> None:
    config = config_of(
        peer("type=peer", "host=192.0.2.1", "port=5070", "defaultuser=me", "secret=s", "insecure=port,invite")
    )
    found = config.endpoints["p"]
    assert (found.auth, found.outbound_auth, found.identify_by) == ((), ("p",), ("ip",))
    assert config.auths["p"].username == "me"
    assert config.aors["p"].contact == ("sip:me@192.0.2.1:5070",)
    assert config.identifies["p"].match == ("192.0.2.1",)


def test_a_trunk_that_asks_and_answers_with_one_secret_shares_it() -> None:
    found = config_of(peer("type=friend", "host=192.0.2.1", "secret=s")).endpoints["p"]
    assert (found.auth, found.outbound_auth) == (("p",), ("p",))


def test_a_remotesecret_is_what_we_answer_with() -> None:
    config = config_of(peer("type=friend", "host=192.0.2.1", "secret=s", "remotesecret=r"))
    assert config.endpoints["p"].outbound_auth == ("p-out",)
    password = config.auths["p-out"].section.last("password")
    assert password is not None
    assert password.value == "r"


def test_a_user_and_a_peer_of_one_name_keep_both_secrets() -> None:
    text = "[general]\n[x]\ntype=user\nsecret=in\n[x]\ntype=peer\nhost=192.0.2.1\nsecret=out\n"
    config = config_of(text)
    values = {n: s.section.last("password") for n, s in config.auths.items()}
    assert {n: e.value for n, e in values.items() if e} == {"x": "in", "x-out": "out"}


def test_a_user_has_no_aor() -> None:
    config = config_of(peer("type=user", "secret=s"))
    assert (config.aors, config.endpoints["p"].identify_by) == ({}, ("username",))


def test_an_md5secret_keeps_its_realm() -> None:
    config = config_of(
        peer("type=friend", "host=dynamic", f"md5secret={'0' * 32}", general="realm=r.example")
    )
    assert (config.auths["p"].auth_type, config.auths["p"].realm) == ("md5", "r.example")


def test_a_user_part_is_escaped() -> None:
    config = config_of(peer("type=peer", "host=192.0.2.1", "defaultuser=a b@c#"))
    assert config.aors["p"].contact == ("sip:a%20b%40c%23@192.0.2.1",)


def test_a_secret_with_a_semicolon_and_a_greater_than_survives() -> None:
    config = config_of(peer("type=friend", "host=dynamic", r"secret=>a\;b\;--c"))
    password = config.auths["p"].section.last("password")
    assert password is not None
    assert password.value == ">a;b;--c" or password.value == "a;b;--c"


def test_codecs_that_nobody_named_are_chan_sips() -> None:
    assert endpoint("type=friend", "host=dynamic")["allow"] == ["ulaw,alaw,gsm"]
    assert endpoint("type=friend", "host=dynamic", general="allow=g722")["allow"] == ["g722"]


def test_an_unknown_codec_does_not_take_the_known_ones_with_it() -> None:
    text = peer("type=friend", "host=dynamic", "allow=nothing,alaw")
    assert endpoint("type=friend", "host=dynamic", "allow=nothing,alaw")["allow"] == ["alaw"]
    assert "codec 'nothing' is unknown" in left(text)
    assert endpoint("type=friend", "host=dynamic", "allow=nothing")["allow"] == ["ulaw,alaw,gsm"]
    assert endpoint("type=friend", "host=dynamic", "allow=nothing", general="allow=g722")["allow"] == ["g722"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("nat=yes", {"rewrite_contact": "yes", "rtp_symmetric": "yes"}),
        ("nat=no", {"force_rport": "no"}),
        ("nat=comedia", {"force_rport": "no", "rtp_symmetric": "yes"}),
        ("directmedia=no", {"direct_media": "no"}),
        ("canreinvite=nonat", {"disable_direct_media_on_nat": "yes"}),
        ("directmedia=update", {"direct_media_method": "update"}),
        ("directmedia=outgoing", {"direct_media_glare_mitigation": "outgoing"}),
        ("dtmfmode=rfc2833", {"dtmf_mode": "rfc4733"}),
        ("dtmfmode=shortinfo", {"dtmf_mode": "info"}),
        ("DTMFmode=inband", {"dtmf_mode": "inband"}),
        ("sendrpid=pai", {"send_pai": "yes"}),
        ("sendrpid=yes", {"send_rpid": "yes"}),
        ("trustrpid=1", {"trust_id_inbound": "yes"}),
        ("fromuser=u", {"from_user": "u"}),
        ("fromdomain=example.org:5070", {"from_domain": "example.org"}),
        ("encryption=yes", {"media_encryption": "sdes"}),
        ("encryption_taglen=32", {"srtp_tag_32": "yes"}),
        ("dtlsenable=yes", {"media_encryption": "dtls"}),
        ("dtlsverify=fingerprint", {"dtls_verify": "fingerprint"}),
        ("avpf=yes", {"use_avpf": "yes"}),
        ("session-timers=originate", {"timers": "always"}),
        ("session-expires=600", {"timers_sess_expires": "600"}),
        ("t38pt_udptl=yes,fec", {"t38_udptl": "yes", "t38_udptl_ec": "fec"}),
        ("t38pt_udptl=maxdatagram=400,yes", {"t38_udptl": "yes", "t38_udptl_maxdatagram": "400"}),
        ("deny=0.0.0.0/0.0.0.0", {"deny": "0.0.0.0/0.0.0.0"}),
        ("contactpermit=10.0.0.0/8", {"contact_permit": "10.0.0.0/8"}),
        ("callgroup=1,3-4", {"call_group": "1,3-4"}),
        ("setvar=A=b=c", {"set_var": "A=b=c"}),
        ("busylevel=2", {"device_state_busy_at": "2"}),
        ("mohinterpret=passthrough", {"moh_passthrough": "yes"}),
        ("mailbox=1@default&2", {"mailboxes": "1@default,2"}),
    ],
)  # fmt: skip
def test_an_option_of_a_peer_becomes_an_option_of_its_endpoint(
    written: str, expected: dict[str, str]
) -> None:
    found = endpoint("type=friend", "host=dynamic", "secret=s", written)
    assert {name: values[-1] for name, values in found.items() if name in expected} == expected
    assert left(peer("type=friend", "host=dynamic", "secret=s", written)) == ""


def test_a_peer_overrides_what_general_says_even_with_a_default() -> None:
    found = endpoint("type=friend", "host=dynamic", "directmedia=yes", general="directmedia=nonat")
    assert found["disable_direct_media_on_nat"] == ["yes", "no"]


def test_two_names_of_one_option_are_one() -> None:
    found = endpoint("type=friend", "host=dynamic", "canreinvite=nonat", "directmedia=yes")
    assert found["direct_media"] == ["yes"]
    assert "disable_direct_media_on_nat" not in found


def test_a_browser_keeps_its_rtcp_mux() -> None:
    assert endpoint("type=friend", "host=dynamic", "rtcp_mux=yes")["rtcp_mux"] == ["yes"]


def test_without_peers_there_is_no_template() -> None:
    assert "sip-defaults" not in made("[general]\ncontext=a\nregister => me:pw@h.example\n").text


@pytest.mark.parametrize(
    ("options", "match"),
    [
        (("host=192.0.2.1",), "192.0.2.1"),
        (("host=192.0.2.1", "port=5070"), "192.0.2.1:5070"),
        (("host=192.0.2.1", "port=5070", "insecure=port"), "192.0.2.1"),
        (("host=192.0.2.1", "port=5070", "transport=tcp,udp"), "192.0.2.1"),
        (("host=2001:db8::1", "port=5060"), "[2001:db8::1]:5060"),
        (("host=h.example", "port=5070"), "h.example:5070"),
    ],
)
def test_a_peer_is_matched_by_address_and_port(options: tuple[str, ...], match: str) -> None:
    config = config_of(peer("type=peer", *options, general="tcpenable=yes"))
    assert config.identifies["p"].match == (match,)


def test_of_two_peers_at_one_place_the_first_has_its_calls() -> None:
    text = "[general]\n" + "".join(
        f"[{name}]\ntype=peer\nhost=192.0.2.1\n{more}\n"
        for name, more in (("b", ""), ("a", "insecure=invite"), ("c", "port=5070"), ("d", "port=5070"))
    )
    config = config_of(text)
    assert {n: i.match for n, i in config.identifies.items()} == {
        "b": ("192.0.2.1:5060",), "c": ("192.0.2.1:5070",),
    }  # fmt: skip
    assert "match=192.0.2.1:5060: calls from there are [b]'s" in left(text)


def test_realms_have_auths_of_their_own() -> None:
    text = (
        "[general]\nsupportpath=yes\nregister => me:pw@h.example\n[authentication]\n"
        f"auth=a:s:1@r.example\nauth=b#{'0' * 32}@q.example\nauth=nothing\n"
        "[p]\ntype=peer\nhost=192.0.2.1\nsecret=x\nauth=c:t@p.example\n[t]\ntype=friend\nhost=dynamic\nsecret=x"
    )
    config = config_of(text)
    shown = {n: (a.username, a.realm, a.auth_type) for n, a in config.auths.items() if a.realm}
    assert shown == {
        "realm-r.example": ("a", "r.example", "userpass"),
        "realm-q.example": ("b", "q.example", "md5"),
        "p-p.example": ("c", "p.example", "userpass"),
    }
    assert config.endpoints["p"].outbound_auth == ("p-p.example", "realm-r.example", "realm-q.example", "p")
    assert config.endpoints["t"].outbound_auth == ()
    found = config.registrations["me-h.example"]
    assert found.outbound_auth == ("realm-r.example", "realm-q.example", "me-h.example")
    assert found.support_path
    assert [a.support_path for a in config.aors.values()] == [True, True]
    assert "auth=…: it is not user:secret@realm" in left(text)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("host=dynamic\nusername=p", ""),
        ("host=dynamic\ndefaultuser=q", "defaultuser=q: it has no effect: a telephone logs in as p"),
        ("username=q", "username=q: it has no effect: a telephone logs in as p"),
        ("host=192.0.2.1\nusername=q", ""),
    ],
)
def test_a_telephones_defaultuser_is_said_to_be_nothing(options: str, told: str) -> None:
    assert left(f"[general]\n[p]\ntype=friend\nsecret=s\n{options}\n").partition(": ")[2][: len(told)] == told
    assert bool(left(f"[general]\n[p]\ntype=friend\nsecret=s\n{options}\n")) is bool(told)


def test_qualifying_belongs_to_the_aor() -> None:
    aor = config_of(peer("type=friend", "host=dynamic", "qualify=1500", general="qualifyfreq=30")).aors["p"]
    assert (aor.qualify_frequency, aor.qualify_timeout) == (30, 1.5)
    aor = config_of(peer("type=friend", "host=dynamic", "qualify=no", general="qualify=yes")).aors["p"]
    assert aor.qualify_frequency == 0


def test_sessions_that_expire_too_soon_are_left_over() -> None:
    text = peer("type=friend", "host=dynamic", "session-expires=100", "session-minse=200")
    assert made(text).refusals == ()
    assert "session-expires must be greater" in left(text)


@pytest.mark.parametrize("name", ["global", "system", "a,b", "a(b", "x" * 79])
def test_a_name_with_a_meaning_of_its_own_is_changed(name: str) -> None:
    config = config_of(f"[general]\n[{name}]\ntype=friend\nhost=192.0.2.1\nsecret=a\nremotesecret=b\n")
    assert len(config.endpoints) == 1
    assert len(config.auths) == 2


# ---------------------------------------------------------------- registrations


def test_a_register_line_becomes_a_registration_with_chan_sips_patience() -> None:
    config = config_of("[general]\nregister => me:pw:auth@sip.example.net:5070/100\n")
    found = config.registrations["me-sip.example.net"]
    assert (found.server_uri, found.client_uri) == ("sip:sip.example.net:5070", "sip:me@sip.example.net")
    assert (found.contact_user, found.expiration, found.retry_interval) == ("100", 120, 20)
    assert (found.max_retries, found.auth_rejection_permanent, found.line) == (2**32 - 1, False, False)
    assert config.auths[found.outbound_auth[0]].username == "auth"


def test_general_times_are_taken_over() -> None:
    general = "defaultexpiry=600\nregistertimeout=40\nregisterattempts=5\nregister_retry_403=yes"
    config = config_of(f"[general]\n{general}\nregister => me:pw@sip.example.net\n")
    found = config.registrations["me-sip.example.net"]
    assert (found.expiration, found.retry_interval, found.max_retries) == (600, 40, 5)
    assert found.forbidden_retry_interval == 40


def test_a_registration_belongs_to_the_peer_of_its_host() -> None:
    config = config_of(
        peer("type=peer", "host=sip.example.net", "defaultuser=me", "secret=pw", "insecure=invite",
             general="register => me:pw@sip.example.net")
    )  # fmt: skip
    found = config.registrations["p"]
    assert (found.endpoint, found.line, found.outbound_auth) == ("p", True, ("p",))


@pytest.mark.parametrize("line", ["p?me:other@elsewhere.example", "me:other@p"])
def test_a_registration_belongs_to_the_peer_it_names(line: str) -> None:
    config = config_of(peer("type=peer", "host=sip.example.net", "secret=pw", general=f"register => {line}"))
    found = config.registrations["p"]
    assert (found.endpoint, found.outbound_auth) == ("p", ("p-register",))
    if line.endswith("@p"):
        assert found.server_uri == "sip:sip.example.net"


def test_a_domain_is_registered_through_the_host() -> None:
    config = config_of("[general]\ntcpenable=yes\nregister => tcp://me@example.org:pw@sbc.example.net\n")
    found = config.registrations["me-sbc.example.net"]
    assert found.server_uri == "sip:example.org;transport=tcp"
    assert found.outbound_proxy == "sip:sbc.example.net;transport=tcp;lr"
    assert found.client_uri == "sip:me@example.org"


def test_a_callbackextension_registers_its_peer() -> None:
    config = config_of(
        peer("type=peer", "host=h.example", "defaultuser=me", "secret=s", "callbackextension=7")
    )
    found = config.registrations["p"]
    assert (found.contact_user, found.client_uri) == ("7", "sip:me@h.example")


def test_udp_is_named_where_other_transports_would_be_preferred() -> None:
    config = config_of("[general]\ntcpenable=yes\nregister => me:pw@h.example\n")
    assert config.registrations["me-h.example"].server_uri == "sip:h.example;transport=udp"


def test_a_single_ipv6_transport_is_named() -> None:
    config = config_of("[general]\nudpbindaddr=2001:db8::1\nregister => me:pw@h.example\n")
    assert config.registrations["me-h.example"].transport == "transport-udp6"


def test_two_registrations_with_one_host_have_two_names() -> None:
    config = config_of("[general]\nregister => a:x@h.example\nregister => a:y@h.example\n")
    assert list(config.registrations) == ["a-h.example", "a-h.example-2"]
    assert len(config.auths) == 2


def test_a_line_that_is_none_is_left_over() -> None:
    assert "register=…: no user" in left("[general]\nregister => @h.example\n")


# ---------------------------------------------------------------- leftovers


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[general]\nallowguest=yes\n", "anonymous"),
        ("[general]\nport=5062\n", "chan_sip takes it in a peer alone"),
        ("[p]\ntype=friend\nhost=dynamic\nallowoverlap=dtmf\n", "allow_overlap= says yes or no"),
        ("[general]\nsrvlookup=no\n", "SRV records are always asked for"),
        ("[general]\njbenable=yes\n", "JITTERBUFFER"),
        ("[general]\nnever_heard=1\n", "chan_sip does not know it"),
        ("[general]\ntlscertfile=/x\n", "no TLS transport is written"),
        ("[authentication]\nauth=a:b@c\n", "there is nobody to answer"),
        ("[general]\nauth=a:b@c\n", "reads it in [authentication] and in a peer alone"),
        ("[general]\n[x]\nhost=dynamic\n", "no type"),
        ("[general]\n[x]\ntype=device\n", "type=device"),
        ("[general]\ncontext=a\nallow=ulaw\n", "context, allow: there is no peer that it would hold for"),
        ("[p]\ntype=friend\nhost=dynamic\ncall-limit=2\n", "GROUP()"),
        ("[p]\ntype=friend\nhost=dynamic\ninsecure=maybe\n", "none of port, invite"),
        ("[p]\ntype=friend\nhost=dynamic\nqualify=maybe\n", "number of milliseconds"),
        ("[p]\ntype=friend\nhost=bad host\n", "no address and no name"),
        ("[general]\n#exec /bin/true\n", "not run"),
    ],
)
def test_what_has_no_equivalent_is_told_in_the_file_and_apart(text: str, told: str) -> None:
    migration = made(text)
    assert told in "\n".join(map(str, migration.leftovers))
    assert told in migration.text.partition("; No equivalent:")[2]
    assert migration.refusals == ()


def test_every_option_of_sip_conf_stands_once() -> None:
    assert len({row.old for row in ROWS}) == len(ROWS)
    assert set(NAMES) >= TAKEN_ELSEWHERE


def test_a_row_says_what_became_of_its_option_or_why_nothing_did() -> None:
    for row in ROWS:
        if row.option:
            assert option(row.type, row.option) is not None, row
        else:
            assert row.reason, row
            assert not row.type, row


@pytest.mark.parametrize("name", sorted(row.old for row in ROWS if row.option))
def test_every_conversion_gives_options_that_its_type_has(name: str) -> None:
    values = (
        "yes",
        "1",
        "90",
        "alaw",
        "10.0.0.0/8",
        "A=b",
        "info",
        "sha-256",
        "accept",
        "ef",
        "allowed",
        "32",
        "passthrough",
        "active",
        "sslv23",
    )
    pairs = []
    for value in values:
        try:
            pairs += NAMES[name].pairs(value)
        except ValueError:
            continue
    assert pairs
    assert all(option(NAMES[name].type, written) for written, _ in pairs)


def test_a_template_that_does_not_exist_is_one_line() -> None:
    with pytest.raises(BadInput) as caught:
        made("[p](none)\ntype=friend\n")
    assert str(caught.value).startswith("sip.conf:1: Inheritance requested")


# ---------------------------------------------------------------- anything


OTHERS = """
    type host port secret md5secret remotesecret insecure transport qualify qualifyfreq defaultuser mailbox
    callbackextension outboundproxy encryption dtlsenable vmexten fullname cid_number subscribemwi supportpath
    register bindaddr udpbindaddr tlsbindaddr tcpenable tlsenable tlscertfile externaddr externhost localnet
    tos_sip cos_sip defaultexpiry minexpiry registertimeout registerattempts useragent realm timert1
"""
OPTIONS = st.sampled_from(sorted({*NAMES, *OTHERS.split()}))
WORDS = r"""
    yes no 1 0 -1 99999999999 alaw,ulaw all dynamic 192.0.2.1 2001:db8::1 [::]:5060 :: h.example udp,tcp,tls
    friend peer user port,invite me:pw@h.example/1~60 tls://a@b:c:d@e 10.0.0.0/8 rfc2833 nonat 0x10 1e9
    2000 0.5 ws,wss pai outgoing A=b , @ ; \; > =x
"""
TEXTS = st.text(max_size=20).map(lambda t: "".join(c for c in t if c not in "\n\r"))
VALUES = st.sampled_from(WORDS.split()) | TEXTS
LINES = st.lists(st.tuples(OPTIONS, VALUES).map(lambda p: f"{p[0]}={p[1]}"), max_size=12)
SECTIONS = st.sampled_from(["p", "q", "global", "a,b", "authentication", "general", "x" * 90, "ü"])
TYPES = st.sampled_from(["type=friend", "type=peer", "type=user", ""])


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(LINES, st.lists(st.tuples(SECTIONS, TYPES, LINES), max_size=4))
def test_whatever_the_file_says_the_result_loads(
    general: list[str], sections: list[tuple[str, str, list[str]]]
) -> None:
    text = "\n".join(["[general]", *general])
    for name, kind, lines in sections:
        text += "\n".join([f"\n[{name}]", kind, *lines])
    try:
        document = read_text(text, name="sip.conf")
    except BadInput:
        return
    migration = migrate(document)
    assert migration.refusals == (), migration.text
    assert read_text(migration.text).notices == ()


@pytest.mark.parametrize("insecure", ["invite", "very", "port,invite"])
@pytest.mark.parametrize("kind", ["friend", "peer", "user"])
def test_no_telephone_is_left_without_its_password(kind: str, insecure: str) -> None:
    """Without `auth=` Asterisk answers a REGISTER without a password with 200."""
    made = migrate(read_text(f"[p]\ntype={kind}\nhost=dynamic\nsecret=abc\ninsecure={insecure}\n")).text
    assert "\nauth=p" in made
    assert "\npassword=abc" in made
    assert "insecure=" in made.partition("No equivalent")[2]
