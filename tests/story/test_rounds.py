"""Recorded worlds told in rounds: what is one entry, what belongs together, what is left out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pjresolve.prediction.run import simulate_scenario
from pjresolve.sip.timers import seconds
from pjresolve.story.lines import Tone
from pjresolve.story.rounds import Round, rounds, timeline
from tests.recordings.library import recorded_scenario

Row = tuple[float | None, Tone, str]
QUIET, PLAIN, GOOD, WARN, BAD = Tone.QUIET, Tone.PLAIN, Tone.GOOD, Tone.WARN, Tone.BAD
ROUND_1 = (0, QUIET, "round 1: the registration was loaded")
TIMELINES: dict[tuple[str, str], list[Row]] = {
    ("udp-drop1", "asterisk-22"): [
        ROUND_1,
        (0, WARN, "1 UDP/IPv6 [2001:db8:5::1]:5060  no answer to 11 datagrams in 32 s"),
        (32, GOOD, "2 UDP/IPv4 203.0.113.1:5060  401, then 200, registered"),
        (32, GOOD, "registered: 3600 s are granted; the next round starts 10 s before their end"),
    ],
    ("maxretries", "asterisk-22"): [
        ROUND_1,
        (0, PLAIN, "1 UDP/IPv4 203.0.113.1:5060  503"),
        (0, PLAIN, "waiting: retry_interval=20, retry 1 of 2"),
        (None, QUIET, "… round 2 the same way, at 20"),
        (40, QUIET, "round 3: 20 s have passed"),
        (40, PLAIN, "1 UDP/IPv4 203.0.113.1:5060  503"),
        (40, BAD, "rejected: 503 after max_retries=2 retries"),
    ],
    ("all-srv-pinned-udp", "asterisk-22"): [
        ROUND_1,
        (
            0,
            QUIET,
            "1 UDP/IPv6 [2001:db8:5::1]:5060  skipped: it is not UDP/IPv4, the type of the pinned transport",
        ),
        (0, GOOD, "2 UDP/IPv4 203.0.113.1:5060  401, then 200, registered"),
        (0, GOOD, "registered: 3600 s are granted; the next round starts 10 s before their end"),
    ],
    # a challenge that is answered in a round of its own stays in its own
    ("all-srv", "chan_sip"): [
        ROUND_1,
        (0, PLAIN, "1 UDP/IPv6 [2001:db8:5::1]:5060  401"),
        (0, QUIET, "round 2: a challenge: resolved anew, and sent with credentials"),
        (0, GOOD, "1 UDP/IPv6 [2001:db8:5::1]:5060  200, registered"),
        (0, GOOD, "registered: 120 s are granted; the next round starts 15 s before their end"),
    ],
}


@pytest.mark.parametrize(("name", "stack"), TIMELINES, ids=lambda value: str(value))
def test_a_recorded_world_is_told_in_rounds(name: str, stack: str) -> None:
    found = simulate_scenario(recorded_scenario(name), stack=stack)
    told = [(None if e.t is None else seconds(e.t), e.tone, e.text) for e in timeline(found)]
    assert told == TIMELINES[name, stack]


def test_an_attempt_that_answers_a_challenge_stands_for_both() -> None:
    (one,) = [r for r in rounds(simulate_scenario(recorded_scenario("udp-drop1"))) if isinstance(r, Round)]
    silent, answered = one.attempts
    assert (silent.datagrams, silent.challenge) == (11, None)
    assert answered.challenge is not None
    assert answered.challenge.status == 401


def test_a_year_of_refreshes_is_told_as_fast_as_an_hour() -> None:
    year = replace(recorded_scenario("rereg-primary-dead"), duration=31_536_000.0, stop="duration")
    entries = list(timeline(simulate_scenario(year)))
    assert len(entries) < 20
    assert any("the same way, the last at" in entry.text for entry in entries)
