"""Live DNS under load and over a bad line: what we lack, wait for or lose is never told as the DNS's."""

from __future__ import annotations

import asyncio
import errno
import os
import random
import resource
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

import dns.message
import pytest

import pjresolve
from pjresolve.dns.channel import MAX_CONNECTIONS
from pjresolve.dns.live import LiveSource
from pjresolve.errors import DnsUnavailable
from pjresolve.model import Query
from tests.dns.servers import Faulty, free_port, reply, truncated

pytestmark = [pytest.mark.network, pytest.mark.slow]
ROOT = Path(__file__).resolve().parent.parent.parent
Told: TypeAlias = tuple[float | None, int]
"""When it registers, and how many targets it has."""
WHOLE: Told = (0.0, 6)
RUNS = 25


@contextmanager
def serving(delay: float = 0.0, loss: float = 0.0) -> Iterator[str]:
    """A name server in a process of its own, see `serve.py`. Yields it as `ADDR#PORT`."""
    command = [sys.executable, "-m", "tests.dns.serve", str(delay), str(loss), "1"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        yield f"127.0.0.1#{process.stdout.readline().strip()}"
    finally:
        process.kill()
        process.communicate()


@contextmanager
def descriptors(free: int) -> Iterator[None]:
    """So many files can be opened, and no more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(int(entry.name) for entry in Path("/proc/self/fd").iterdir())
    resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1 + free, hard))
    taken: list[int] = []
    try:
        with suppress(OSError):
            while True:
                taken.append(os.dup(0))
        for _ in range(free):
            os.close(taken.pop())
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        for descriptor in taken:
            os.close(descriptor)


def told(prediction: pjresolve.Prediction) -> Told:
    return (prediction.registered.t if prediction.registered else None, len(prediction.targets))


async def many(count: int, nameserver: str) -> Counter[Told]:
    """What so many resolutions of different domains say, all at once."""
    work = (pjresolve.aresolve(f"d{n}.test", nameservers=[nameserver]) for n in range(count))
    return Counter(map(told, await asyncio.gather(*work)))


def test_many_at_once_need_few_descriptors_and_wait_for_nobody() -> None:
    with serving(delay=0.02) as nameserver, descriptors(12):
        assert asyncio.run(many(200, nameserver)) == {WHOLE: 200}


async def test_a_name_server_in_our_own_busy_loop_is_not_slow() -> None:
    soa = "test. 60 SOA ns.test. h.test. 1 2 3 4 60"

    def handler(query: dns.message.Message, tcp: bool) -> bytes:
        name = query.question[0].name.to_text()
        is_a = query.question[0].rdtype == 1
        return reply(query, *([f"{name} 60 A 203.0.113.1"] if is_a else []), authority="" if is_a else soa)

    async with Faulty(handler).running() as server:
        found = await many(100, f"127.0.0.1#{server.port}")
    assert {t for t, _ in found} == {0.0}


async def test_a_lack_of_descriptors_is_an_error_and_no_silence() -> None:
    async with Faulty(lambda query, tcp: reply(query)).running() as server:
        with descriptors(0), pytest.raises(DnsUnavailable) as caught:
            await LiveSource([server.address]).ask([Query("x.test", "A")])
    assert str(caught.value) == "this machine cannot ask: too many open files (allow more with `ulimit -n`)"


async def test_so_it_is_where_the_answer_needs_tcp(monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(*_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(asyncio, "open_connection", full)
    async with Faulty(lambda query, tcp: truncated(query)).running() as server:
        with pytest.raises(DnsUnavailable, match="too many open files"):
            await LiveSource([server.address]).ask([Query("x.test", "A")])


async def test_connections_are_few_however_many_answers_need_one() -> None:
    now, most = 0, 0

    class Counted(Faulty):
        async def stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal now, most
            now += 1
            most = max(most, now)
            await super().stream(reader, writer)
            now -= 1

    server = Counted(lambda query, tcp: reply(query) if tcp else truncated(query), delay=0.01)
    async with server.running():
        answers = await LiveSource([server.address]).ask([Query(f"x{n}.test", "A") for n in range(200)])
    assert not [a for a in answers if a.status.failed]
    assert 1 < most <= MAX_CONNECTIONS + 2  # one that is closed here may be counted there for a moment


async def test_what_is_under_way_already_is_not_asked_again() -> None:
    async with Faulty(lambda query, tcp: reply(query), delay=0.1).running() as server:
        sources = [LiveSource([server.address]) for _ in range(50)]
        await asyncio.gather(*(source.ask([Query("x.test", "A")]) for source in sources))
        assert len(server.seen) == 1


@pytest.mark.parametrize("loss", [0.3, 0.5])
def test_loss_is_never_taken_for_a_fact(loss: float) -> None:
    with serving(loss=loss) as nameserver:
        found = Counter(
            told(pjresolve.resolve("d.test", nameservers=[nameserver], timeout=0.4)) for _ in range(RUNS)
        )
    assert found == {WHOLE: RUNS}


async def test_silence_that_may_be_loss_is_said_to_be_unknown() -> None:
    """A query that is never answered, on a line that loses 7 of 10 packets."""
    draw = random.Random(1)

    def handler(query: dns.message.Message, tcp: bool) -> bytes | None:
        return reply(query) if draw.random() < 0.3 and query.question[0].rdtype == 1 else None

    async with Faulty(handler).running() as server:
        live = LiveSource([server.address], timeout=0.2)
        with pytest.raises(DnsUnavailable, match=r"whether \S+ answers NAPTR x.test is not known: "):
            await live.ask([Query("x.test", "NAPTR"), *(Query(f"{n}.test", "A") for n in range(8))])


# ---------------------------------------------------------------- silent and failing servers


@contextmanager
def in_thread(*handlers: Callable[[dns.message.Message, bool], bytes | None]) -> Iterator[list[str]]:
    """Servers with these handlers in a loop of their own. Yields them as `ADDR#PORT`."""
    import threading
    from contextlib import AsyncExitStack

    ready, loop, stop, ports = threading.Event(), asyncio.new_event_loop(), asyncio.Event(), list[int]()

    async def serve() -> None:
        async with AsyncExitStack() as stack:
            for handler in handlers:
                ports.append((await stack.enter_async_context(Faulty(handler).running())).port)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    try:
        yield [f"127.0.0.1#{port}" for port in ports]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()


def good(query: dns.message.Message, tcp: bool) -> bytes:
    from tests.dns.serve import answer

    return answer(query)


def silent(query: dns.message.Message, tcp: bool) -> None:
    """No reply."""


def refusing(query: dns.message.Message, tcp: bool) -> bytes:
    return reply(query, rcode=5)


def test_the_patience_of_ours_changes_no_prediction() -> None:
    """A silent first server costs the C library's 5 s a query, 8 of them here, and so Timer F."""
    with in_thread(silent, good) as servers:
        found = [
            pjresolve.resolve("d.test", nameservers=servers, timeout=timeout, transports="udp")
            for timeout in (0.1, 0.3, 1.0)
        ]
    assert len({told(p) for p in found}) == 1
    assert len({tuple(p.events) if hasattr(p, "events") else str(p) for p in found}) == 1
    assert found[0].registered is None


def test_one_query_that_waits_for_a_silent_server_costs_five_seconds() -> None:
    with in_thread(silent, good) as servers:
        found = [
            pjresolve.resolve("p1.d.test:5060", nameservers=servers, timeout=timeout, transports="udp")
            for timeout in (0.1, 1.0)
        ]
    assert {told(p) for p in found} == {(5.0, 1)}


def test_a_server_that_refuses_is_passed_over_at_no_cost() -> None:
    for first in (refusing, f"127.0.0.1#{free_port()}"):
        with in_thread(*([first] if callable(first) else []), good) as servers:
            named = servers if callable(first) else [first, *servers]
            assert told(pjresolve.resolve("d.test", nameservers=named)) == WHOLE


def test_who_refuses_everything_says_nothing_about_the_domain() -> None:
    with in_thread(refusing, refusing) as servers, pytest.raises(DnsUnavailable) as caught:
        pjresolve.resolve("d.test", nameservers=servers)
    assert "has a usable answer to any of 6 queries" in str(caught.value)
    with suppress(ValueError):
        assert [f"{server}: REFUSED" in str(caught.value) for server in servers] == [True, True]


def test_a_slow_server_is_as_slow_as_it_is() -> None:
    """2 s for one query; asked with little patience and with much."""
    with serving(delay=1.5) as nameserver:
        found = {
            told(pjresolve.resolve("p1.d.test:5060", nameservers=[nameserver], timeout=t, transports="udp"))
            for t in (1.0, 4.0)
        }
    assert found == {(1.5, 1)}
