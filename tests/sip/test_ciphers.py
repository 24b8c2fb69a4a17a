"""Ciphers by name and number, and which a server takes."""

from __future__ import annotations

import pytest

from pjresolve.config.objects import load_text
from pjresolve.model import TLS4
from pjresolve.sip.ciphers import CURRENT, OLDER, known, taken
from pjresolve.sip.tls import TlsSettings, handshake
from pjresolve.stacks.asterisk22.tls import tls_settings

TRANSPORT = "[t]\ntype=transport\nprotocol=tls\nbind=0.0.0.0\nverify_server=no\nmethod=tlsv1_2\n"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("AES128-SHA", "AES128-SHA"),
        ("aes128-sha", None),
        ("0xC030", "ECDHE-RSA-AES256-GCM-SHA384"),
        ("0XC030", "ECDHE-RSA-AES256-GCM-SHA384"),
        ("49200", "ECDHE-RSA-AES256-GCM-SHA384"),
        ("47", "AES128-SHA"),
        ("0xFFFF", None),
        ("C030", None),
        ("ALL", None),
        ("RC4-SHA", None),
        ("", None),
        ("-1", None),
        ("1.5", "NULL-MD5"),
        ("٤٧", None),
    ],
)
def test_a_cipher_has_a_name_and_a_number(text: str, name: str | None) -> None:
    assert known(text) == name


def test_a_server_takes_what_its_key_and_its_age_allow() -> None:
    assert all(known(name) for name in OLDER)
    assert CURRENT < OLDER
    assert taken(frozenset(["NULL-SHA"]), CURRENT, "1.3")
    assert not taken(frozenset(["AES128-SHA"]), CURRENT, "1.2")
    assert taken(frozenset(["AES128-SHA"]), OLDER, "1.0")
    assert not taken(frozenset(["AES256-GCM-SHA384"]), OLDER, "1.1")


@pytest.mark.parametrize(
    ("lines", "fails"),
    [
        ("", False),
        ("cipher=AES128-SHA\n", True),
        ("cipher=AES128-SHA,DEFAULT\n", False),
        ("cipher=AES128-SHA\ncipher=0xC02F\n", False),
        ("cipher=@SECLEVEL=0\n", True),
    ],
)
def test_a_handshake_needs_a_common_cipher(lines: str, fails: bool) -> None:
    settings = tls_settings(load_text(TRANSPORT + lines).transports["t"])
    why = handshake(settings, "h", (), self_signed=False, expired=False, lowest="1.2", highest="1.3")
    assert bool(why) is fails
    assert why is None or "no common cipher for TLS 1.2" in why


def test_an_unknown_cipher_refuses_the_transport() -> None:
    config = load_text(TRANSPORT + "cipher=AES128-SHA, BOGUS\n")
    assert not config.transports
    assert config.refusals[0].message == "Cipher 'BOGUS' is unsupported"
    assert load_text(TRANSPORT).transports["t"].type == TLS4
    assert TlsSettings().ciphers is None
