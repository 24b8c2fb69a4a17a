"""URIs: what is read out of them, what is refused, and that nothing else ever happens."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pjresolve.errors import BadInput, Location
from pjresolve.model import Protocol
from pjresolve.sip.uri import LONGEST_URI, host_name, parse_domain, parse_uri, split_hostport, split_uri

T = TypeVar("T")


def tried(read: Callable[[str], T], text: str) -> tuple[T | None, str]:
    """What is read, or the line that says why not. Anything but BadInput fails the test."""
    try:
        return read(text), ""
    except BadInput as exc:
        return None, str(exc)


@pytest.mark.parametrize(
    ("text", "host", "port", "protocol", "again"),
    [
        ("sip:h", "h", None, None, "sip:h"),
        ("SIP:H", "h", None, None, "sip:h"),
        ("sips:h", "h", None, Protocol.TLS, "sips:h"),
        ("sip:me@h:5080", "h", 5080, None, "sip:me@h:5080"),
        ("sip:h:0", "h", None, None, "sip:h"),
        ("<sip:h;transport=tcp>", "h", None, Protocol.TCP, "sip:h;transport=tcp"),
        ("sip:h;TRANSPORT=TLS", "h", None, Protocol.TLS, "sip:h;transport=TLS"),
        ("sip:h;transport=udp;transport=tcp", "h", None, Protocol.TCP, None),
        ("sips:h;transport=udp", "h", None, Protocol.TLS, "sips:h;transport=udp"),
        ("sip:h;transport=", "h", None, None, None),
        ("sip:h;transport=ws", "h", None, None, "sip:h;transport=ws"),
        ("sip:h;lr", "h", None, None, "sip:h;lr"),
        ("sip:h?Subject=x", "h", None, None, "sip:h"),
        ("sip:[2001:DB8::1]:5061", "2001:db8::1", 5061, None, "sip:[2001:db8::1]:5061"),
        ("sip:a_b.example.net.", "a_b.example.net.", None, None, "sip:a_b.example.net."),
    ],
)
def test_what_a_uri_says(
    text: str, host: str, port: int | None, protocol: Protocol | None, again: str | None
) -> None:
    uri = parse_uri(text)
    assert (uri.host, uri.port, uri.protocol) == (host, port, protocol)
    if again is not None:
        assert str(uri) == again


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("sip:203.0.113.1", "203.0.113.1"),
        ("sip:203.0.113.01", "203.0.113.1"),
        ("sip:203.0.1", "203.0.0.1"),
        ("sip:3405803777", "203.0.113.1"),
        ("sip:[2001:db8:0::1]", "2001:db8::1"),
        ("sip:h;maddr=203.0.113.9", "203.0.113.9"),
        ("sip:256.0.0.1", None),
        ("sip:1.2.3.4.5", None),
        ("sip:4294967296", None),
        ("sip:example.net", None),
    ],
)
def test_what_counts_as_an_address(text: str, literal: str | None) -> None:
    assert parse_uri(text).literal == literal


def test_a_name_is_asked_for_without_its_final_dot() -> None:
    assert parse_uri("sip:example.net.").name == "example.net"


@pytest.mark.parametrize(
    "text",
    [
        "", "h", "http://h", "tel:+31", "sip:", "sip:h:x", "sip:h:65536", "sip:h:999999", "sip:h h",
        "sip:[h]", "sip:h;@", "\u017fip:h", "sip:2001:db8::1", "sip:[1.2.3.4.5]",
        '"Me" <sip:h>', "sip:" + "h" * LONGEST_URI,
    ],
)  # fmt: skip
def test_what_is_no_uri_is_refused_in_one_line_with_its_place(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_uri(text, Location("pjsip.conf", 7))
    assert str(caught.value).startswith("pjsip.conf:7: ")
    assert "\n" not in str(caught.value)


@given(st.text(max_size=40) | st.from_regex(r"sips?:[\[\]a-z0-9.:@;=?%]{0,30}", fullmatch=True))
def test_any_text_is_a_uri_or_bad_input(text: str) -> None:
    for read in (parse_uri, parse_domain):
        uri, refusal = tried(read, text)
        assert refusal.isprintable()
        if uri is not None:
            assert uri.port is None or 0 < uri.port < 65536
            assert uri.host
            if uri.literal:
                ipaddress.ip_address(uri.literal)


@given(
    st.sampled_from(["sip", "sips"]),
    st.from_regex(
        r"[a-z][a-z0-9]{0,8}(\.[a-z]{2,5})?|203\.0\.113\.[1-9]|\[2001:db8::[1-9]\]", fullmatch=True
    ),
    st.none() | st.integers(1, 65535),
    st.lists(st.sampled_from(["transport=tcp", "transport=udp", "lr", "user=phone"]), max_size=3),
)
def test_a_uri_reads_back_as_it_was_written(
    scheme: str, host: str, port: int | None, params: list[str]
) -> None:
    text = f"{scheme}:{host}" + (f":{port}" if port else "") + "".join(f";{p}" for p in params)
    uri = parse_uri(text)
    assert str(uri) == text
    assert parse_uri(str(uri)) == uri


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("SIP:a@b:5;c=d?e=f", ("sip", "a", "b:5", "c=d", "e=f")),
        ("sips:[::1]:x", ("sips", None, "[::1]:x", "", "")),
        ("sip:a@b@c", ("sip", "a", "b@c", "", "")),
        ("sip:@;>x", ("sip", "", "", "", "")),
        ("sip:", ("sip", None, "", "", "")),
        ("tel:1", None),
    ],
)
def test_the_parts_of_a_uri_as_they_are_written(text: str, parts: tuple[str | None, ...] | None) -> None:
    assert split_uri(text) == parts


def test_the_last_at_ends_the_user_where_that_is_wanted() -> None:
    assert split_uri("sip:a@b;x=c@d", last_at=True) == ("sip", "a@b;x=c", "d", "", "")


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("h", "h", None),
        ("h:", "h", ""),
        ("h:x", "h", "x"),
        ("[::1]", "::1", None),
        ("[::1]:5", "::1", "5"),
        ("2001:db8::1", "2001:db8::1", None),
    ],
)
def test_host_and_port_are_parted(text: str, host: str, port: str | None) -> None:
    assert split_hostport(text) == (host, port)


@pytest.mark.parametrize("text", ["[::1", "[::1]x"])
def test_brackets_hold_the_whole_host(text: str) -> None:
    with pytest.raises(ValueError, match="]"):
        split_hostport(text)


# ---------------------------------------------------------------- host names


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Example.NET", "example.net"),
        ("example.net.", "example.net"),
        (" example.net ", "example.net"),
        ("_sip._tcp.h", "_sip._tcp.h"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("a" * 63, "a" * 63),
    ],
)
def test_a_host_name_is_made_canonical(text: str, name: str) -> None:
    assert host_name(text) == name


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty label"),
        (".", "empty label"),
        ("a..b", "empty label"),
        ("-a.net", "the label -a"),
        ("a b.net", "the label a b"),
        ("a" * 64, "1 to 63"),
        (".".join(["a" * 60] * 5), "too long"),
        ("\u0000.net", "\\x00"),
        ("bü" * 60, "cannot be converted"),
    ],
)
def test_what_is_no_host_name_is_refused_and_why(text: str, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        host_name(text)
    assert says in str(caught.value)
    assert str(caught.value).isprintable()


@given(st.text(max_size=80))
def test_any_text_is_a_host_name_or_bad_input(text: str) -> None:
    name, refusal = tried(host_name, text)
    assert refusal.isprintable()
    if name is not None:
        assert name.isascii()
        assert host_name(name) == name


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("example.net", "sip:example.net"),
        ("example.net:5080", "sip:example.net:5080"),
        ("example.net;transport=tcp", "sip:example.net;transport=tcp"),
        ("sips:example.net", "sips:example.net"),
        ("203.0.113.1", "sip:203.0.113.1"),
        ("2001:DB8::1", "sip:[2001:db8::1]"),
        ("[2001:db8::1]:5061", "sip:[2001:db8::1]:5061"),
        ("Bücher.example", "sip:xn--bcher-kva.example"),
    ],
)
def test_a_domain_as_people_write_it(text: str, uri: str) -> None:
    assert str(parse_domain(text)) == uri


@pytest.mark.parametrize("text", ["https://example.net", "example.net;transport=sctp", "a b", ""])
def test_a_domain_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        parse_domain(text)
