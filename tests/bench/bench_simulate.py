"""How fast a life is simulated, with its full trace: rounds per second, and what a year of refreshes takes.

Run by hand: `.venv/bin/python tests/bench/bench_simulate.py [ROUNDS]`. Each measurement runs in a process of
its own, so that its memory is its own. Times are also given as ratios to a fixed Python loop, measured in
the same process just before: those numbers compare with other machines, and with this one when it is busy.
Exits with 1 where a target is missed. The recognition of repeated rounds is measured, and so is what is left
without it.
"""

from __future__ import annotations

import heapq
import json
import multiprocessing
import os
import resource
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from pjresolve.model import Protocol
from pjresolve.prediction.run import simulate_scenario
from pjresolve.scenario.behaviour import ACCEPT, Service
from pjresolve.scenario.format import Scenario, parse_scenario
from pjresolve.simulation.run import Run

RECORDING = Path(__file__).parents[1] / "recordings" / "asterisk22" / "udp" / "udp-drop-all.json"
ROUND = 148.0
"""Seconds of a round of `udp-drop-all`: four targets of 32 s each, and 20 s of waiting."""
DAY, YEAR = 86_400.0, 31_536_000.0
MOST_OF_TRUNK = 2.0
"""Seconds that a year of a trunk may take, or a day with a call a minute."""
LEAST_ROUNDS, MOST_SECONDS, MOST_MEGABYTES = 2_000, 5.0, 200.0
LOOP = 300_000
"""Turns of the fixed loop: each pushes one number on a heap and pops another."""


class Measured(NamedTuple):
    """One run. Times in seconds; `memory` is the process's peak in MB, the interpreter's own included."""

    simulating: float
    reading: float
    writing: float
    loop: float
    events: int
    rounds: int
    memory: float


def drop_all(rounds: int) -> Scenario:
    """`udp-drop-all` with no end of retries, for that many rounds."""
    recorded = json.loads(RECORDING.read_text())["scenario"]
    recorded["pjsip"] = recorded["pjsip"].replace(
        "retry_interval=20", "retry_interval=20\nmax_retries=1000000000"
    )
    scenario = parse_scenario(json.dumps(recorded), name="udp-drop-all", folder=None)
    return replace(scenario, duration=rounds * ROUND - 1, stop="duration")


def refreshes(seconds: float) -> Scenario:
    """The same provider, answering, for so many seconds of refreshes."""
    scenario = drop_all(1)
    pjsip = scenario.pjsip.replace("retry_interval=20", "expiration=120")
    hosts = {address: {Service(Protocol.UDP, 5060): ACCEPT} for address in scenario.hosts}
    return replace(scenario, name="refreshes", pjsip=pjsip, hosts=hosts, duration=seconds)


LINES = 5
"""Registrations of a trunk, each with a contact of its own that is qualified."""


def trunk(seconds: float, protocol: str, calls: int = 0) -> Scenario:
    """Five registrations that differ in their pace, five contacts qualified each minute, and a call a minute.

    The first server of the first line does not answer.
    """
    zone, pjsip, hosts = [], ["[u]\ntype=transport\nprotocol=udp\nbind=0.0.0.0"], {}
    pjsip.append("[t]\ntype=transport\nprotocol=tcp\nbind=0.0.0.0")
    for n in range(LINES):
        name, servers = f"p{n}.example.net", (f"203.0.113.{n + 1}", f"203.0.113.{n + 101}")
        for place, address in enumerate(servers, 1):
            zone.append(f"_sip._{protocol}.{name}. 300 IN SRV {place} 0 5060 s{place}.{name}.")
            zone.append(f"s{place}.{name}. 300 IN A {address}")
            if (n, place) != (0, 1):
                hosts[address] = {f"{protocol}/5060": "accept"}
        uri = f"sip:{name}"
        pjsip.append(
            f"[l{n}]\ntype=registration\nserver_uri={uri}\nclient_uri={uri}\nexpiration={3600 - 600 * n}"
        )
        pjsip.append("max_random_initial_delay=0")
        pjsip.append(f"[l{n}]\ntype=aor\ncontact={uri}\nqualify_frequency=60")
        pjsip.append(f"[l{n}]\ntype=endpoint\naors=l{n}")
    whole = {
        "zone": "\n".join(zone),
        "pjsip": "\n".join(pjsip) + "\n",
        "hosts": hosts,
        "duration": seconds,
        "stop": "duration",
        "asterisk": {"qualify_phase": {f"l{n}": 7.3 * n for n in range(LINES)}},
        "calls": [
            {"at": 60 * n + 5, "endpoint": "l1", "number": f"{n}", "timeout": 30} for n in range(calls)
        ],
    }
    return parse_scenario(json.dumps(whole), name="trunk", folder=None)


