"""The INVITE and its offer, against every whole message that was recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest

from pjresolve.config.objects import Config, load_text
from pjresolve.errors import BadInput
from pjresolve.model import TRANSPORT_TYPES, Family, Target
from pjresolve.stacks.asterisk22.caller import Caller, read_caller
from pjresolve.stacks.asterisk22.formats import allowed_formats
from pjresolve.stacks.asterisk22.invite import InviteMessage, invite_message
from pjresolve.stacks.asterisk22.telephony import contacts_of
from tests.recordings.library import INVITE_NAMES, recording

LOCAL = {Family.IPV4: "198.51.100.10", Family.IPV6: "2001:db8:1234:1::1"}
PLACEHOLDERS = {
    "<branch>": r"z9hG4bKPj[-0-9a-f]{36}",
    "<tag>": r"[-0-9a-f]{36}",
    "<call-id>": r"[-0-9a-f]{36}",
    "<number>": r"[0-9]{1,5}",
    "<version>": re.escape("22.10.1+dfsg+~cs6.17.60671434-1"),
    "<realm>": "lab",
    "<nonce>": "0123456789",
    "<response>": r"[0-9a-f]{32}",
    "<port>": r"[0-9]{4,5}",
    "<session>": r"[0-9]{1,10}",
    "<length>": r" {2,3}[0-9]{2,4}",
    "<key>": r"[A-Za-z0-9+/]{40}",
    "<fingerprint>": r"[0-9A-F:]+",
    "<host name>": "vm",
}
UNLIKE = {
    "iv-caller": (2, "how quotes within a caller's name are read is the dialplan's"),
    "iv-codecs": (10, "video, and formats whose payload type telephone-events take as well: refused"),
    "iv-event-5": (2, "with three clock rates, what follows the first call"),
    "iv-event-6": (2, "with three clock rates, what follows the first call"),
    "iv-hdrs": (2, "a header that set_var adds: said in a remark"),
    "iv-media": (1, "an external address that is a name: said in a remark"),
    "iv-numbers": (1, "a number with a colon before an @, which is a URI where it stands alone"),
    "iv-options": (2, "a header that set_var adds: said in a remark"),
    "iv-presentation": (2, "a caller that somebody has screened"),
    "iv-phone": (2, "the formats of the telephone that calls come first"),
    "iv-sdp": (14, "allow=all, formats of chance, h264 alone, ICE, WebRTC and bundles: refused"),
}
"""How many messages of a recording are not as predicted, and why."""
UNSENT = {
    "iv-two4": {"a"},  # its transport is bound to 127.0.0.1
    "iv-targets": {"e22", "e24"},  # no such endpoint as `x@e22`, and a semicolon
    **{name: {"d"} for name in ("iv-global", "iv-global2", "iv-global3")},  # a semicolon, too
}
"""Endpoints whose call failed before anything was sent."""
OTHER_CALLERS = (Caller("Desk", "201"),)
"""Who calls in recordings in which a telephone does (`iv-phone`)."""


class Call(NamedTuple):
    """A call of a recording: what is dialled through an endpoint, and who calls."""

    endpoint: str
    number: str
    caller: Caller


@cache
def configuration(name: str) -> Config:
    return load_text(recording(name)["scenario"]["pjsip"])


def calls(name: str) -> Iterator[Call]:
    """The calls of a recording through endpoints that are loaded, also those that the dialplan makes."""
    for call in recording(name)["scenario"]["calls"]:
        if call["endpoint"] not in configuration(name).endpoints:
            continue
        found = re.match(r"CallerID: (.*)\n", call["more"])
        dialled, number = call.get("channel", ""), call.get("number") or ""
        if dialled.startswith("PJSIP/"):
            number = dialled.split("/", 2)[2]
        elif dialled.startswith("Local/"):
            number = dialled.removeprefix("Local/").partition("@")[0]
        callers = [read_caller(found[1] if found else "")]
        if dialled.startswith("Local/"):
            callers += [Caller("Bob B", "0207654321"), Caller("Bob B", "0207654321", withheld=True)]
        callers += OTHER_CALLERS if "incoming" in recording(name)["scenario"] else ()
        through = configuration(name).endpoints if dialled.startswith("Local/") else (call["endpoint"],)
        yield from (Call(endpoint, number, caller) for endpoint in through for caller in callers)


def predicted(name: str, call: Call, target: Target, challenge: int | None) -> InviteMessage:
    config = configuration(name)
    aor = config.aors.get(call.endpoint)
    return invite_message(
        config,
        config.endpoints[call.endpoint],
        contacts_of(aor)[0].uri if aor else "",
        call.number,
        target,
        caller=call.caller,
        local=LOCAL,
        challenge=challenge,
    )


def pattern(message: object) -> str:
    """A regular expression that a message with its placeholders stands for."""
    text = re.escape(str(message))
    for name, regex in PLACEHOLDERS.items():
        text = text.replace(re.escape(name), regex)
    return text


def fitting(name: str, message: dict[str, Any]) -> set[Call]:
    """The calls that would have made a message, to the byte."""
    text = message["text"].replace("\r\n", "\n")
    kind = TRANSPORT_TYPES[message["transport"] + ("6" if ":" in message["address"] else "")]
    target = Target(kind, message["address"], message["port"])
    challenge = 407 if "\nProxy-Authorization:" in text else 401 if "\nAuthorization:" in text else None
    found = set()
    for call in calls(name):
        try:
            sent = predicted(name, call, target, challenge)
        except BadInput:
            continue  # it goes elsewhere, or is refused
        if re.fullmatch(pattern(sent), text):
            found.add(call)
    return found


@pytest.mark.recording
@pytest.mark.parametrize("name", INVITE_NAMES)
def test_every_message_is_what_some_call_sends(name: str) -> None:
    unlike = [message for message in recording(name)["messages"] if not fitting(name, message)]
    assert len(unlike) == UNLIKE.get(name, (0, ""))[0], "\n".join(m["text"] for m in unlike)


@pytest.mark.recording
@pytest.mark.parametrize("name", [n for n in INVITE_NAMES if n not in UNLIKE])
def test_every_endpoint_is_told_apart(name: str) -> None:
    """An endpoint that called has a message which is its own or that of one with the same settings."""
    made = {call.endpoint for message in recording(name)["messages"] for call in fitting(name, message)}
    called = {call.endpoint for call in calls(name)}
    assert called - made == UNSENT.get(name, set())


# ---------------------------------------------------------------- what no recording has

CONF = """
[t-udp]
type=transport
protocol=udp
bind=0.0.0.0
{transport}
[itsp]
type=endpoint
disallow=all
allow=alaw
{endpoint}
"""
TARGET = Target(TRANSPORT_TYPES["udp"], "203.0.113.1", 5060)


def message(endpoint: str = "", transport: str = "", number: str = "12", **more: Any) -> InviteMessage:
    config = load_text(CONF.format(endpoint=endpoint, transport=transport))
    return invite_message(config, config.endpoints["itsp"], "sip:sip.example.net", number, TARGET, **more)


def test_what_is_not_known_has_a_stand_in() -> None:
    text = str(message())
    assert "Via: SIP/2.0/UDP <IPv4 address>:5060;rport;branch=<branch>\n" in text
    assert """From: "<caller's name>" <sip:<caller's number>@<IPv4 address>>;tag=<tag>\n""" in text
    assert "\n\nv=0\no=- <session> <session> IN IP4 <IPv4 address>\n" in text


