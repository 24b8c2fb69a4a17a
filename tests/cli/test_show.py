"""`pjresolve show`: standard output is Asterisk's own, remarks stand apart, bad input is one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pjresolve.cli.main import app

CONF = """
[global]
type=global
user_agent=My PBX
[t-udp]
type=transport
protocol=udp
bind=0.0.0.0
[t-udp6]
type=transport
protocol=udp
bind=[::]
[itsp]
type=registration
server_uri=sip:sip.example.net
client_uri=sip:me@sip.example.net
outbound_auth=itsp
[itsp]
type=auth
username=me
password=x
"""
ZONE = """
_sip._udp.sip.example.net. 300 IN SRV 10 10 5070 p1.example.net.
p1.example.net. 300 IN A 203.0.113.1
p1.example.net. 300 IN AAAA 2001:db8:5::1
"""
BROKEN = "[bad]\ntype=registration\nserver_uri=sip:sip.example.net\nclient_uri=sip:me@h\nline=yes\n"


Show = Callable[..., Result]


@pytest.fixture
def show(tmp_path: Path) -> Show:
    def run(*args: str, extra: str = "", zone: bool = True) -> Result:
        (tmp_path / "pjsip.conf").write_text(CONF + extra)
        (tmp_path / "zone").write_text(ZONE)
        dns = ["--zone", str(tmp_path / "zone")] if zone else []
        return CliRunner().invoke(app, ["show", args[0], "-c", str(tmp_path / "pjsip.conf"), *dns, *args[1:]])

    return run


def test_transports_need_no_dns(show: Show) -> None:
    done = show("transports", zone=False)
    assert done.exit_code == 0
    assert (
        done.stdout.splitlines()[4] == "Transport:  t-udp                     udp      0      0  0.0.0.0:5060"
    )
    assert done.stderr == ""


def test_a_refused_transport_is_a_remark(show: Show) -> None:
    done = show("transports", extra="[second]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n", zone=False)
    assert "second" not in done.stdout
    assert "transport second is refused" in done.stderr
    assert "Address already in use" in done.stderr


def test_sockets_are_listed_and_asterisks_own_are_mentioned(show: Show) -> None:
    done = show("sockets", zone=False)
    assert done.stdout == (
        "udp UNCONN 0      0      0.0.0.0:5060 0.0.0.0:*\nudp UNCONN 0      0         [::]:5060    [::]:*\n"
    )
    assert "two UDP sockets more" in done.stderr


def test_a_file_that_is_missing_here_is_a_remark(show: Show) -> None:
    tls = "[tls]\ntype=transport\nprotocol=tls\nbind=0.0.0.0\ncert_file=/nonexistent.pem\n"
    done = show("transports", extra=tls, zone=False)
    assert "tls " in done.stdout
    assert "there is no /nonexistent.pem here; without it Asterisk refuses transport tls" in done.stderr


def test_registrations_are_shown_once_settled(show: Show) -> None:
    done = show("registrations")
    row = " itsp/sip:sip.example.net                                itsp                        Registered"
    assert f"{row}        (exp. 3590s)\n" in done.stdout
    assert "every target healthy" in done.stderr


def test_registrations_are_shown_at_a_moment(show: Show) -> None:
    assert "(exp. 90s)" in show("registrations", "--at", "3500").stdout


def test_a_refused_registration_is_a_remark_and_no_row(show: Show) -> None:
    done = show("registrations", extra=BROKEN)
    assert "Objects found: 1" in done.stdout
    assert "registration bad is refused" in done.stderr


def test_no_registrations_are_said_as_asterisk_says_it(tmp_path: Path) -> None:
    (tmp_path / "pjsip.conf").write_text("[t]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n")
    done = CliRunner().invoke(app, ["show", "registrations", "-c", str(tmp_path / "pjsip.conf")])
    assert (done.exit_code, done.stdout) == (0, "No objects found.\n\n")


TRUNK = """
[trunk]
type=endpoint
aors=trunk
callerid=Me <0201234567>
[trunk]
type=aor
contact=sip:sip.example.net
qualify_frequency=60
[trunk]
type=identify
endpoint=trunk
match=sip.example.net
[desk]
type=aor
max_contacts=1
"""


def test_contacts_are_shown_once_each_has_answered(show: Show) -> None:
    done = show("contacts", extra=TRUNK)
    row = "  Contact:  trunk/sip:sip.example.net                      c3a1fb12ff"
    assert f"{row} Avail         <rtt>\n" in done.stdout
    assert (
        "as it stands 4 s after the start; the first OPTIONS of each contact is taken to leave at"
        in done.stderr
    )
    assert "contacts that telephones register are not shown" in done.stderr


def test_a_contact_that_does_not_answer_is_unavailable_after_a_while(show: Show, tmp_path: Path) -> None:
    world = tmp_path / "world.yaml"
    zone = "".join(f"  {line}\n" for line in ZONE.strip().splitlines())
    world.write_text(f"name: w\nzone: |\n{zone}hosts:\n  2001:db8:5::1: down\n")
    dns = ("--snapshot", str(world))
    row = "c3a1fb12ff {0:<7} " + f"{'-nan':>11}\n"
    assert row.format("NonQual") in show("contacts", *dns, "--at", "2", extra=TRUNK, zone=False).stdout
    assert row.format("Unavail") in show("contacts", *dns, extra=TRUNK, zone=False).stdout
    assert "Unavailable   0 of inf" in show("endpoints", *dns, extra=TRUNK, zone=False).stdout


def test_endpoints_are_shown_with_all_that_belongs_to_them(show: Show) -> None:
    done = show("endpoints", extra=TRUNK)
    assert done.stdout.splitlines()[12:18] == [
        " Endpoint:  trunk/0201234567                                     Not in use    0 of inf",
        "        Aor:  trunk                                              0",
        "      Contact:  trunk/sip:sip.example.net                  c3a1fb12ff Avail         <rtt>",
        "   Identify:  trunk/trunk",
        "        Match: 2001:db8:5::1/128",
        "        Match: 203.0.113.1/32",
    ]


def test_identifies_need_what_their_names_lead_to(show: Show) -> None:
    done = show(
        "identifies", extra=TRUNK + "[gone]\ntype=identify\nendpoint=trunk\nmatch=gone.sip.example.net\n"
    )
    assert "      Match: 203.0.113.1/32\n" in done.stdout
    assert "identify gone is refused: gone.sip.example.net resolves to no address" in done.stderr


def test_several_addresses_of_a_name_come_in_an_order_that_is_not_known(show: Show, tmp_path: Path) -> None:
    zone = tmp_path / "two"
    zone.write_text("two.example.net. 300 IN AAAA 2001:db8::1\ntwo.example.net. 300 IN AAAA 2001:db8::2\n")
    identify = "[i]\ntype=identify\nendpoint=e\nmatch=two.example.net\n"
    done = show("identifies", "--zone", str(zone), extra=identify, zone=False)
    assert "identify i: the order of a name's IPv6 addresses depends on the machine's own one" in done.stderr


def test_addresses_that_stand_in_the_file_need_no_dns(show: Show) -> None:
    done = show("aors", extra="[only]\ntype=aor\ncontact=sip:192.0.2.1\n", zone=False)
    assert "      Aor:  only                                                 0\n" in done.stdout
    assert done.stderr == ""


def test_without_trunks_all_is_said_as_asterisk_says_it(show: Show) -> None:
    for what in ("endpoints", "contacts", "aors", "identifies"):
        assert show(what, zone=False).stdout == "No objects found.\n\n"


def test_the_register_goes_to_the_first_target(show: Show) -> None:
    done = show("register", "--local6", "2001:DB8::9")
    lines = done.stdout.splitlines()
    assert lines[0] == "REGISTER sip:sip.example.net SIP/2.0"
    assert lines[1] == "Via: SIP/2.0/UDP [2001:db8::9]:5060;rport;branch=<branch>"
    assert "User-Agent: My PBX" in lines
    assert "itsp to udp [2001:db8:5::1]:5070, through transport t-udp6" in done.stderr


@pytest.mark.parametrize("target", ["2", "203.0.113.1", "udp/203.0.113.1:5070"])
def test_the_register_goes_to_a_chosen_target(show: Show, target: str) -> None:
    done = show("register", "--target", target)
    assert "Via: SIP/2.0/UDP <IPv4 address>:5060;rport;branch=<branch>" in done.stdout


def test_the_first_target_is_the_first_that_is_tried(show: Show) -> None:
    extra = "[two]\ntype=registration\nserver_uri=sip:sip.example.net\nclient_uri=sip:a@b\ntransport=t-udp\n"
    done = show("register", "-r", "two", extra=extra)
    assert "two to udp 203.0.113.1:5070" in done.stderr


def test_a_whole_target_needs_no_dns(show: Show) -> None:
    done = show("register", "--target", "udp/[2001:db8::7]:5099", "--credentials", zone=False)
    assert done.exit_code == 0
    assert 'Authorization: Digest username="me", realm="<realm>"' in done.stdout


def test_several_registrations_send_one_message_each(show: Show) -> None:
    extra = "[two]\ntype=registration\nserver_uri=sip:sip.example.net\nclient_uri=sip:two@b\n"
    done = show("register", extra=extra + BROKEN)
    assert done.stdout.count("REGISTER sip:sip.example.net SIP/2.0\n") == 2
    assert "\n\nREGISTER" in done.stdout
    assert "registration bad is refused" in done.stderr


INVITE = (
    TRUNK
    + """
