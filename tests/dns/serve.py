"""A name server of its own process for tests of live DNS: `python serve.py DELAY LOSS SEED`.

It prints its port, and answers for any `x.test`: six SRV targets over UDP, an address each. Each answer comes
DELAY seconds late. Of the queries the part LOSS is lost, as SEED draws it.
"""

from __future__ import annotations

import asyncio
import random
import sys

import dns.message
import dns.rdatatype

from tests.dns.servers import reply

TARGETS = 6
SOA = "test. 60 SOA ns.test. hostmaster.test. 1 3600 600 86400 60"


def answer(query: dns.message.Message) -> bytes:
    """The records of the one zone that every domain has."""
    name = query.question[0].name.to_text().lower()
    rtype = dns.rdatatype.to_text(query.question[0].rdtype)
    lines = []
    if rtype == "SRV" and name.startswith("_sip._udp."):
        lines = [f"{name} 60 SRV {n} 0 5060 p{n}.{name[10:]}" for n in range(TARGETS)]
    elif rtype == "A" and name[0] == "p" and name[1].isdigit():
        lines = [f"{name} 60 A 203.0.113.{name[1]}"]
    return reply(query, *lines, authority="" if lines else SOA)


async def serve(delay: float, loss: float, seed: int) -> None:
    """Answer for ever."""
    loop, draw = asyncio.get_running_loop(), random.Random(seed)

    class Datagrams(asyncio.DatagramProtocol):
        def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
            self.transport = transport
            print(transport.get_extra_info("sockname")[1], flush=True)

        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            if draw.random() >= loss:
                out = answer(dns.message.from_wire(data))
                loop.call_later(delay, self.transport.sendto, out, addr)

    await loop.create_datagram_endpoint(Datagrams, local_addr=("127.0.0.1", 0))
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])))
