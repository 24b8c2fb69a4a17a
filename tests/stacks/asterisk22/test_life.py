"""The life of a registration under `res_pjsip` as a dialogue: outcomes in, commands out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pjresolve.config.objects import load_text
from pjresolve.model import TCP4, UDP4, UDP6, Target
from pjresolve.sip.outcome import Ending, Outcome, local
from pjresolve.sip.timers import microseconds
from pjresolve.stacks.asterisk22.life import after_failure
from pjresolve.stacks.asterisk22.loading import ResPjsip
from pjresolve.stacks.protocol import (
    Command,
    GiveUp,
    Lots,
    Plan,
    Refused,
    Reply,
    Resolve,
    Resolved,
    Sleep,
    StartRound,
    Tell,
    Try,
    Woken,
)
from pjresolve.stacks.resolution import Resolution
from pjresolve.trace import Cause, State
from tests.simulation.worlds import pjsip_conf

ON_TIME = Woken()
TIMEOUT = local(Ending.TIMEOUT)
ONE, TWO = Target(UDP4, "203.0.113.1", 5060), Target(UDP4, "203.0.113.2", 5060)


def plan(server: str = "sip:h", transports: str = "udp6 udp tcp", **options: Any) -> Plan:
    config = load_text(pjsip_conf(server=server, options=options, transports=transports))
    found = ResPjsip().load(config, config.registrations["itsp"])
    assert not isinstance(found, Refused), found
    return found


CHALLENGES = {
    401: 'WWW-Authenticate: Digest realm="lab", nonce="1"',
    407: 'Proxy-Authenticate: Digest realm="lab", nonce="1"',
}


def answer(status: int, *headers: str) -> Outcome:
    """An answer; a challenge challenges, unless the headers say something else."""
    lines = headers or tuple(filter(None, [CHALLENGES.get(status)]))
    return Outcome(Ending.REGISTERED if status < 300 else Ending.ANSWERED, status, lines)


class Dialogue:
    """A life, with the command it waits on. What it only tells is passed over, and kept in `told`."""

    def __init__(self, plan: Plan, targets: tuple[Target, ...] = (ONE, TWO)) -> None:
        self.life = plan.live(Lots())
        self.targets, self.told = targets, [""]
        self.began = StartRound(Cause.LOADED, "")
        self.command: Command | None = None
        self.hears(None)

    def hears(self, reply: Reply) -> None:
        try:
            self.command = self.life.send(reply)
            while isinstance(self.command, Tell | StartRound):
                if isinstance(self.command, Tell):
                    self.told.append(self.command.why)
                else:
                    self.began = self.command
                self.command = self.life.send(None)
        except StopIteration:
            self.command = None

    def resolves(self, targets: tuple[Target, ...] | Outcome | None = None) -> None:
        assert isinstance(self.command, Resolve)
        if isinstance(targets, Outcome):  # the DNS is slower than Timer F
            self.hears(Resolved(None, self.command.patience or 0))
        else:
            self.hears(Resolved(Resolution((), self.targets if targets is None else targets, ())))

    def tries(self, target: Target, *outcomes: Outcome, credentials: bool = False) -> None:
        assert isinstance(self.command, Try), self.command
        assert (self.command.target, self.command.credentials) == (target, credentials)
        for outcome in outcomes:
            self.hears(outcome)

    def sleeps(self, seconds: int, state: str = "waiting", *, reply: Woken = ON_TIME) -> Sleep:
        command = self.command
        assert isinstance(command, Sleep), command
        assert (command.wait, command.lifetime is not None) == (microseconds(seconds), state == "registered")
        self.hears(reply)
        return command

    def gives_up(self, why: str, state: State = State.REJECTED) -> None:
        command = self.command
        assert isinstance(command, GiveUp), command
        assert why in command.why
        assert command.state == state
        self.hears(None)
        assert self.command is None, "nothing follows"

    def fails(self, outcome: Outcome) -> None:
        """A round with one target that ends so."""
        self.resolves((ONE,))
        self.tries(ONE, outcome)


# ---------------------------------------------------------------- within a round


def test_a_success_is_refreshed_ten_seconds_before_its_end() -> None:
    life = Dialogue(plan(expiration=60))
    life.resolves()
    life.tries(ONE, answer(200))
    assert life.sleeps(50, "registered").lifetime == microseconds(60)
    assert isinstance(life.command, Resolve)
    assert life.began.why == "the registration is refreshed"


def test_the_granted_expiration_counts() -> None:
    life = Dialogue(plan(expiration=60))
    life.fails(answer(200, "Expires: 7"))
    assert life.sleeps(0, "registered").lifetime == microseconds(7)


def test_an_expiration_of_0_ends_it_all() -> None:
    life = Dialogue(plan())
    life.fails(answer(200, "Expires: 0"))
    life.gives_up("the expiration granted is 0", State.LAPSED)


def test_a_closed_connection_starts_a_round() -> None:
    life = Dialogue(plan())
    life.fails(answer(200))
    life.sleeps(3590, "registered", reply=Woken(closed=True))
    assert isinstance(life.command, Resolve)
    assert "closed" in life.began.why


@pytest.mark.parametrize("first", [local(Ending.TIMEOUT), local(Ending.REFUSED), answer(503), answer(408)])
def test_the_next_target_follows_a_408_or_503(first: Outcome) -> None:
    life = Dialogue(plan())
    life.resolves()
    life.tries(ONE, first)
    life.tries(TWO, answer(200))
    life.sleeps(3590, "registered")
    assert life.told[1:] == ["the next target", "registered"]


@pytest.mark.parametrize("status", [302, 403, 404, 480, 500, 502, 504, 600])
def test_any_other_answer_ends_the_round(status: int) -> None:
    life = Dialogue(plan(forbidden_retry_interval=60, fatal_retry_interval=60))
    life.resolves()
    life.tries(ONE, answer(status))
    life.sleeps(60)


def test_the_whole_round_is_one_message_and_the_next_one_another() -> None:
    life = Dialogue(plan())
    life.resolves()
    messages = []
    for target in (ONE, TWO):
        assert isinstance(life.command, Try)
        messages.append(life.command.message)
        life.tries(target, answer(503))
    life.sleeps(60)
    life.resolves()
    assert isinstance(life.command, Try)
    assert messages == [messages[0]] * 2
    assert life.command.message != messages[0]


def test_a_challenge_is_answered_once() -> None:
    life = Dialogue(plan())
    life.resolves()
    life.tries(ONE, answer(401))
    life.tries(ONE, answer(401), credentials=True)
    life.gives_up("401")


def test_the_next_target_gets_the_credentials_at_once() -> None:
    """Recording `au-carried-401`."""
    life = Dialogue(plan())
    life.resolves()
    life.tries(ONE, answer(407))
    life.tries(ONE, local(Ending.TIMEOUT), credentials=True)
    life.tries(TWO, answer(401), credentials=True)
    life.gives_up("401")


def test_a_refresh_is_challenged_anew() -> None:
    life = Dialogue(plan())
    life.resolves((ONE,))
    life.tries(ONE, answer(401))
    life.tries(ONE, answer(200), credentials=True)
    life.sleeps(3590, "registered")
    life.resolves((ONE,))
    life.tries(ONE)


def test_without_credentials_a_challenge_ends_the_round() -> None:
    life = Dialogue(plan(outbound_auth="nowhere"))
    life.resolves()
    life.tries(ONE, answer(401))
    life.gives_up("401")


def test_423_without_min_expires_is_repeated_at_once_and_only_once_in_a_life() -> None:
    """Recordings `status-423`, `st-423-fatal`."""
    life = Dialogue(plan(fatal_retry_interval=30))
    life.fails(answer(423))
    life.resolves((TWO,))
    life.tries(TWO, answer(423))
    life.sleeps(30)
    life.fails(answer(423))
    life.sleeps(30)


def test_423_is_repeated_while_it_asks_for_more_and_that_is_asked_for_from_then_on() -> None:
    """Recordings `me-two`, `me-later-round`, `me-below`."""
    life = Dialogue(plan(expiration=25, fatal_retry_interval=30))
    for asked, wanted in ((25, 30), (30, 40), (40, 40)):
        life.resolves((ONE,))
        assert isinstance(life.command, Try)
        assert life.command.expires == asked
        life.tries(ONE, answer(423, f"Min-Expires: {wanted}"))
    life.sleeps(30)
    life.resolves((ONE,))
    assert isinstance(life.command, Try)
    assert life.command.expires == 40
    life.tries(ONE, answer(200))
    life.sleeps(30, "registered")


def test_494_is_repeated_without_end_and_without_credentials() -> None:
    """Recordings `st-494`, `ms-msm-494-five`, `ms3-494-two-targets`."""
    life = Dialogue(plan())
    for _ in range(5):
        life.resolves()
        life.tries(ONE, answer(503))
        life.tries(TWO, answer(494, "Retry-After: 7"))
        assert isinstance(life.command, Sleep)
        assert life.command.wait < microseconds(0.1)
        life.hears(ON_TIME)
        assert life.began.cause is Cause.ANSWER


def test_494_after_a_challenge_ends_the_round() -> None:
    """Recordings `ms-no-401-494`, `ms3-494-after-401-np`."""
    life = Dialogue(plan())
    life.resolves()
    life.tries(ONE, answer(401))
    life.tries(ONE, answer(494), credentials=True)
    life.gives_up("494 is permanent")


def test_a_challenge_that_nothing_fits_ends_the_round() -> None:
    """Recording `ch-proxyin401`."""
    life = Dialogue(plan())
    life.resolves()
    life.tries(ONE, answer(401, CHALLENGES[407]))
    assert life.told[-1] == "401 without WWW-Authenticate: nothing to answer"
    life.gives_up("401")


def test_a_contact_of_all_ends_everything() -> None:
    """Recording `ct2-star`: Asterisk crashes."""
    life = Dialogue(plan())
    life.fails(answer(200, "Contact: *", "Expires: 14"))
    life.gives_up("crashes", State.LAPSED)


def test_a_target_that_does_not_suit_the_pin_is_said_to() -> None:
    life = Dialogue(plan(transport="t-udp"), (Target(UDP6, "2001:db8::1", 5060), ONE))
    life.resolves()
    assert isinstance(life.command, Try)
    assert "not UDP/IPv4" in life.command.unsuitable
    life.hears(local(Ending.UNSUITABLE))
    assert isinstance(life.command, Try)
    assert (life.command.target, life.command.unsuitable) == (ONE, "")


@pytest.mark.parametrize(
    ("server", "ticks"), [("sip:h", True), ("sip:h;transport=udp", True), ("sip:h;transport=tcp", False)]
)
def test_timer_e_runs_where_the_uri_names_no_reliable_transport(server: str, ticks: bool) -> None:
    life = Dialogue(plan(server), (Target(TCP4, "203.0.113.1", 5060),))
    life.resolves()
    assert isinstance(life.command, Try)
    assert life.command.ticks is ticks


def test_an_empty_list_is_retried_like_503() -> None:
    life = Dialogue(plan(retry_interval=20), ())
    life.resolves()
    life.sleeps(20)


def test_a_resolution_slower_than_timer_f_is_a_timeout() -> None:
    life = Dialogue(plan(retry_interval=20))
    life.resolves(local(Ending.TIMEOUT))
    life.sleeps(20)


def test_a_refresh_lost_with_its_connection_starts_a_round_without_another_target() -> None:
    """Recording `ca-tcp-12-exp15`."""
    life = Dialogue(plan())
    life.resolves()
    life.tries(ONE, local(Ending.LOST))
    assert life.sleeps(0).counted == 0
    assert isinstance(life.command, Resolve)


# ---------------------------------------------------------------- between rounds


def test_retries_are_counted_up_to_max_retries() -> None:
    life = Dialogue(plan(retry_interval=20, max_retries=2))
    for number in (1, 2):
        life.fails(answer(500))
        pause = life.sleeps(20)
        assert (pause.counted, pause.limit) == (number, 2)
    life.fails(answer(500))
    life.gives_up("500 after max_retries=2 retries")


def test_a_success_sets_the_counter_back() -> None:
    life = Dialogue(plan(retry_interval=20, max_retries=1))
    life.fails(answer(500))
    life.sleeps(20)
    life.fails(answer(200))
    life.sleeps(3590, "registered")
    life.fails(answer(500))
    assert life.sleeps(20).counted == 1


def test_retries_that_were_passed_over_count() -> None:
    life = Dialogue(plan(retry_interval=20, max_retries=5))
    life.fails(answer(500))
    life.sleeps(20, reply=Woken(repeated=3))
    life.fails(answer(500))
    assert life.sleeps(20).counted == 5
    life.fails(answer(500))
    life.gives_up("max_retries")


def fails_twice(life: Dialogue, first: Outcome = TIMEOUT) -> None:
    """A round whose last target cannot be sent to, after one that ends as `first`."""
    life.resolves((ONE, TWO))
    life.tries(ONE, first)
    life.tries(TWO, local(Ending.UNREACHABLE))


@pytest.mark.parametrize("first", [local(Ending.TIMEOUT), local(Ending.CLOSED), answer(503), answer(408)])
def test_a_last_target_without_a_route_counts_a_second_retry(first: Outcome) -> None:
    life = Dialogue(plan(retry_interval=20, max_retries=4))
    for number in (2, 4):
        fails_twice(life, first)
        pause = life.sleeps(20)
        assert (pause.counted, pause.adds) == (number, 2)
        assert "counted twice" in pause.why
    fails_twice(life, first)
    life.gives_up("max_retries=4")


@pytest.mark.parametrize("first", [Ending.REFUSED, Ending.TLS_FAILED, Ending.NO_CONNECT, Ending.UNREACHABLE])
def test_it_counts_one_where_the_library_goes_on_by_itself(first: Ending) -> None:
    life = Dialogue(plan(retry_interval=20, max_retries=4))
    fails_twice(life, local(first))
    assert life.sleeps(20).counted == 1


def test_it_counts_one_where_another_target_follows_or_the_message_was_held() -> None:
    life = Dialogue(plan(retry_interval=20))
    life.resolves((ONE, TWO, ONE))
    life.tries(ONE, answer(503))
    life.tries(TWO, local(Ending.UNREACHABLE))
    life.tries(ONE, answer(503))
    assert life.sleeps(20).counted == 1
    life.resolves((ONE, TWO))
    life.tries(ONE, local(Ending.TIMEOUT))
    life.tries(TWO, local(Ending.UNREACHABLE)._replace(held=True))
    assert life.sleeps(20).counted == 2


def test_the_stop_of_a_round_that_counts_twice_leaves_its_first_wait_running() -> None:
    life = Dialogue(plan(retry_interval=20, max_retries=1))
    fails_twice(life)
    pause = life.sleeps(20)
    assert (pause.counted, pause.adds) == (1, 1)
    assert "after max_retries=1 retries, but the wait goes on" in pause.why
    fails_twice(life)
    life.gives_up("max_retries=1")


def test_so_a_retry_after_before_a_target_without_a_route_goes_on_for_ever() -> None:
    life = Dialogue(plan(retry_interval=20, max_retries=1))
    fails_twice(life, answer(503, "Retry-After: 9"))
    assert life.sleeps(20).counted == 1
    for _ in range(5):
        fails_twice(life, answer(503, "Retry-After: 9"))
        pause = life.sleeps(9)
        assert (pause.counted, pause.adds, pause.memory) == (1, 0, (3600, True, 9))


def test_retry_after_beats_everything_and_counts_nothing() -> None:
    life = Dialogue(plan(retry_interval=0, max_retries=0))
    for status in (403, 503, 600):
        life.fails(answer(status, "Retry-After: 7"))
        pause = life.sleeps(7)
        assert (pause.counted, pause.adds) == (0, 0)


def test_the_retry_after_of_an_earlier_target_is_forgotten() -> None:
    life = Dialogue(plan(retry_interval=20))
    life.resolves()
    life.tries(ONE, answer(503, "Retry-After: 7"))
    life.tries(TWO, answer(500))
    life.sleeps(20)


RULES = [
    # status, options, seconds of waiting or why it stops
    (408, {}, 60),
    (500, {"retry_interval": 20}, 20),
    (502, {"retry_interval": 20}, 20),
    (604, {"retry_interval": 20}, 20),
    (503, {"retry_interval": 0}, "retry_interval=0"),
    (503, {"retry_interval": 0, "fatal_retry_interval": 9}, 9),
    (503, {"retry_interval": 20, "max_retries": 0}, "503 after max_retries=0"),
    (403, {}, "403 is permanent"),
    (403, {"forbidden_retry_interval": 9}, 9),
    (403, {"fatal_retry_interval": 8}, 8),
    (403, {"forbidden_retry_interval": 9, "fatal_retry_interval": 8}, 9),
    (404, {}, "404 is permanent"),
    (404, {"fatal_retry_interval": 8}, 8),
    (404, {"forbidden_retry_interval": 9}, "404 is permanent"),
    (302, {"fatal_retry_interval": 8}, 8),
    (401, {}, "401 is permanent"),
    (401, {"auth_rejection_permanent": "no"}, 60),
    (407, {"auth_rejection_permanent": "no", "retry_interval": 0}, "retry_interval=0"),
    (401, {"fatal_retry_interval": 8}, 8),
    (423, {}, "423 is permanent"),
]


@pytest.mark.parametrize(("status", "options", "expected"), RULES)
def test_the_rules_between_rounds(status: int, options: dict[str, Any], expected: int | str) -> None:
    step = after_failure(plan(**options).registration, answer(status), 0)
    if isinstance(expected, int):
        assert (step.seconds, step.counts) == (expected, True)
    else:
        assert step.seconds is None
        assert expected in step.why


@given(
    st.integers(300, 699),
    st.integers(0, 4),
    st.fixed_dictionaries(
        {
            name: st.sampled_from([0, 5, 50])
            for name in ("retry_interval", "forbidden_retry_interval", "fatal_retry_interval", "max_retries")
        }
    ),
)
def test_no_rule_waits_without_an_interval_or_beyond_the_limit(
    status: int, failures: int, options: dict[str, Any]
) -> None:
    step = after_failure(plan(**options).registration, answer(status), failures)
    if step.seconds is None:
        assert not step.counts
    else:
        assert step.counts
        assert failures < options["max_retries"]
        assert step.seconds in [options[name] for name in options if name != "max_retries"]
        assert step.seconds > 0
