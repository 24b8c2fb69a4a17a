"""How long a cold live resolution of three sets takes against a name server 20 ms away.

Run by hand: `.venv/bin/python tests/bench/bench_live.py [RUNS]`. Each run is a process of its own: it imports
the package, starts the clock, resolves, and stops it. Prints the median as a ratio to 3.5 round trips
+ 20 ms, and exits with 1 where that is above 1.
"""

from __future__ import annotations

import asyncio
import statistics
import subprocess
import sys
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

import dns.message  # noqa: E402

from pjresolve.dns.known import KnownAnswers, until_known  # noqa: E402
from pjresolve.dns.live import LiveSource  # noqa: E402
from pjresolve.model import TRANSPORT_TYPES  # noqa: E402
from pjresolve.stacks.asterisk22.resolution import resolution  # noqa: E402
from pjresolve.stacks.driver import resolve_from  # noqa: E402
from pjresolve.stacks.resolution import Request, Resolution  # noqa: E402

RTT = 0.020
TARGET = 3.5 * RTT + 0.020
HOST = "sip.example.net"
OTHER = "other.example.net"
"""Where the NAPTR records lead: had they led to the host's own SRVs, those would be known already."""

PROTOCOLS, HOSTS = ("tcp", "udp"), range(1, 7)
RECORDS = [
    *(f'{HOST}. 60 NAPTR 10 10 "s" "SIP+D2{p[0]}" "" _sip._{p}.{OTHER}.' for p in PROTOCOLS),
    *(f"_sip._{p}.{OTHER}. 60 SRV {n} 10 5060 p{n}.example.net." for p in PROTOCOLS for n in HOSTS),
    *(f"p{n}.example.net. 60 A 203.0.113.{n}" for n in HOSTS),
    *(f"p{n}.example.net. 60 AAAA 2001:db8::{n}" for n in HOSTS),
]


def one(port: int) -> None:
    """A cold resolution as the commands make it; prints its wall time in seconds."""
    import time

    request = Request(HOST, None, None, False, frozenset(TRANSPORT_TYPES.values()))

    async def run() -> Resolution:
        known = KnownAnswers()
        connect = partial(LiveSource, [("127.0.0.1", port)])
        return await until_known(known, connect, lambda: resolve_from(resolution(request), known))

    begin = time.perf_counter()
    found = asyncio.run(run())
    seconds = time.perf_counter() - begin
    assert len(found.targets) == 24, found.targets
    assert [len(queries) for queries, _ in found.asked] == [6, 2, 24]
    assert seconds > 3 * RTT, "less than three round trips"
    print(seconds)


async def main(runs: int) -> float:
    """The median wall time of `runs` processes, in seconds."""
    from tests.dns.servers import Faulty, reply

    replies: dict[tuple[str, str], bytes] = {}

    def answer(query: dns.message.Message, tcp: bool) -> bytes:
        question = query.question[0]
        key = (question.name.to_text(), question.rdtype.name)
        if key not in replies:  # made once, so that later runs wait for the delay alone
            replies[key] = reply(query, *(x for x in RECORDS if (x.split()[0], x.split()[2]) == key))
        return query.id.to_bytes(2, "big") + replies[key][2:]

    async with Faulty(answer, delay=RTT).running() as server:
        times = []
        for _ in range(runs):
            command = [sys.executable, __file__, "--one", str(server.port)]
            process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
            times.append(float((await process.communicate())[0]))
    return statistics.median(times)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(int(sys.argv[2]))
    else:
        median = asyncio.run(main(int(sys.argv[1]) if sys.argv[1:] else 9))
        print(f"three sets at {RTT * 1000:.0f} ms: {median * 1000:.1f} ms, target {TARGET * 1000:.0f} ms")
        print(f"ratio {median / TARGET:.2f}, target at most 1")
        sys.exit(median > TARGET)
