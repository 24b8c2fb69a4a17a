"""What a scenario expects of calls, contacts and requests, held against what comes out."""

from __future__ import annotations

import pytest

from pjresolve.prediction.expectations import Difference, differences
from pjresolve.prediction.run import simulate_scenario
from pjresolve.scenario.format import parse_scenario

WORLD = """
zone: |
  _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 p1.example.net.
  _sip._udp.sip.example.net. 300 IN SRV 20 10 5060 p2.example.net.
  p1.example.net. 300 IN A 203.0.113.1
  p2.example.net. 300 IN A 203.0.113.2
pjsip: |
  [t]
  type=transport
  protocol=udp
  bind=0.0.0.0

  [itsp]
  type=auth
  username=me
  password=secret

  [itsp]
  type=aor
  contact=sip:sip.example.net
  qualify_frequency=30

  [itsp]
  type=endpoint
  aors=itsp
  outbound_auth=itsp
  context=in
  allow=alaw

  [itsp]
  type=identify
  endpoint=itsp
  match=203.0.113.1
hosts:
  203.0.113.1: {udp/5060: {status: 503}}
  203.0.113.2: {udp/5060: {ring: 3}}
calls:
  - {at: 5, endpoint: itsp, number: "1"}
  - {at: 20, endpoint: itsp, number: "2", timeout: 2}
incoming:
  - {at: 10, from: 203.0.113.1, uri: "sip:100@198.51.100.10"}
  - {at: 12, from: 203.0.113.2, uri: "sip:100@198.51.100.10"}
duration: 40
stop: duration
expect:
"""
CALLED = "{answered: {address: 203.0.113.2}, within: 3.1, status: 200, tried: [{port: 5060}, {port: 5060}]}"
FAILED = "{answered: none, within: 2.1}"
BY_IP = '{endpoint: itsp, matched_by: ip, status: 200, context: in, extension: "100"}'
NOBODY = "{endpoint: none, matched_by: none, status: 401, context: none, extension: none}"


def failing(expect: str) -> list[Difference]:
    scenario = parse_scenario(f"{WORLD}  {expect}\n", name="s", folder=None)
    return differences(simulate_scenario(scenario))


@pytest.mark.parametrize(
    "expect",
    [
        f"calls: [{CALLED}, {FAILED}]",
        "calls: [{}, {}]",
        "contacts: {itsp: reachable}",
        f"incoming: [{BY_IP}, {NOBODY}]",
    ],
)
def test_what_comes_out_is_no_difference(expect: str) -> None:
    assert failing(expect) == []


@pytest.mark.parametrize(
    ("expect", "what", "predicted"),
    [
        ("calls: [{}]", "calls", "2 calls"),
        ("calls: [{answered: none}, {}]", "call 1, answered", "udp 203.0.113.2:5060"),
        ("calls: [{}, {answered: {transport: udp}}]", "call 2, answered", "none"),
        ("calls: [{within: 2}, {}]", "call 1, within", "3 s"),
        ("calls: [{status: 503}, {}]", "call 1, status", "200"),
        (
            "calls: [{tried: [{address: 203.0.113.2}]}, {}]",
            "call 1, tried",
            "udp 203.0.113.1:5060, udp 203.0.113.2:5060",
        ),
        ("contacts: {itsp: unreachable}", "contacts of itsp", "reachable"),
        ("contacts: {other: reachable}", "contacts of other", "not known"),
        ("incoming: []", "incoming", "2 requests"),
        ("incoming: [{endpoint: none}, {}]", "request 1, endpoint", "itsp"),
        ("incoming: [{}, {endpoint: itsp}]", "request 2, endpoint", "none"),
        ("incoming: [{matched_by: line}, {}]", "request 1, matched_by", "ip"),
        ("incoming: [{}, {status: 200}]", "request 2, status", "401"),
        ("incoming: [{context: default}, {}]", "request 1, context", "in"),
        ("incoming: [{extension: s}, {}]", "request 1, extension", "100"),
    ],
)
def test_what_does_not_come_out_is_told(expect: str, what: str, predicted: str) -> None:
    assert [(d.what, d.predicted) for d in failing(expect)] == [(what, predicted)]
