"""A registration's life, told as a story: who was tried when, how it ended, what followed."""

from __future__ import annotations

from typing import Any

import pytest

from pjresolve.errors import BadInput
from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.run import simulate_scenario
from pjresolve.simulation import run
from tests.simulation.worlds import TRUSTED, srv_zone, world

ONE, TWO = "203.0.113.1", "203.0.113.2"
SHORT = {"timer_t1": 100, "timer_b": 6400}
"""Timer F after 6.4 s."""


def live(
    one: Any, two: Any = "down", *, protocols: str = "udp", system: Any = SHORT, **more: Any
) -> Prediction:
    """The life with two hosts of IPv4; what is not known to `world` is an option of the registration."""
    known = {
        name: more.pop(name)
        for name in ("dns", "events", "client", "duration", "stop", "server", "keep_alive", "unbound")
        if name in more
    }
    scenario = world(
        {ONE: one, TWO: two},
        zone=srv_zone(protocols, families="4"),
        transports="udp tcp tls",
        system=system,
        options={"retry_interval": 20} | more,
        **known,
    )
    return simulate_scenario(scenario)


def story(found: Prediction) -> list[str]:
    """One line for each attempt and each change of state, with its time in seconds."""
    lines = []
    for a in found.attempts():
        last = a.target.address.rsplit(".", 1)[1]
        until = "…" if a.ended is None else f"{a.ended:g}"
        again = " with credentials" if a.credentials else ""
        end = a.outcome if a.outcome != "answered" else a.status
        lines.append((a.t, 1, f"{a.t:g}-{until} {a.target.transport.name} {last}{again}: {end}"))
    lines += [
        (m.t, 0 if m.state in ("trying", "lapsed") else 2, f"{m.t:g} {m.state}") for m in found.states()
    ]
    return [text for _, _, text in sorted(lines, key=lambda line: line[:2])]


def udp(said: Any) -> dict[str, Any]:
    return {"udp/5060": said}


def tcp(said: Any) -> dict[str, Any]:
    return {"tcp/5060": said}


def test_a_dead_primary_costs_timer_f() -> None:
    assert story(live("down", udp("accept"), stop="registered")) == [
        "0-6.4 udp 1: timeout",
        "6.4-6.4 udp 2: registered",
        "6.4 registered",
    ]


def test_a_challenge_is_answered_where_it_came_from() -> None:
    assert story(live(udp("ok"), stop="registered")) == [
        "0-0 udp 1: 401",
        "0-0 udp 1 with credentials: registered",
        "0 registered",
    ]


def test_retries_until_they_are_used_up() -> None:
    found = live(udp({"status": 500}), max_retries=2)
    assert story(found) == [
        "0-0 udp 1: 500", "0 waiting",
        "20 trying", "20-20 udp 1: 500", "20 waiting",
        "40 trying", "40-40 udp 1: 500", "40 rejected",
    ]  # fmt: skip
    assert (found.status, found.registered, found.end, found.unregistered) == ("rejected", None, 300, 300)


def test_a_primary_that_dies_is_tried_first_all_the_same() -> None:
    """Twelve seconds are granted each time, so that a round comes every two."""
    down = [{"at": 40, "host": ONE, "set": "down"}]
    found = live(udp("accept"), udp("accept"), expiration=12, duration=50, events=down, system=None)
    assert story(found)[-3:] == ["38-38 udp 1: registered", "40-… udp 1: None", "50 lapsed"]


def test_a_registration_lapses_in_every_round_that_a_dead_primary_slows() -> None:
    """Recording `rereg-primary-dead`: 32 s until the first success, then 22 of every 82."""
    found = live("down", udp("accept"), expiration=60, duration=32 + 3 * 82, system=None)
    assert [m.t for m in found.states() if m.state == "lapsed"] == [92, 174, 256]
    assert found.unregistered == 32 + 3 * 22


def test_a_connect_without_an_answer_keeps_the_rest_of_the_round_from_being_tried() -> None:
    """Recording `tcp-drop1`."""
    found = live(tcp("drop"), tcp("accept"), protocols="tcp", duration=30)
    assert story(found)[:3] == ["0-6.4 tcp 1: timeout", "6.4-12.8 tcp 2: blocked", "12.8 waiting"]
    assert [(w.event, w.target.address) for w in found.wire()] == [("connect", ONE)]


def test_when_the_kernel_gives_up_a_waiting_round_moves_on() -> None:
    """Recording `tcp-drop1-udp-next`."""
    found = live(
        tcp("drop"), tcp("accept"), protocols="tcp", client={"connect_timeout": 35}, stop="registered"
    )
    assert story(found)[-3:] == ["32.8-35 tcp 1: no-connect", "35-35 tcp 2: registered", "35 registered"]


