"""`register =>`, in all its forms and in none."""

from __future__ import annotations

import re
from dataclasses import asdict

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pjresolve.migration.register_line import RegisterLine, host_and_port, parse_register

HOST = {"user": "1234", "host": "sip.example.net"}


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1234@sip.example.net", {}),
        ("1234:password@sip.example.net", {"secret": "password"}),
        ("1234:password:auth@sip.example.net", {"secret": "password", "authuser": "auth"}),
        ("1234:password@sip.example.net:5070", {"secret": "password", "port": 5070}),
        ("1234:password@sip.example.net/1234", {"secret": "password", "extension": "1234"}),
        ("1234@sip.example.net~120", {"expiry": 120}),
        (
            "1234:p:a@sip.example.net:5070/ext~60",
            {"secret": "p", "authuser": "a", "port": 5070, "extension": "ext", "expiry": 60},
        ),
        ("tcp://1234:p@sip.example.net", {"transport": "tcp", "secret": "p"}),
        ("TLS://1234@sip.example.net", {"transport": "tls"}),
        ("mypeer?1234@sip.example.net", {"peer": "mypeer"}),
        (
            "mypeer?udp://1234:p@sip.example.net/9",
            {"peer": "mypeer", "transport": "udp", "secret": "p", "extension": "9"},
        ),
        ("1234@home.example:p@sip.example.net", {"domain": "home.example", "secret": "p"}),
        ("1234@home.example:p:a@sip.example.net", {"domain": "home.example", "secret": "p", "authuser": "a"}),
        ("1234@home.example:5082::@sip.example.net", {"domain": "home.example", "domain_port": 5082}),
        (
            "1234@home.example:5082:p:a@sip.example.net",
            {"domain": "home.example", "domain_port": 5082, "secret": "p", "authuser": "a"},
        ),
        ("1234:p@ss?w/ord~@sip.example.net", {"secret": "p@ss?w/ord~"}),
        ("1234@[2001:DB8::1]:5070", {"host": "2001:db8::1", "port": 5070}),
        ("1234@2001:db8::1", {"host": "2001:db8::1"}),
    ],
)  # fmt: skip
def test_a_line_is_taken_apart(text: str, parts: dict[str, object]) -> None:
    assert parse_register(text) == RegisterLine(**{**HOST, **parts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no @"),
        ("1234", "no @"),
        ("@sip.example.net", "no user"),
        ("1234@", "no host"),
        ("1234@sip.example.net:0", "port"),
        ("1234@sip.example.net:port", "port"),
        ("1234@sip.example.net:65536", "port"),
        ("1234@[2001:db8::1", "no ]"),
        ("1234@two words", "no address and no name"),
        ("1234@sip.example.net~soon", "expiry"),
        ("1234@sip.example.net~0", "expiry"),
        ("sctp://1234@sip.example.net", "none of udp, tcp, tls"),
        ("1234@[2001:db8::1]x", "text after"),
    ],
)
def test_what_is_no_line_is_told_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        parse_register(text)


@given(st.text(max_size=80) | st.from_regex(r"[a-z?:/@~0-9\[\].]{0,60}", fullmatch=True))
@example("?://@:@/~")
def test_any_text_is_a_line_or_told_why(text: str) -> None:
    try:
        line = parse_register(text)
    except ValueError as exc:
        told = str(exc)
        line = None
    else:
        told = ""
    assert (line is None) == bool(told)
    assert "\n" not in told
    assert line is None or (line.user and line.host)


WORD = st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True)
NAME = st.from_regex(r"[a-z0-9]{1,8}\.example", fullmatch=True)
PORT = st.integers(1, 65535)


@given(
    st.builds(
        RegisterLine,
        user=WORD,
        host=NAME | st.just("2001:db8::1") | st.just("192.0.2.1"),
        peer=WORD | st.just(""),
        transport=st.sampled_from(["", "udp", "tcp", "tls"]),
        domain=NAME | st.just(""),
        secret=st.from_regex(r"[a-z@?/~!]{1,8}", fullmatch=True),
        authuser=WORD | st.just(""),
        port=PORT | st.none(),
        extension=WORD | st.just(""),
        expiry=st.integers(1, 99999) | st.none(),
    )
)
def test_what_is_written_as_a_line_is_read_back(line: RegisterLine) -> None:
    text = f"{line.peer}?" if line.peer else ""
    text += f"{line.transport}://" if line.transport else ""
    text += line.user + (f"@{line.domain}" if line.domain else "")
    text += f":{line.secret}" + (f":{line.authuser}" if line.authuser else "")
    host = f"[{line.host}]" if ":" in line.host else line.host
    text += f"@{host}" + (f":{line.port}" if line.port else "")
    text += f"/{line.extension}" if line.extension else ""
    text += f"~{line.expiry}" if line.expiry else ""
    assert asdict(parse_register(text)) == asdict(line)


@given(st.text(max_size=40))
def test_any_text_is_a_host_or_told_why(text: str) -> None:
    try:
        host, port = host_and_port(text)
    except ValueError:
        return
    assert host
    assert port is None or 0 < port < 65536
