"""The event heap: what runs when, and what is left to come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pjresolve.simulation.engine import Engine


class Diary:
    """An engine, and what ran on it."""

    def __init__(self) -> None:
        self.engine = Engine()
        self.lines: list[tuple[int, str]] = []

    def write(self, name: str) -> None:
        self.lines.append((self.engine.now, name))

    def at(self, when: int, name: str, *, priority: int = 0, fixed: bool = False) -> None:
        self.engine.at(when, lambda: self.write(name), tag=name, priority=priority, fixed=fixed)

    def text(self) -> str:
        return " ".join(f"{t}{name}" for t, name in self.lines)


def test_what_is_due_first_runs_first() -> None:
    diary = Diary()
    for when, name in ((30, "c"), (10, "a"), (20, "b")):
        diary.at(when, name)
    assert diary.engine.run(until=100, most_steps=10)
    assert diary.text() == "10a 20b 30c"
    assert diary.engine.now == 100


def test_ties_are_broken_by_priority_then_by_the_order_of_scheduling() -> None:
    diary = Diary()
    diary.at(5, "b")
    diary.at(5, "d", priority=1)
    diary.at(5, "c")
    diary.at(5, "a", priority=-1)
    diary.engine.run(until=5, most_steps=10)
    assert diary.text() == "5a 5b 5c 5d"


def test_what_an_action_schedules_for_now_runs_now() -> None:
    diary = Diary()
    diary.engine.at(3, lambda: diary.at(3, "b"))
    diary.at(3, "a")
    diary.engine.run(until=3, most_steps=10)
    assert diary.text() == "3a 3b"


def test_nothing_can_be_scheduled_before_now() -> None:
    engine = Engine()
    engine.run(until=50, most_steps=10)
    with pytest.raises(ValueError, match="cannot schedule at 49, it is 50"):
        engine.at(49, lambda: None)
    engine.at(50, lambda: None)


def test_what_lies_behind_the_end_stays_there() -> None:
    diary = Diary()
    diary.at(10, "a")
    diary.at(11, "b")
    diary.engine.run(until=10, most_steps=10)
    assert diary.text() == "10a"
    diary.engine.run(until=11, most_steps=10)
    assert diary.text() == "10a 11b"


def test_a_cancelled_entry_does_not_run_and_counts_no_step() -> None:
    diary = Diary()
    entry = diary.engine.after(10, lambda: diary.write("a"))
    diary.at(20, "b")
    entry.cancel()
    diary.engine.run(until=100, most_steps=1)
    assert (diary.text(), diary.engine.steps) == ("20b", 1)


def test_a_run_that_takes_too_many_steps_says_so() -> None:
    engine = Engine()

    def again() -> None:
        engine.after(1, again)

    again()
    assert not engine.run(until=1000, most_steps=100)
    assert engine.steps == 100
    assert engine.now == 100


def test_stopping_leaves_the_rest_and_the_clock_where_they_are() -> None:
    diary = Diary()
    diary.engine.at(7, diary.engine.stop)
    diary.at(7, "a")
    assert diary.engine.run(until=100, most_steps=10)
    assert (diary.text(), diary.engine.now) == ("", 7)


# ---------------------------------------------------------------- the pending future


def test_the_future_is_told_relative_to_now_without_the_calendar() -> None:
    diary = Diary()
    diary.at(40, "b", priority=1)
    diary.at(30, "a")
    diary.at(35, "calendar", fixed=True)
    diary.engine.after(32, lambda: None, tag="gone").cancel()
    diary.engine.run(until=10, most_steps=10)
    assert diary.engine.pending() == ((20, 0, "a"), (30, 1, "b"))
    assert diary.engine.next_fixed() == 35


def test_skipping_moves_everything_but_the_calendar() -> None:
    diary = Diary()
    diary.at(10, "a")
    diary.at(25, "calendar", fixed=True)
    diary.engine.run(until=5, most_steps=10)
    before = diary.engine.pending()
    assert before == ((5, 0, "a"),)
    diary.engine.skip(15)
    assert diary.engine.now == 5
    assert diary.engine.pending() == ((20, 0, "a"),)
    diary.engine.run(until=100, most_steps=10)
    assert diary.text() == "25a 25calendar"


def test_only_what_is_owned_is_moved_and_what_runs_runs_again_then() -> None:
    diary = Diary()
    skipped: list[int] = []

    def skip_once() -> None:
        if not skipped:
            skipped.append(diary.engine.now)
            assert diary.engine.pending(lambda tag: tag == "mine") == ((2, 0, "mine"),)
            diary.engine.skip(20, lambda tag: tag == "mine")
            return
        diary.write("self")

    diary.engine.at(3, skip_once)
    diary.at(5, "mine")
    diary.at(6, "theirs")
    diary.engine.run(until=100, most_steps=10)
    assert diary.text() == "6theirs 23self 25mine"


def test_the_calendar_is_empty_where_nothing_is_fixed() -> None:
    engine = Engine()
    engine.at(5, lambda: None)
    engine.at(6, lambda: None, fixed=True).cancel()
    assert engine.next_fixed() is None


def test_cancelled_entries_do_not_pile_up() -> None:
    engine = Engine()

    def again() -> None:
        engine.after(10**9, lambda: None).cancel()
        engine.after(1, again)
        engine.pending()

    again()
    engine.run(until=2000, most_steps=10_000)
    assert len(engine._heap) < 100


ENTRIES = st.lists(st.tuples(st.integers(0, 50), st.integers(-1, 1), st.booleans()), max_size=30)


@given(ENTRIES)
def test_any_schedule_runs_in_its_one_order(entries: list[tuple[int, int, bool]]) -> None:
    """A stable sort by time and priority, whatever is cancelled in between."""
    diary = Diary()
    live = []
    for number, (when, priority, dropped) in enumerate(entries):
        name = f"-{number}"
        entry = diary.engine.at(when, lambda name=name: diary.write(name), priority=priority)  # type: ignore[misc]
        if dropped:
            entry.cancel()
        else:
            live.append((when, priority, name))
    diary.engine.run(until=50, most_steps=100)
    assert diary.lines == [(when, name) for when, _, name in sorted(live, key=lambda e: e[:2])]


@given(ENTRIES, st.integers(0, 1000))
def test_a_skipped_span_changes_nothing_but_the_time(entries: list[tuple[int, int, bool]], span: int) -> None:
    def run(skipped: int) -> list[tuple[int, str]]:
        diary = Diary()
        for number, (when, priority, _) in enumerate(entries):
            diary.at(when, f"-{number}", priority=priority)
        diary.engine.skip(skipped)
        diary.engine.run(until=2000, most_steps=100)
        return diary.lines

    assert run(span) == [(t + span, name) for t, name in run(0)]
