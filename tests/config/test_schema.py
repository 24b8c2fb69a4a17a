"""What is said of single options and values."""

from __future__ import annotations

import pytest

from pjresolve.config.networks import read_ipv4, read_network
from pjresolve.config.schema import closest, closest_type, integer, option, schema, takes, truth
from pjresolve.config.uris import is_route
from pjresolve.config.values import is_sip, parse_bind, split_list


@pytest.mark.parametrize("word", ["yes", "YES", "true", "y", "t", "1", "on"])
def test_these_mean_yes(word: str) -> None:
    assert truth(word)


@pytest.mark.parametrize("word", ["no", "", "2", "ye", "enabled", "junk", " yes"])
def test_everything_else_means_no(word: str) -> None:
    assert not truth(word)


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("05", 5), ("010", 8), ("0x10", 16), ("0X1f", 31), ("+7", 7), ("-7", -7), ("-0x10", -16)],
)
def test_integers_are_read_as_in_c(text: str, number: int) -> None:
    assert integer(text) == number


@pytest.mark.parametrize("text", ["", "08", "1.5", "12abc", "1 2", "0x", "--1", "٣", "9" * 30])
def test_and_these_are_none(text: str) -> None:
    assert integer(text) is None


@pytest.mark.parametrize(
    ("kind", "name", "value", "refused"),
    [
        ("registration", "expiration", "4294967295", False),
        ("registration", "expiration", "4294967296", True),
        ("registration", "retry_interval", "-0", True),
        ("aor", "qualify_frequency", "86401", True),
        ("aor", "qualify_timeout", "0x1F", False),
        ("aor", "qualify_timeout", "1.5s", True),
        ("transport", "tcp_keepalive_idle_time", "-1", False),
        ("transport", "method", "TLSv1_2", False),
        ("transport", "method", "", False),
        ("transport", "method", "tls", True),
        ("endpoint", "100rel", "peer_supported", False),
        ("endpoint", "100rel", "on", False),
        ("endpoint", "100rel", "maybe", True),
        ("endpoint", "identify_by", "ip, username", False),
        ("endpoint", "identify_by", "ip,name", True),
        ("registration", "line", "junk", False),
    ],
)
def test_values_are_refused_as_asterisk_does(kind: str, name: str, value: str, refused: bool) -> None:
    found = option(kind, name)
    assert found is not None
    assert found.refuses(value) is refused


def test_options_are_known_by_type_and_in_any_case() -> None:
    assert takes("registration", "Server_URI")
    assert not takes("aor", "server_uri")
    assert takes("aor", "@mine")
    assert takes("phoneprov", "ANYTHING")
    assert takes("inbound-publication", "event_asterisk-mwi")
    assert not takes("inbound-publication", "mwi")
    assert not takes("peer", "host")


@pytest.mark.parametrize(
    ("kind", "wrong", "right"),
    [
        ("registration", "serveruri", "server_uri"),
        ("registration", "max_retrys", "max_retries"),
        ("endpoint", "fromdomain", "from_domain"),
        ("endpoint", "outbound-auth", "outbound_auth"),
        ("transport", "verifyserver", "verify_server"),
        ("transport", "zzzzzz", ""),
    ],
)
def test_the_closest_option_is_found(kind: str, wrong: str, right: str) -> None:
    assert closest(kind, wrong) == right


def test_the_closest_type_is_found() -> None:
    assert closest_type("Registration") == "registration"
    assert closest_type("outbound_publish") == "outbound-publish"
    assert closest_type("qqq") == ""


def test_every_type_and_default_fits_itself() -> None:
    assert len(schema()) == 15
    for kind, options in schema().items():
        for found in options.values():
            assert found.type == kind
            assert not (found.default and found.refuses(found.default)), found


@pytest.mark.parametrize(
    "text", ["10.0.0.0/8", "10.0.0.0/255.0.0.0", "10.1", "0x7f.1", "2001:db8::/32", "::1"]
)
def test_these_are_networks(text: str) -> None:
    assert read_network(text)


@pytest.mark.parametrize(
    "text", ["", "yes", "1.2.3.4/33", "1.2.3.4/", "08", "1.2.3.4.5", "256.1.1.1", "2001:db8::/129"]
)
def test_these_are_no_networks(text: str) -> None:
    assert not read_network(text)


def test_addresses_and_uris() -> None:
    assert read_ipv4("4294967295")
    assert not read_ipv4("4294967296")
    assert is_sip("<sip:h;lr>")
    assert is_sip("SIPS:u@h:5061")
    assert not is_sip("sip:" + "h" * 246)
    assert not is_sip('"x" <sip:h>')
    assert is_route("tel:1")
    assert not is_route("sip:")
    assert not is_route("192.0.2.1")
    assert split_list(" a, ,b,") == ("a", "b")


@pytest.mark.parametrize("text", ["[::", "[::1x]", "::x", "a b", "*", "1.2.3.4/8", "h:99999", "h:x", "h:٣"])
def test_no_bind(text: str) -> None:
    assert parse_bind(text) is None
