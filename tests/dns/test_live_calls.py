"""Calls and trunks over live DNS: asked of the same name server, and of no other."""

from __future__ import annotations

from pathlib import Path

import pytest

import pjresolve
from pjresolve.errors import DnsUnavailable
from tests.dns.test_load import serving

pytestmark = [pytest.mark.network, pytest.mark.slow]
CONF = """
[udp]
type=transport
protocol=udp
bind=0.0.0.0
[itsp]
type=registration
server_uri=sip:d.test
client_uri=sip:me@d.test
[itsp]
type=aor
contact=sip:d.test
[itsp]
type=endpoint
aors=itsp
allow=alaw
"""


def test_a_call_asks_what_a_registration_asks() -> None:
    with serving() as nameserver:
        called = pjresolve.call(to="d.test", nameservers=[nameserver])
        registered = pjresolve.resolve("d.test", nameservers=[nameserver])
    assert called.answered
    assert called.targets == registered.targets
    assert len(called.outages()) == len(called.targets)


def test_a_trunk_is_asked_of_live_dns(tmp_path: Path) -> None:
    (tmp_path / "pjsip.conf").write_text(CONF, encoding="utf-8")
    with serving() as nameserver:
        (one,) = pjresolve.trunk(tmp_path / "pjsip.conf", nameservers=[nameserver])
    assert [way["kind"] for way in one.ways()] == ["REGISTER", "INVITE out"]
    assert {row["outage"] for row in one.outages()} >= {"the DNS is silent"}


def test_nobody_to_ask_is_said() -> None:
    with pytest.raises(DnsUnavailable):
        pjresolve.call(to="d.test", nameservers=["127.0.0.1#1"], timeout=0.5)
