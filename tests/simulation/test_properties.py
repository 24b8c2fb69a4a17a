"""What holds in every world: it ends, sends to nothing unlisted or too early, and repeats exactly."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pjresolve.model import Protocol, Target
from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.run import simulate_scenario
from pjresolve.scenario.format import Scenario
from pjresolve.sip.timers import microseconds
from pjresolve.stacks import stack_names
from pjresolve.trace import (
    AttemptEnded,
    AttemptStarted,
    ConnectStarted,
    DatagramSent,
    ListKnown,
    RequestSent,
    RoundStarted,
    TargetSkipped,
)
from tests.simulation.worlds import worlds

pytestmark = pytest.mark.slow

EVERY = settings(max_examples=70, deadline=None, suppress_health_check=list(HealthCheck))
NAMES = st.sampled_from([stack_names()[0], *stack_names()])
"""Every stack there is, the first one more often."""
SEEDS = st.none() | st.integers(0, 2**32)
CONTRACT = {
    "format", "stack", "scenario", "registration", "loaded", "refusal",
    "orders", "rounds", "attempts", "wire", "registered", "status",
}  # fmt: skip
OWN = {"orders_truncated", "states", "end", "unregistered", "notes", "realm"}
OUTCOMES = {
    "registered", "answered", "timeout", "blocked", "refused", "closed", "lost", "unreachable", "no-connect",
    "tls-failed", "unsuitable", None,
}  # fmt: skip


@EVERY
@given(worlds(), SEEDS, NAMES)
def test_time_never_goes_back_and_never_passes_the_end(
    scenario: Scenario, seed: int | None, stack: str
) -> None:
    found = simulate_scenario(scenario, seed=seed, stack=stack)
    times = [event.t for event in found.log]
    assert times == sorted(times)
    assert not times or (times[0] >= 0 and times[-1] <= microseconds(found.end))
    assert found.end <= scenario.duration


@EVERY
@given(worlds(), SEEDS, NAMES)
def test_nothing_is_sent_to_a_target_that_its_round_does_not_list(
    scenario: Scenario, seed: int | None, stack: str
) -> None:
    found = simulate_scenario(scenario, seed=seed, stack=stack)
    lists: dict[int, tuple[Target, ...]] = {}
    for event in found.log:
        if isinstance(event, ListKnown):
            lists[event.round] = event.targets
        elif isinstance(event, AttemptStarted | DatagramSent | ConnectStarted | RequestSent | TargetSkipped):
            assert event.target in lists[event.round]


@EVERY
@given(worlds(), SEEDS, NAMES)
def test_nothing_is_sent_before_its_attempt_or_after_it(
    scenario: Scenario, seed: int | None, stack: str
) -> None:
    found = simulate_scenario(scenario, seed=seed, stack=stack)
    now: AttemptStarted | None = None
    known = ListKnown(0, "", 0, (), (), "")
    for event in found.log:
        if isinstance(event, ListKnown):
            known = event
        elif isinstance(event, AttemptStarted):
            assert now is None, "two attempts at once"
            now = event
        elif isinstance(event, AttemptEnded):
            assert now is not None
            assert (now.target, now.t, now.round) == (event.target, event.t - event.lasted, event.round)
            assert found.plan is not None
            assert event.lasted <= found.plan.timers.f
            now = None
        elif isinstance(event, DatagramSent | ConnectStarted):
            # A resolution that took longer than Timer F sends once, for a round that is over
            stray = (event.t, event.round, event.target) == (known.t, known.round, (*known.targets, None)[0])
            assert stray or (now is not None and (now.target, now.round) == (event.target, event.round))


@EVERY
@given(worlds(), SEEDS, NAMES)
def test_datagrams_follow_timer_e(scenario: Scenario, seed: int | None, stack: str) -> None:
    """Each later than the one before by T1 doubled, or T2, or by less where an answer set the clock anew."""
    found = simulate_scenario(scenario, seed=seed, stack=stack)
    last: DatagramSent | None = None
    for event in found.log:
        if isinstance(event, AttemptStarted):
            last = None
        if not isinstance(event, DatagramSent):
            continue
        assert event.target.transport.protocol is Protocol.UDP
        assert found.plan is not None
        if last is None:
            assert event.number == 0
        elif (last.target, last.round) == (event.target, event.round):
            timers = found.plan.timers
            assert event.number == last.number + 1
            assert timers.e(last.number) <= event.t - last.t <= 2 * timers.t2
        last = event


@EVERY
@given(worlds(), SEEDS, NAMES)
def test_rounds_are_numbered_without_a_gap(scenario: Scenario, seed: int | None, stack: str) -> None:
    found = simulate_scenario(scenario, seed=seed, stack=stack)
    started = [event.round for event in found.log if isinstance(event, RoundStarted)]
    assert started == list(range(len(started)))
    assert bool(started) == found.loaded


@EVERY
@given(worlds(), SEEDS, NAMES)
def test_the_same_seed_gives_the_same_bytes(scenario: Scenario, seed: int | None, stack: str) -> None:
    def text() -> str:
        stream = io.StringIO()
        simulate_scenario(scenario, seed=seed, stack=stack).write_json(stream)
        return stream.getvalue()

    first = text()
    assert first == text()
    assert json.loads(first) == simulate_scenario(scenario, seed=seed, stack=stack).to_json()


@EVERY
@given(worlds(), SEEDS, NAMES)
def test_the_orders_are_all_there_is(scenario: Scenario, seed: int | None, stack: str) -> None:
    found = simulate_scenario(scenario, seed=seed, stack=stack)
    if found.resolution is None:
        assert found.orders == []
        return
    chances = [order.probability for order in found.orders]
    assert chances == sorted(chances, reverse=True)
    assert all(0 < p <= 1 for p in chances)
    assert len({order.targets for order in found.orders}) == len(chances) <= 1000
    if not found.orders_truncated:
        assert sum(chances) == pytest.approx(1, abs=1e-9)
        assert found.targets in [order.targets for order in found.orders]


def registered_for(found: Prediction) -> tuple[float, float]:
    """Seconds in the state registered, and with those in which it was rejected but still valid."""
    moments = [(m.t, m.state) for m in found.states()]
    spans = zip([(0.0, "trying"), *moments], [*(t for t, _ in moments), found.end], strict=True)
    least = most = 0.0
    was_valid = False
    for (begin, state), end in spans:
        if state == "registered" or (state == "rejected" and was_valid):
            most += end - begin
            least += (end - begin) * (state == "registered")
        was_valid = state == "registered"
    return least, most


@EVERY
@given(worlds(), SEEDS, NAMES)
def test_the_time_without_a_registration_is_what_the_states_leave(
    scenario: Scenario, seed: int | None, stack: str
) -> None:
    found = simulate_scenario(scenario, seed=seed, stack=stack)
    least, most = registered_for(found)
    assert found.end - most - 1e-6 <= found.unregistered <= found.end - least + 1e-6
    states = [m.state for m in found.states()]
    assert all(a != b for a, b in zip(["trying", *states], states, strict=False)), "no change at all"
    if found.loaded:
        assert found.status == (states[-1] if states else "trying")
        assert (found.registered is not None) == ("registered" in states)


@EVERY
@given(worlds(), SEEDS, NAMES)
def test_the_json_has_the_contracts_shape(scenario: Scenario, seed: int | None, stack: str) -> None:
    found = simulate_scenario(scenario, seed=seed, stack=stack).to_json()
    assert CONTRACT <= set(found) <= CONTRACT | OWN
    place = {"transport", "address", "port"}
    for order in found["orders"]:
        assert set(order) == {"probability", "targets"}
        assert all(set(target) == place for target in order["targets"])
    for number, round_ in enumerate(found["rounds"]):
        assert set(round_) == {"t", "queries", "targets"}, number
        assert all(rtype in ("NAPTR", "SRV", "AAAA", "A") for rtype, _ in round_["queries"])
    for attempt in found["attempts"]:
        assert set(attempt) == place | {"t", "round", "outcome", "status", "ended", "credentials"}
        assert attempt["outcome"] in OUTCOMES
        assert (attempt["ended"] is None) == (attempt["outcome"] is None)
    for sent in found["wire"]:
        assert set(sent) == {"t", "event", "address", "port"}
        assert sent["event"] in ("udp", "connect")
    if found["registered"]:
        assert set(found["registered"]) == place | {"t"}
        assert 0 <= found["registered"]["t"] <= scenario.duration
    assert found["status"] in ("registered", "lapsed", "trying", "waiting", "rejected")
    if not found["loaded"]:
        assert found["refusal"]
        assert not any(found[key] for key in ("orders", "rounds", "attempts", "wire", "registered"))
