"""What happens if targets do not answer."""

from __future__ import annotations

import json

import pytest

from pjresolve.prediction.outages import outages
from pjresolve.prediction.run import simulate_scenario
from pjresolve.scenario.format import parse_scenario
from tests.recordings.library import recording


def summary(name: str) -> list[tuple[int, float | None, bool]]:
    """Per outage in a recording's world, made healthy: silent targets, when it registers, blocked or not."""
    content = recording(name)["scenario"]
    hosts = {a: dict.fromkeys(h, "ok") if h != "down" else h for a, h in content["hosts"].items()}
    prediction = simulate_scenario(
        parse_scenario(json.dumps(content | {"hosts": hosts}), name=name, folder=None)
    )
    return [
        (len(o.dropped), o.prediction.registered.t if o.prediction.registered else None, o.blocked)
        for o in outages(prediction)
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("udp-drop1", [(1, 32.0, False), (2, 64.0, False), (3, 96.0, False), (4, None, False)]),
        ("all-srv-pinned-udp", [(1, 32.0, False), (2, None, False)]),
        ("ip4-literal", [(1, None, False)]),
        ("dns-nxdomain", []),
        ("nosrv-tcponly", []),
    ],
)
def test_outages(name: str, expected: list[tuple[int, float | None, bool]]) -> None:
    assert summary(name) == expected


def test_a_connect_without_answer_blocks() -> None:
    first = summary("tcp-drop1")[0]
    assert first[2]
    assert first[1] is None or first[1] > 128