@pytest.mark.parametrize(
    "option",
    [
        "webrtc=yes",
        "ice_support=yes",
        "bundle=yes",
        "allow=siren7",
        "allow=amr,codec2",
        "allow=opus,speex16,slin12",
    ],
)
def test_what_no_recording_shows_is_refused(option: str) -> None:
    with pytest.raises(BadInput, match="not known"):
        message(option)


def test_a_challenge_without_credentials_is_not_answered() -> None:
    with pytest.raises(BadInput, match="no outbound_auth"):
        message(challenge=401)


@pytest.mark.parametrize(
    ("text", "caller"),
    [
        ('"Bob B" <0207654321>', Caller("Bob B", "0207654321")),
        ("Bob B", Caller("Bob B", "")),
        ("0207654321", Caller("", "0207654321")),
        ("<201>", Caller("", "201")),
        ("", Caller("", "")),
    ],
)
def test_a_caller_is_read_as_the_dialplan_reads_it(text: str, caller: Caller) -> None:
    assert read_caller(text) == caller


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ("allow=ulaw\ndisallow=all\nallow=alaw", ["alaw"]),
        ("allow=!all,g722,ulaw", ["g722", "ulaw"]),
        ("allow=alaw|ulaw\ndisallow=alaw", ["ulaw"]),
        ("allow=(alaw,ulaw,!alaw)", ["ulaw"]),
    ],
)
def test_formats_come_and_go_in_the_order_of_the_lines(lines: str, names: list[str]) -> None:
    config = load_text(f"[e]\ntype=endpoint\n{lines}\n")
    assert [one.name for one in allowed_formats(config.endpoints["e"].section)] == names


def test_what_comes_from_elsewhere_cannot_break_the_message() -> None:
    assert "INVITE sip:1%0d%0aX@sip" in str(message(number="1\r\nX"))
    assert 'From: "a\\"b\\\\" <sip:2@' in str(message(caller=Caller('a"b\\', "2")))