@pytest.mark.parametrize(("said", "outcome"), [("reject", "refused"), ("close", "closed")])
def test_a_connection_that_is_turned_away_costs_no_time(said: str, outcome: str) -> None:
    found = live(tcp(said), tcp("accept"), protocols="tcp", stop="registered")
    assert story(found)[:2] == [f"0-0 tcp 1: {outcome}", "0-0 tcp 2: registered"]


def test_a_tls_server_is_reached_with_a_method_it_speaks() -> None:
    import yaml

    good = {"tls/5061": yaml.safe_load(TRUSTED)}
    found = live({"tls/5061": {"tls": {"max": "1.1"}}}, good, protocols="tls", stop="registered")
    assert story(found)[:2] == ["0-0 tls 1: tls-failed", "0-0 tls 2: 401"]


def test_a_connection_is_used_again_by_every_later_round() -> None:
    """Recording `idle-tcp-503-r660`."""
    found = live(tcp({"status": 500}), protocols="tcp", duration=70)
    assert len(list(found.attempts())) == 4
    assert [w.t for w in found.wire()] == [0]


def test_a_connection_that_closes_starts_a_round_at_once() -> None:
    """Recording `tcp-closes-later`."""
    found = live(tcp({"close_after": 5, "challenge": False}), protocols="tcp", duration=16)
    assert [w.t for w in found.wire()] == pytest.approx([0, 5.012, 10.024, 15.036])
    assert found.unregistered == 0


def test_a_service_that_comes_back_is_found_by_the_next_round() -> None:
    back = [{"at": 30, "host": ONE, "set": "up"}, {"at": 10, "host": ONE, "set": "down"}]
    found = live(udp("accept"), expiration=30, duration=70, events=back)
    assert story(found) == [
        "0-0 udp 1: registered", "0 registered",
        "20-26.4 udp 1: timeout", "26.4-32.8 udp 2: timeout", "30 lapsed",
        "52.8-52.8 udp 1: registered", "52.8 registered",
    ]  # fmt: skip
    assert found.unregistered == pytest.approx(22.8)


def test_an_event_in_the_middle_of_an_attempt_is_met_by_its_next_datagram() -> None:
    """Datagrams leave at 0, 0.1, 0.3, 0.7, 1.5, 3.1 s."""
    found = live("down", events=[{"at": 1, "host": ONE, "set": udp("accept")}], stop="registered")
    assert story(found)[0] == "0-1.5 udp 1: registered"


def test_dns_that_is_slow_is_part_of_the_time() -> None:
    found = live(udp("accept"), dns={"sip.example.net NAPTR": {"delay": 3}}, stop="registered", system=None)
    assert story(found)[0] == "3-3 udp 1: registered"
    assert [r.t for r in found.rounds()] == [3]


def test_nothing_to_try_is_retried() -> None:
    scenario = world({}, zone="", options={"retry_interval": 20, "max_retries": 1}, duration=100)
    found = simulate_scenario(scenario)
    assert story(found) == ["0 waiting", "20 trying", "20 rejected"]
    assert [len(r.targets) for r in found.rounds()] == [0, 0]


def test_the_run_stops_soon_after_the_first_success_where_that_is_asked_for() -> None:
    """It goes on for a moment, as the recorder does, to see what follows at once."""
    found = live(udp("accept"), stop="registered", duration=300)
    assert found.end < 3
    assert live(udp("accept"), duration=300).end == 300


def test_a_refused_object_has_no_life() -> None:
    found = simulate_scenario(world({}, transports="tcp"))
    assert (found.loaded, story(found), found.status) == (False, [], "rejected")
    assert found.refusal is not None
    assert "UDP/IPv4" in found.refusal
    assert found.evidence == "nosrv-tcponly"


def test_a_run_that_would_never_end_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "MOST_STEPS", 1000)
    equal = srv_zone(families="4").replace(" 20 10 ", " 10 10 ")
    scenario = world({ONE: udp({"expires": 5})}, zone=equal, transports="udp", duration=1e6)
    with pytest.raises(BadInput, match="more than 1,000 events") as caught:
        simulate_scenario(scenario, seed=1)  # where lots are drawn no repetition is looked for
    assert "\n" not in str(caught.value)


def test_a_year_of_it_is_told_without_living_it() -> None:
    scenario = world(
        {ONE: udp({"expires": 5})}, zone=srv_zone(families="4"), transports="udp", duration=31_536_000
    )
    found = simulate_scenario(scenario)
    assert len(found.log.events) < 200
    assert len(found.log) > 10**10
    assert (found.status, found.unregistered) == ("registered", 0)
