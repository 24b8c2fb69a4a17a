"""The `chan_sip` stack against recordings of Asterisk 16.28.

Its recordings hold the wire and the success, as chan_sip logs no target list. Each carries the sip.conf that
was run, and the pjsip.conf with the same meaning that the prediction is made from.
"""

from __future__ import annotations

import pytest

from pjresolve.errors import BadInput
from pjresolve.prediction.run import simulate_scenario
from pjresolve.scenario.format import parse_scenario
from pjresolve.stacks import all_stacks, stack_named
from tests.recordings import compare
from tests.recordings.library import CHAN_SIP_NAMES, recorded_scenario, recording


@pytest.mark.parametrize("name", CHAN_SIP_NAMES)
def test_what_is_sent_and_what_registers_is_as_recorded(name: str) -> None:
    prediction = simulate_scenario(recorded_scenario(name), stack="chan_sip").to_json()
    seen, said = compare.observed(recording(name)), compare.predicted(prediction)
    differences = list(compare.wire_differences(seen, said, compare.end_of(recording(name))))
    assert not differences
    if seen.registered is None:
        assert said.registered is None
    else:
        assert said.registered is not None
        assert said.registered[0] == seen.registered[0]
        assert compare.near(said.registered[1], seen.registered[1])


def test_there_are_recordings_to_compare_with() -> None:
    assert len(CHAN_SIP_NAMES) > 20


def test_every_stack_says_how_it_was_verified() -> None:
    for stack in all_stacks():
        assert "record" in stack.verified


def test_an_unknown_stack_is_bad_input_with_the_known_ones() -> None:
    with pytest.raises(BadInput, match="chan_sip"):
        stack_named("sofia")


def test_tls_without_a_method_is_what_sip_conf_speaks() -> None:
    """`tlsclientmethod` is sslv23 by default, unlike an absent `method=` in pjsip.conf."""
    text = """
name: tls
zone: |
  sip.example.net. 300 IN A 203.0.113.1
pjsip: |
  [tls]
  type=transport
  protocol=tls
  bind=0.0.0.0
  [itsp]
  type=registration
  server_uri=sips:sip.example.net
  client_uri=sip:me@sip.example.net
hosts:
  203.0.113.1: {tls/5061: accept}
"""
    world = parse_scenario(text, name="tls", folder=None)
    assert simulate_scenario(world, stack="chan_sip").registered
    assert not simulate_scenario(world).registered