def simulating(scenario: Scenario) -> float:
    """Seconds that the simulation takes, without reading its logs. Runs in a process of its own."""
    begin = time.perf_counter()
    simulate_scenario(scenario)
    return time.perf_counter() - begin


def fixed_loop() -> float:
    """Seconds that the fixed loop takes."""
    heap = list(range(64))
    begin = time.perf_counter()
    for number in range(LOOP):
        heapq.heappush(heap, number ^ 0x5555)
        heapq.heappop(heap)
    return time.perf_counter() - begin


def measure(scenario: Scenario, recognise: bool) -> Measured:
    """Simulate once, read the whole log, write the whole JSON. Runs in a process of its own."""
    if not recognise:
        Run._waking = lambda self, who: False  # type: ignore[method-assign]
    loop = fixed_loop()
    begin = time.perf_counter()
    prediction = simulate_scenario(scenario)
    simulated = time.perf_counter()
    events = sum(1 for _ in prediction.log)
    read = time.perf_counter()
    with open(os.devnull, "w") as stream:
        prediction.write_json(stream)
    written = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rounds = sum(1 for _ in prediction.rounds())
    return Measured(simulated - begin, read - simulated, written - read, loop, events, rounds, memory)


def apart(scenario: Scenario, recognise: bool, runs: int = 3) -> Measured:
    """The fastest of some runs, each in a new process."""
    found = []
    for _ in range(runs):
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
            found.append(pool.submit(measure, scenario, recognise).result())
    return min(found, key=lambda m: m.simulating)


def fastest(scenario: Scenario, runs: int = 3) -> float:
    """Seconds of the fastest of some runs, each in a new process."""
    context = multiprocessing.get_context("spawn")
    found = []
    for _ in range(runs):
        with ProcessPoolExecutor(max_workers=1, mp_context=context) as pool:
            found.append(pool.submit(simulating, scenario).result())
    return min(found)


def shown(name: str, m: Measured) -> None:
    """One line of figures."""
    speed = m.rounds / m.simulating
    print(
        f"{name:34} {m.rounds:7,} rounds {m.events:9,} events: simulated in {m.simulating:6.2f} s "
        f"({speed:9,.0f} rounds/s, {m.simulating / m.loop:6.1f} loops), read {m.reading:5.2f} s, "
        f"JSON {m.writing:5.2f} s, peak {m.memory:4.0f} MB"
    )


def main() -> None:
    """Measure, print, compare with the targets."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    lived = apart(drop_all(rounds), recognise=False)
    recognised = apart(drop_all(rounds), recognise=True)
    year = apart(refreshes(YEAR), recognise=True, runs=1)
    whole_year = apart(refreshes(YEAR), recognise=False, runs=1)
    print(f"one fixed loop: {lived.loop:.3f} s")
    shown("udp-drop-all, every round lived", lived)
    shown("udp-drop-all, repeats recognised", recognised)
    shown("a year of refreshes, recognised", year)
    shown("a year of refreshes, each lived", whole_year)
    trunks = {
        "a year of 5 registrations and 5 contacts over UDP": trunk(YEAR, "udp"),
        "a year of 5 registrations and 5 contacts over TCP": trunk(YEAR, "tcp"),
        "a day of them, with a call a minute": trunk(DAY, "udp", calls=1439),
    }
    took = {name: fastest(scenario) for name, scenario in trunks.items()}
    for name, seconds in took.items():
        print(f"{name:50} simulated in {seconds:6.2f} s")
    held = {
        **{f"{name}: under {MOST_OF_TRUNK:g} s": seconds < MOST_OF_TRUNK for name, seconds in took.items()},
        f"every round lived, log read: at least {LEAST_ROUNDS:,} rounds/s": (
            rounds / (lived.simulating + lived.reading) >= LEAST_ROUNDS
        ),
        f"a year, log read: under {MOST_SECONDS:g} s": year.simulating + year.reading < MOST_SECONDS,
        f"a year, JSON written: under {MOST_MEGABYTES:g} MB": year.memory < MOST_MEGABYTES,
    }
    for target, good in held.items():
        print(f"{'met   ' if good else 'MISSED'} {target}")
    sys.exit(not all(held.values()))


if __name__ == "__main__":
    main()
