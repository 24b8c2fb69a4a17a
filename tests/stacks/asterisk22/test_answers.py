"""What is made of an answer: pure functions of its header lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pjresolve.config.objects import load_text
from pjresolve.sip.headers import OWN_CONTACT
from pjresolve.stacks.asterisk22.answers import (
    Credentials,
    can_answer,
    credentials_of,
    granted,
    least_expiration,
    retry_after,
    unreadable,
    why_unanswered,
)
from tests.simulation.worlds import pjsip_conf

OWN, OTHER = f"Contact: <{OWN_CONTACT}>", "Contact: <sip:o@192.0.2.9>"
MD5 = frozenset(["MD5"])
DIGEST = "WWW-Authenticate: Digest "


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ((), 20),  # `ct2-none`
        (("Expires: 14",), 14),  # `ct2-expires-only`
        (("Expires: 0",), 0),  # `ct2-expires-0`
        ((f"{OWN};expires=14", "Expires: 18"), 14),  # `ct2-own`
        ((f"{OWN};expires=14", "Expires: 0"), 14),  # `ct3-own-exp-0`
        ((OWN, "Expires: 14"), 14),  # `ct2-own-noexp`
        ((f"{OTHER};expires=14", "Expires: 18"), 14),  # `ct2-foreign`
        ((f"{OTHER};expires=14", f"{OTHER};expires=16", "Expires: 12"), 12),  # `ct2-two-foreign`
        ((f"{OTHER};expires=14", f"{OTHER};expires=16"), 20),  # `ct2-two-foreign-noexpires`
        ((f"{OTHER};expires=16", f"{OWN};expires=14", "Expires: 12"), 14),  # `ct2-foreign-and-own`
        ((f"{OWN}, <sip:o@192.0.2.9>;expires=14",), 20),  # `ct2-own-noexp-foreign-noexpires`
        ((f"{OWN};expires=14, <{OWN_CONTACT}>;expires=12",), 12),  # `ct2-own-twice`
        ((f"{OWN};expires=0", "Expires: 14"), 14),  # `ct2-own-0`
        ((f"{OWN};expires=0", f"{OWN};expires=14"), 20),  # `ct2-own-0-and-own`
        ((f"{OTHER};expires=0",), 20),  # `ct3-foreign-0-alone`
        ((f'{OWN};expires="14"',), 20),  # `ct2-quoted-expires`
        ((f"{OWN};expires=14x",), 14),  # `ct3-own-12x`
        ((f"{OWN};expires=99999999999",), 1215752191),  # `ct2-huge`
        ((*[f"{OTHER};expires=16"] * 11, f"{OWN};expires=14", "Expires: 12"), 12),  # `ct2-eleven`
        ((f"m: <{OWN_CONTACT}>;EXPIRES=14",), 14),  # `ct2-short-form`, `ct2-upper-param`
    ],
)
def test_what_a_200_grants_who_asked_for_20_s(headers: tuple[str, ...], seconds: int) -> None:
    assert granted(headers, 20) == seconds


@pytest.mark.parametrize(
    ("challenges", "realm", "algorithms", "answered"),
    [
        (['realm="lab", nonce="1"'], "", MD5, True),
        (['realm="LAB", nonce="1"'], "lab", MD5, True),  # `realm-case`
        (['realm="lab", nonce="1"'], "other", MD5, False),  # `realm-other`
        (['realm="a", nonce="1"', 'realm="b", nonce="2"'], "b", MD5, True),  # `ch-two-second`
        (['realm="a", nonce="1"', 'realm="b", nonce="2"'], "c", MD5, False),  # `ch-two-neither`
        (['nonce="1"'], "lab", MD5, False),  # `ch-norealm-realm`
        (['nonce="1"'], "", MD5, True),  # `ch-norealm`
        (['realm="lab", algorithm=SHA-256'], "", MD5, False),  # `ch-sha256`
        (['realm="lab", algorithm=SHA-256'], "", frozenset(["SHA-256"]), True),  # `alg-sha-256-sha`
        (['realm="lab", algorithm=BOGUS'], "", frozenset(["BOGUS"]), False),  # `ch-bogus`
        (['realm="lab", algorithm=md5'], "", MD5, True),  # `ch-md5lower`
        (['realm="lab", qop="auth-int"'], "", MD5, False),  # `ch-qopint`
        (['realm="lab", qop="auth-int, auth"'], "", MD5, True),  # `ch-qopboth2`
        (['realm="lab", qop=""'], "", MD5, True),  # `ch-qopempty`
        (['realm="a", qop="auth-int"', 'realm="b"'], "", MD5, True),  # `ch3-qopint-and-ok`
        ([], "", MD5, False),  # `ch-nothing`
    ],
)
def test_which_challenge_is_answered(
    challenges: list[str], realm: str, algorithms: frozenset[str], answered: bool
) -> None:
    lines = [DIGEST + text for text in challenges]
    own = [Credentials(realm, algorithms)]
    assert can_answer(401, lines, own) is answered
    assert not can_answer(407, lines, own)
    assert not can_answer(401, lines, [])
    assert "401" in why_unanswered(401, lines, own)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('WWW-Authenticate: Basic realm="lab"', "WWW-Authenticate"),  # `ch-basic`
        ("Proxy-Authenticate: Basic x", "Proxy-Authenticate"),  # `ch3-www-401-and-proxy-header`
        ("WWW-Authenticate: Digest", "WWW-Authenticate"),  # `ch-bare`
        ("WWW-Authenticate:", "WWW-Authenticate"),  # `ch-emptyvalue`
        ('WWW-Authenticate: Digest realm="lab",', "WWW-Authenticate"),  # `ch3-trailing-comma`
        ('WWW-Authenticate: Digest realm="lab, nonce="1"', "WWW-Authenticate"),  # `ch3-unclosed`
        ('WWW-Authenticate: Digest realm="a", Digest realm="b"', "WWW-Authenticate"),  # `ch3-comma-two`
        ('WWW-Authenticate: Digest realm="lab", foo', ""),  # `ch3-flagparam`
        ("www-authenticate:digest realm=lab,nonce=1", ""),  # `ch-digestlower`, `ch-unquotedrealm`
        ("Min-Expires: abc", "Min-Expires"),  # `me-bogus`
        ("Min-Expires: -5", "Min-Expires"),  # `me-neg`
        ("Expires: 14 junk", "Expires"),  # `ct3-expires-junk`
        ("Expires: Thu, 01 Dec 2034 16:00:00 GMT", "Expires"),  # `ct2-expires-date`
        ("Expires :  14 ", ""),  # `ct3-expires-space`
        ("Retry-After: abc", "Retry-After"),  # `ct2-headers-retry-after-bogus`
        ("Retry-After: 2 (soon);duration=3", ""),  # `ct2-headers-retry-after-date`
        ("Contact:", "Contact"),  # `ct2-contact-empty`
        ("Contact: <<<", "Contact"),  # `ct2-contact-malformed`
        ("Contact: nonsense;expires=12", "Contact"),  # `ct2-contact-malformed2`
        ("Contact: <sip:>;expires=14", "Contact"),  # `ct3-nohost`
        ("Contact: <tel:123>;expires=14", ""),  # `ct2-tel`
        ("Contact: *", ""),
        ("X-Whatever: <<<", ""),
    ],
)
def test_an_answer_with_a_header_that_cannot_be_read_is_dropped(line: str, name: str) -> None:
    assert unreadable(["X-A: 1", line]) == name


def test_what_a_423_asks_for() -> None:
    assert least_expiration(()) == 3601  # `me-none-25`
    assert least_expiration(("Min-Expires: 30", "Min-Expires: 50")) == 30  # `me-twice-header`
    assert least_expiration(("Min-Expires: 99999999999",)) == 1215752191  # `me-huge2`


def test_the_first_retry_after_counts() -> None:
    assert retry_after(("Retry-After: 2", "Retry-After: 4")) == 2  # `ct2-headers-retry-after-twice`
    assert retry_after(()) is None


def test_the_credentials_of_a_registration() -> None:
    text = pjsip_conf(options={"outbound_auth": "gone,itsp,more"}) + (
        "\n[more]\ntype=auth\nusername=u\npassword=p\nrealm=A.Example\nsupported_algorithms_uac=SHA-256,MD5\n"
    )
    config = load_text(text)
    assert credentials_of(config, config.registrations["itsp"].outbound_auth) == (
        Credentials("", MD5),
        Credentials("A.Example", frozenset(["SHA-256", "MD5"])),
    )


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_header_line_can_be_judged(lines: list[str]) -> None:
    whole = [f"{name}: {line}" for line in lines for name in ("Contact", "WWW-Authenticate", "Expires")]
    assert unreadable(whole) in ("", "Contact", "WWW-Authenticate", "Expires")
    assert granted(whole, 20) >= 0
    can_answer(401, whole, [Credentials("", MD5)])
