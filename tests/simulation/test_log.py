"""The log: what repeats is kept once and read as often as it happens."""

from __future__ import annotations

from pjresolve.model import UDP4, Target
from pjresolve.simulation.log import Log, moved
from pjresolve.trace import (
    Cause,
    DatagramSent,
    LifeEvent,
    RoundStarted,
    State,
    StateChanged,
    Step,
    StepTaken,
    WorldChanged,
)

WHO = "itsp"
TARGET = Target(UDP4, "203.0.113.1", 5060)


def sent(t: int, round_: int = 0, number: int = 0) -> DatagramSent:
    return DatagramSent(t, WHO, round_, TARGET, number)


def log(*events: LifeEvent) -> Log:
    made = Log()
    made.events += events
    return made


def test_without_a_repetition_it_is_a_list() -> None:
    made = log(sent(1), sent(2))
    assert list(made) == made.events
    assert len(made) == 2


def test_a_repetition_comes_where_it_happened_with_its_own_times_and_rounds() -> None:
    made = log(sent(0), sent(10, 1), sent(11, 1, 1))
    made.repeat(start=1, period=100, rounds=1, retries=0, times=2)
    made.events.append(sent(305, 4))
    assert [(e.t, e.round) for e in made if isinstance(e, DatagramSent)] == [
        (0, 0), (10, 1), (11, 1), (110, 2), (111, 2), (210, 3), (211, 3), (305, 4),
    ]  # fmt: skip
    assert len(made) == 8


def test_repetitions_follow_each_other() -> None:
    made = log(sent(0), sent(5))
    made.repeat(start=0, period=10, rounds=2, retries=0, times=1)
    made.events.append(sent(20, 4))
    made.repeat(start=2, period=3, rounds=1, retries=0, times=2)
    assert [e.t for e in made] == [0, 5, 10, 15, 20, 23, 26]
    assert len(made) == len(list(made))


def test_events_of_one_kind_are_the_same_as_in_the_whole() -> None:
    made = log(
        RoundStarted(0, WHO, 0, Cause.WAITED, "x"), sent(1), StateChanged(2, WHO, State.WAITING, "x", 1, 9)
    )
    made.repeat(start=0, period=10, rounds=1, retries=1, times=3)
    made.events += [RoundStarted(40, WHO, 4, Cause.WAITED, "y"), sent(41, 4)]
    for kind in (RoundStarted, DatagramSent, StateChanged, WorldChanged):
        assert list(made.of(kind)) == [e for e in made if isinstance(e, kind)]
    both = (RoundStarted, StateChanged)
    assert list(made.of(*both)) == [e for e in made if isinstance(e, both)]


def test_reading_begins_anew_each_time() -> None:
    made = log(sent(0))
    made.repeat(start=0, period=1, rounds=1, retries=0, times=3)
    assert list(made) == list(made)


def test_a_year_takes_the_memory_of_a_round() -> None:
    made = log(sent(0))
    made.repeat(start=0, period=1, rounds=1, retries=0, times=10**9)
    first = iter(made)
    assert [next(first).t for _ in range(4)] == [0, 1, 2, 3]
    assert (len(made), len(made.events)) == (10**9 + 1, 1)


def test_retries_are_counted_on() -> None:
    step = StepTaken(5, WHO, 1, Step.RETRY, "retry_interval=20", 20, 3, 10)
    assert step.why == "retry_interval=20, retry 3 of 10"
    later = moved(step, 100, 2, 2)
    assert later == StepTaken(105, WHO, 3, Step.RETRY, "retry_interval=20", 20, 5, 10)
    assert moved(StateChanged(5, WHO, State.WAITING, "x", 1, 9), 1, 1, 4) == StateChanged(
        6, WHO, State.WAITING, "x", 5, 9
    )


def test_what_counts_no_retry_stays_so() -> None:
    step = StepTaken(5, WHO, 1, Step.NEXT_TARGET, "the next target")
    assert (moved(step, 1, 1, 7), step.why) == (
        StepTaken(6, WHO, 2, Step.NEXT_TARGET, "the next target"),
        "the next target",
    )


def test_only_what_belongs_to_a_round_changes_it() -> None:
    assert moved(WorldChanged(1, "203.0.113.1", "down"), 9, 5) == WorldChanged(10, "203.0.113.1", "down")
    assert moved(RoundStarted(1, WHO, 2, Cause.WAITED, "x"), 9, 5) == RoundStarted(
        10, WHO, 7, Cause.WAITED, "x"
    )
