"""A stack that another package brings: found by its entry point, and predicted against a timeline by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from pjresolve import stacks
from pjresolve.errors import BadInput
from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.run import simulate_scenario
from pjresolve.scenario.format import parse_scenario
from pjresolve.stacks import stack_named, stack_names
from pjresolve.trace import ConnectionClosed

WORLD = """
name: {name}
zone: |
  _sip._{protocol}.sip.example.net. 300 IN SRV 10 10 5060 one.example.net.
  _sip._{protocol}.sip.example.net. 300 IN SRV 20 10 5060 two.example.net.
  one.example.net. 300 IN A 203.0.113.1
  two.example.net. 300 IN A 203.0.113.2
pjsip: |
  [udp]
  type=transport
  protocol=udp
  bind=0.0.0.0
  [tcp]
  type=transport
  protocol=tcp
  bind=0.0.0.0
  [itsp]
  type=registration
  server_uri=sip:sip.example.net{parameter}
  client_uri=sip:me@sip.example.net
  expiration=100
  outbound_auth=itsp
  [itsp]
  type=auth
  username=me
  password=x
dns: {dns}
hosts: {hosts}
events: {events}
duration: {duration}
stop: duration
"""


def run(
    hosts: object, protocol: str = "udp", duration: float = 300, seed: int | None = None, **more: object
) -> Prediction:
    parameter = "" if protocol == "udp" else f"\\;transport={protocol}"
    words = {"dns": "{}", "events": "[]"} | {key: json.dumps(value) for key, value in more.items()}
    text = WORLD.format(
        name="by hand",
        protocol=protocol,
        parameter=parameter,
        hosts=json.dumps(hosts),
        duration=duration,
        **words,
    )
    return simulate_scenario(parse_scenario(text, name="by hand", folder=None), stack="example", seed=seed)


def timeline(found: Prediction) -> list[tuple[float, str, str]]:
    return [(a.t, a.target.address, f"{a.outcome} {a.ended}") for a in found.attempts()]


def test_it_is_found_without_being_listed() -> None:
    assert "example" in stack_names()
    assert stack_named("example").title == "an example of another package"


def test_lazily_with_a_back_off_that_doubles() -> None:
    """The second host is asked for when the first has failed, at 32 s; its answer takes 2 s. Then it waits
    for three quarters of 30 s, 60 s, 120 s.
    """
    found = run(
        {"203.0.113.1": {"udp/5060": "silent"}, "203.0.113.2": {"udp/5060": {"status": 403}}},
        dns={"two.example.net A": {"delay": 2}},
        duration=250,
    )
    assert timeline(found) == [
        (0, "203.0.113.1", "timeout 32.0"), (34, "203.0.113.2", "answered 34.0"),
        (56.5, "203.0.113.1", "timeout 88.5"), (90.5, "203.0.113.2", "answered 90.5"),
        (135.5, "203.0.113.1", "timeout 167.5"), (169.5, "203.0.113.2", "answered 169.5"),
    ]  # fmt: skip
    lists = [(r.t, [q.name for q in r.queries], [t.address for t in r.targets]) for r in found.rounds()]
    assert lists[:2] == [
        (0, ["_sip._udp.sip.example.net", "one.example.net", "one.example.net"], ["203.0.113.1"]),
        (34, ["two.example.net", "two.example.net"], ["203.0.113.2"]),
    ]
    assert [t.address for t in found.targets] == ["203.0.113.1", "203.0.113.2"]


def test_the_back_off_ends_where_it_no_longer_doubles_and_is_then_recognised() -> None:
    found = run({"203.0.113.1": {"udp/5060": {"status": 500}}}, duration=40_000)
    starts = [a.t for a in found.attempts() if a.target.address == "203.0.113.1"]
    waits = [round(b - a - 32, 6) for a, b in pairwise(starts)]
    assert waits[:8] == [22.5, 45, 90, 180, 360, 720, 720, 720]
    assert set(waits[6:]) == {720}
    assert found.log.repeats
    assert len(found.log.events) < 250


def test_a_seed_draws_the_wait_between_half_and_all_of_it() -> None:
    dead = {"203.0.113.1": {"udp/5060": {"status": 500}}, "203.0.113.2": {"udp/5060": {"status": 500}}}
    firsts = {round(list(run(dead, duration=60, seed=n).attempts())[2].t, 6) for n in range(30)}
    assert len(firsts) == 30
    assert all(15 <= t <= 30 for t in firsts)
    assert max(firsts) - min(firsts) > 7


def test_its_messages_are_held_by_nobody() -> None:
    """A connect without an answer is waited for until Timer F; the next target is sent to all the same."""
    found = run(
        {"203.0.113.1": {"tcp/5060": "drop"}, "203.0.113.2": {"tcp/5060": "accept"}}, "tcp", duration=60
    )
    assert timeline(found) == [(0, "203.0.113.1", "timeout 32.0"), (32, "203.0.113.2", "registered 32.0")]


def test_a_connection_that_opens_too_late_stays_open_until_it_is_idle_for_too_long() -> None:
    found = run(
        {"203.0.113.1": {"tcp/5060": "drop"}, "203.0.113.2": {"tcp/5060": "accept"}},
        "tcp",
        duration=121,
        events=[{"at": 33, "host": "203.0.113.1", "set": {"tcp/5060": "accept"}}],
    )
    closed = [e.t / 1e6 for e in found.log if isinstance(e, ConnectionClosed)]
    assert closed == [72, 112]
    # The SYN at 35.65 s opens the first connection. The one that registered is idle for 40 s at 72 s; the
    # round that follows finds the first one open, and registers over it
    assert [(w.t, w.target.address) for w in found.wire()] == [
        (0, "203.0.113.1"), (32, "203.0.113.2"), (112, "203.0.113.1"),
    ]  # fmt: skip
    assert timeline(found)[2] == (72, "203.0.113.1", "registered 72.0")


def test_a_package_that_cannot_be_imported_is_bad_input(tmp_path: Path) -> None:
    info = tmp_path / "broken-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[pjresolve.stacks]\nbroken = no_such_module:STACK\n")
    code = (
        "from pjresolve.errors import BadInput\nfrom pjresolve.stacks import stack_named\n"
        "try:\n    stack_named('broken')\nexcept BadInput as exc:\n    print(exc)"
    )
    root = Path(stacks.__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=True, env={"PYTHONPATH": f"{root}:{tmp_path}"},
    )  # fmt: skip
    assert "broken = no_such_module:STACK: this stack cannot be loaded: ModuleNotFoundError" in done.stdout
    assert len(done.stdout.splitlines()) == 1


def test_an_unknown_stack_is_bad_input_with_all_that_there_are() -> None:
    with pytest.raises(BadInput, match="asterisk-22, chan_sip, example"):
        stack_named("sofia")
