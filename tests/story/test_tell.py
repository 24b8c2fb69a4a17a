"""The log told once: every kind of event is told, with who, when, what, tone and why."""

from __future__ import annotations

from typing import get_args

import pytest

from pjresolve.model import TCP4, UDP4, Query, Target
from pjresolve.prediction.run import simulate_scenario
from pjresolve.simulation.log import Log
from pjresolve.sip.outcome import Ending
from pjresolve.stacks import stack_names
from pjresolve.story.lines import STATE_TONES, Kind, Line, Tone, ending_tone
from pjresolve.story.tell import More, Teller, tell, told, unrolled
from pjresolve.trace import (
    AttemptEnded,
    AttemptStarted,
    Cause,
    ConnectionClosed,
    ConnectionFailed,
    ConnectionOpened,
    ConnectionReused,
    ConnectStarted,
    ContactChanged,
    DatagramSent,
    LifeEvent,
    ListKnown,
    RequestHeld,
    RequestSent,
    Responded,
    RoundStarted,
    State,
    StateChanged,
    Step,
    StepTaken,
    TargetSkipped,
    WorldChanged,
)
from tests.recordings.library import recorded_scenario

WHO, ONE, TWO = "itsp", Target(UDP4, "203.0.113.1", 5060), Target(TCP4, "203.0.113.2", 5060)
EACH: list[tuple[LifeEvent, Kind, Tone, str]] = [
    (RoundStarted(5, WHO, 0, Cause.LOADED, "it was loaded"), Kind.ROUND, Tone.ACCENT, "round 1 starts"),
    (ListKnown(5, WHO, 0, (Query("h", "A"),), (ONE,), "in order"), Kind.LIST, Tone.PLAIN, "1 query made"),
    (ListKnown(5, WHO, 0, (), (), "no address"), Kind.LIST, Tone.BAD, "0 targets known: no address"),
    (TargetSkipped(5, WHO, 0, ONE, "it is pinned"), Kind.SKIPPED, Tone.QUIET, "skipped, it is pinned"),
    (AttemptStarted(5, WHO, 0, ONE, True), Kind.ATTEMPT, Tone.PLAIN, "attempt with credentials"),
    (DatagramSent(5, WHO, 0, ONE, 2), Kind.DATAGRAM, Tone.PLAIN, "datagram 3"),
    (ConnectStarted(5, WHO, 0, TWO), Kind.CONNECT, Tone.PLAIN, "connect"),
    (ConnectionReused(5, WHO, 0, TWO, "open"), Kind.REUSED, Tone.PLAIN, "the open connection is used"),
    (ConnectionOpened(5, (WHO,), TWO), Kind.OPENED, Tone.PLAIN, "connected"),
    (ConnectionFailed(5, (WHO,), TWO, "it was refused"), Kind.FAILED, Tone.BAD, "it was refused"),
    (ConnectionClosed(5, (WHO,), TWO, "by the far end"), Kind.CLOSED, Tone.WARN, "by the far end"),
    (RequestSent(5, WHO, 0, TWO), Kind.REQUEST, Tone.PLAIN, "request sent"),
    (RequestHeld(5, WHO, 0, ONE, TWO), Kind.HELD, Tone.WARN, "nothing sent"),
    (Responded(5, WHO, 0, ONE, 403), Kind.RESPONSE, Tone.BAD, "403"),
    (Responded(5, WHO, 0, ONE, 401), Kind.RESPONSE, Tone.PLAIN, "401"),
    (AttemptEnded(5, WHO, 0, ONE, Ending.TIMEOUT, 408, 5, False), Kind.ENDED, Tone.BAD, "timeout (408)"),
    (StepTaken(5, WHO, 0, Step.RETRY, "retry_interval=9", 9, 1, 3), Kind.STEP, Tone.PLAIN, "retry 1 of 3"),
    (StateChanged(5, WHO, State.LAPSED, "it ran out"), Kind.STATE, Tone.BAD, "state lapsed: it ran out"),
    (ContactChanged(5, WHO, True, "200"), Kind.STATE, Tone.GOOD, "the contact is reachable: 200"),
    (ContactChanged(5, WHO, False, "408"), Kind.STATE, Tone.BAD, "the contact is unreachable: 408"),
    (WorldChanged(5, "203.0.113.1", "down"), Kind.WORLD, Tone.ACCENT, "203.0.113.1 down"),
]


def test_every_kind_of_event_is_among_them() -> None:
    assert {type(event) for event, *_ in EACH} == set(get_args(LifeEvent))
    assert {kind for _, kind, *_ in EACH} == set(Kind)


@pytest.mark.parametrize(("event", "kind", "tone", "said"), EACH, ids=lambda value: type(value).__name__)
def test_an_event_is_told(event: LifeEvent, kind: Kind, tone: Tone, said: str) -> None:
    line = Teller().tell(event)
    assert (line.t, line.kind) == (5, kind)
    assert line.who == ("" if isinstance(event, WorldChanged) else WHO)
    assert said in line.text
    if kind is not Kind.STEP:
        assert line.tone is tone


def test_every_state_and_every_ending_has_a_tone() -> None:
    assert set(STATE_TONES) == set(State)
    assert {ending_tone(ending) for ending in Ending} == {Tone.GOOD, Tone.WARN, Tone.BAD}


def test_a_repetition_is_told_as_one_and_unrolled_on_demand() -> None:
    log = Log()
    log.events.append(DatagramSent(0, WHO, 0, ONE, 0))
    log.repeat(start=0, period=10, rounds=1, retries=0, times=10**9)
    assert len(list(tell(log))) == 2
    *lines, more = unrolled(log, most=3)
    assert [line.t for line in lines if isinstance(line, Line)] == [0, 10, 20, 30]
    assert more == More(10**9 - 3, 10, 30)


@pytest.mark.parametrize("stack", stack_names())
def test_a_run_has_a_line_for_each_event(stack: str) -> None:
    found = simulate_scenario(recorded_scenario("udp-drop1"), stack=stack)
    lines = [line for line in told(found) if isinstance(line, Line)]
    assert [line.t for line in lines] == [event.t for event in found.log.events]
    assert all(line.text for line in lines)


def test_the_timer_that_ended_an_attempt_is_named() -> None:
    lines = [
        line for line in told(simulate_scenario(recorded_scenario("udp-drop1"))) if isinstance(line, Line)
    ]
    (ended,) = [x for x in lines if x.kind is Kind.ENDED and x.attempt and x.attempt.ending is Ending.TIMEOUT]
    assert ended.text.endswith("ends as timeout (408) after 32 s: Timer F, 64 × T1 (timer_t1=500)")


def test_a_request_outside_any_attempt_tells_of_its_connection_too() -> None:
    teller = Teller()
    teller.tell(ConnectionReused(5, WHO, 0, TWO, "open"))
    assert teller.tell(RequestSent(5, WHO, 0, TWO)).short == "REGISTER tcp, same connection"