[trunk-out]
type=endpoint
aors=trunk
disallow=all
allow=alaw,g722,h264
from_user=me
outbound_auth=itsp
set_var=PJSIP_HEADER(add,X-A)=b
stir_shaken=yes
[lonely]
type=endpoint
"""
)


def test_the_invite_goes_to_the_first_target(show: Show) -> None:
    done = show(
        "invite", "trunk", "0201234567", "--local6", "2001:db8::9", "--caller", "Bob <201>", extra=INVITE
    )
    lines = done.stdout.splitlines()
    assert lines[:5] == [
        "INVITE sip:0201234567@sip.example.net SIP/2.0",
        "Via: SIP/2.0/UDP [2001:db8::9]:5060;rport;branch=<branch>",
        'From: "Bob" <sip:201@<IPv4 address>>;tag=<tag>',
        "To: <sip:0201234567@sip.example.net>",
        "Contact: <sip:asterisk@[2001:db8::9]:5060>",
    ]
    assert lines[-4:-1] == [
        "o=- <session> <session> IN IP6 2001:db8::9",
        "s=Asterisk",
        "c=IN IP6 2001:db8::9",
    ]
    assert done.stderr == "note: trunk to udp [2001:db8:5::1]:5070, through transport t-udp6\n"


def test_the_invite_says_what_it_leaves_out(show: Show) -> None:
    done = show("invite", "trunk-out", "12", "--target", "2", "--credentials", extra=INVITE)
    assert 'Authorization: Digest username="me", realm="<realm>"' in done.stdout
    assert "m=audio <port> RTP/AVP 8 9 101\n" in done.stdout
    for remark in (
        "who calls is not known: --caller 'NAME <NUMBER>' says it",
        "formats stand as allowed",
        "formats of video are offered only where",
        "the headers that set_var adds are not shown",
        "what stir_shaken adds is not known",
    ):
        assert remark in done.stderr


def test_a_caller_may_want_not_to_be_named(show: Show) -> None:
    done = show("invite", "trunk", "12", "--caller", "Bob <201>", "--withheld", extra=INVITE)
    assert 'From: "Anonymous" <sip:anonymous@anonymous.invalid>;tag=<tag>\n' in done.stdout


def test_a_whole_uri_needs_no_contact_and_a_whole_target_no_dns(show: Show) -> None:
    done = show("invite", "lonely", "sip:1@h", "--target", "udp/192.0.2.1", extra=INVITE, zone=False)
    assert done.stdout.startswith("INVITE sip:1@h SIP/2.0\n")


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["invite"], "ENDPOINT: none is named (there are trunk, trunk-out, lonely)"),
        (["invite", "trnk"], "no endpoint is called trnk (did you mean trunk?"),
        (["invite", "lonely", "12"], "a whole URI needs no contact"),
        (["invite", "trunk", "12", "--credentials"], "no outbound_auth: a challenge is not answered"),
        (["invite", "trunk", "12", "--target", "tcp/192.0.2.1"], "no transport is TCP/IPv4"),
        (["invite", "trunk", "12", "--target", "9"], "no target is '9'"),
        (["invite", "trunk", "1\n2"], "NUMBER: 1\\n2 cannot stand in a message"),
        (["invite", "trunk", "12", "--caller", "a\rb"], "--caller: a\\rb cannot stand in a message"),
        (["contacts", "trunk"], "ENDPOINT: says nothing of contacts"),
        (["register", "--caller", "x"], "--caller: says nothing of register"),
        (["invite", "trunk", "--at", "3"], "--at: says nothing of invite"),
    ],
)
def test_a_bad_invite_is_one_line(show: Show, args: list[str], message: str) -> None:
    done = show(*args, extra=INVITE)
    assert (done.exit_code, done.stdout) == (2, "")
    last = done.stderr.splitlines()[-1]
    assert last.startswith("pjresolve: ")
    assert message in last


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["register", "--target", "3"], "no target is '3' (there are 1 udp [2001:db8:5::1]:5070, 2 udp"),
        (["register", "--target", "udp/300.0.0.1"], "udp/300.0.0.1 is no target"),
        (["register", "--target", "udp/192.0.2.1:0"], "udp/192.0.2.1:0 is no target"),
        (["register", "--target", "tcp/192.0.2.1"], "no transport is TCP/IPv4"),
        (["register", "--local4", "2001:db8::1"], "--local4: '2001:db8::1' is no IPv4 address"),
        (["register", "--local6", "nonsense"], "--local6: 'nonsense' is no IPv6 address"),
        (["register", "-r", "none"], "no registration is called 'none'"),
        (["register", "-r", "bad"], "bad: the registration is refused and sends nothing"),
        (["registrations", "--at", "soon"], "--at"),
        (["registrations", "--zone", "/nonexistent"], "/nonexistent"),
        (["everything"], "everything"),
        (["contacts", "-r", "itsp"], "--registration: says nothing of contacts"),
        (["identifies", "--at", "3"], "--at: says nothing of identifies"),
        (["endpoints", "--zone", "/nonexistent"], "/nonexistent"),
    ],
)
def test_bad_input_is_one_line(show: Show, args: list[str], message: str) -> None:
    done = show(*args, extra=BROKEN)
    assert done.exit_code == 2
    assert done.stdout == ""
    last = done.stderr.splitlines()[-1]
    assert last.startswith("pjresolve: ")
    assert message in last
    assert [line for line in done.stderr.splitlines() if not line.startswith(("note: ", "pjresolve: "))] == []
