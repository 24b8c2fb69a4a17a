"""The non-INVITE client transaction: every transition, and the clock that goes with it."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pjresolve.sip.timers import Timers, microseconds, seconds
from pjresolve.sip.transaction import NON_INVITE, Action, Input, State, Transaction

WAYS: dict[State, list[Input]] = {
    State.TRYING: [],
    State.PROCEEDING: [Input.PROVISIONAL],
    State.TERMINATED: [Input.TIMER_F],
}
"""Inputs that lead to each state."""


def transaction(
    state: State = State.TRYING, *, ticks: bool = True, timers: Timers | None = None
) -> Transaction:
    made = Transaction(timers or Timers(), ticks=ticks)
    for happened in WAYS[state]:
        made.take(happened)
    assert made.state is state
    return made


@pytest.mark.parametrize(
    ("state", "happened"), list(product(State, Input)), ids=lambda value: value.name.lower().replace("_", " ")
)
def test_every_input_in_every_state(state: State, happened: Input) -> None:
    """RFC 3261 figure 6, written out once more; what the figure does not know does nothing."""
    waits = state in (State.TRYING, State.PROCEEDING)
    expected = (state, Action.NOTHING)
    if waits and happened is Input.TIMER_E:
        expected = (state, Action.SEND)
    elif waits and happened is Input.PROVISIONAL:
        expected = (State.PROCEEDING, Action.NOTHING)
    elif waits:
        expected = (State.TERMINATED, Action.REPORT)
    made = transaction(state)
    action = made.take(happened)
    assert (made.state, action) == expected


def test_every_state_can_be_reached_and_left_or_is_the_end() -> None:
    reached = {State.TRYING} | {state for state, _ in NON_INVITE.values()}
    left = {state for state, _ in NON_INVITE}
    assert reached == set(State)
    assert set(State) - left == {State.TERMINATED}


@given(st.lists(st.sampled_from(Input)))
def test_whatever_happens_it_reports_once(happened: list[Input]) -> None:
    made = transaction()
    said = [made.take(one) for one in happened]
    ends = [i for i, action in enumerate(said) if action is Action.REPORT]
    assert len(ends) <= 1
    assert made.over == bool(ends)
    if ends:
        assert Action.SEND not in said[ends[0] :]


def sends(made: Transaction, provisional_at: float | None = None) -> list[float]:
    """When a transaction sends, in seconds, until Timer F; a provisional answer may come in between."""
    out, at, limit = [0.0], made.next_e(), made.timers.f
    answered = None if provisional_at is None else microseconds(provisional_at)
    while at < limit:
        if answered is not None and answered <= at:
            at, answered = (answered + made.next_e() if made.proceeds() else at), None
            continue
        assert made.take(Input.TIMER_E) is Action.SEND
        out.append(seconds(at))
        at += made.next_e()
    return out


def test_datagrams_are_repeated_after_t1_doubling_up_to_t2() -> None:
    """Recording `udp-drop-all`."""
    assert sends(transaction()) == [0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]


def test_after_a_provisional_answer_the_interval_is_t2() -> None:
    """Recording `bh-udp-trying-default`."""
    assert sends(transaction(), provisional_at=2.0)[:6] == [0, 0.5, 1.5, 6.0, 10.0, 14.0]


def test_only_the_first_provisional_answer_sets_the_clock() -> None:
    made = transaction()
    assert made.proceeds()
    assert not made.proceeds()


def test_a_short_t1_has_more_repetitions() -> None:
    """Recording `timers`."""
    made = transaction(timers=Timers(t1=100_000, f=6_400_000))
    assert sends(made) == [0, 0.1, 0.3, 0.7, 1.5, 3.1, 6.3]


# ---------------------------------------------------------------- timers


@given(st.integers(100_000, 10_000_000), st.integers(0, 10_000))
def test_timer_e_doubles_up_to_t2(t1: int, number: int) -> None:
    timers = Timers(t1=t1)
    assert timers.e(0) == min(t1, timers.t2)
    assert timers.e(number + 1) == min(2 * timers.e(number), timers.t2)


@given(st.integers(0, 10**15))
def test_microseconds_and_back(t: int) -> None:
    assert microseconds(seconds(t)) == t


def test_parts_of_a_microsecond_are_rounded() -> None:
    assert microseconds(0.1 + 0.2) == 300_000
