"""Name servers for tests: one that does whatever a test wants, and Debian's nsd."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rdatatype
import dns.rrset

Handler = Callable[[dns.message.Message, bool], bytes | None]
"""Gets a query and whether it came over TCP; returns the reply's bytes, or None for silence."""


class Faulty:
    """A name server on a loopback port, UDP and TCP, that answers through `handler` after `delay` seconds."""

    def __init__(self, handler: Handler, delay: float = 0.0, tcp: bool = True) -> None:
        self.handler, self.delay, self.tcp = handler, delay, tcp
        self.seen: list[tuple[str, str, bool]] = []
        self.port = 0

    @property
    def address(self) -> tuple[str, int]:
        return ("127.0.0.1", self.port)

    def answer(self, wire: bytes, tcp: bool) -> bytes | None:
        """What goes back for a query's bytes."""
        query = dns.message.from_wire(wire)
        name = query.question[0].name.to_text(omit_final_dot=True).lower()
        self.seen.append((dns.rdatatype.to_text(query.question[0].rdtype), name, tcp))
        return self.handler(query, tcp)

    async def stream(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One query over TCP."""
        with contextlib.suppress(EOFError, OSError):
            size = int.from_bytes(await reader.readexactly(2), "big")
            out = self.answer(await reader.readexactly(size), True)
            await asyncio.sleep(self.delay)
            if out is not None:
                writer.write(len(out).to_bytes(2, "big") + out)
                await writer.drain()
        writer.close()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Faulty]:
        """Serve for as long as the context lasts."""
        loop, outer = asyncio.get_running_loop(), self

        class Datagrams(asyncio.DatagramProtocol):
            def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
                self.transport = transport

            def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
                out = outer.answer(data, False)
                if out is not None:
                    loop.call_later(outer.delay, self.transport.sendto, out, addr)

        transport, _ = await loop.create_datagram_endpoint(Datagrams, local_addr=("127.0.0.1", 0))
        self.port = transport.get_extra_info("sockname")[1]
        server = await asyncio.start_server(self.stream, *self.address) if self.tcp else None
        try:
            yield self
        finally:
            transport.close()
            if server:
                server.close()
                await server.wait_closed()


def reply(query: dns.message.Message, *lines: str, authority: str = "", rcode: int = 0) -> bytes:
    """A reply whose answer section holds the zone-file lines, in their order."""
    message = dns.message.make_response(query, recursion_available=True)
    message.set_rcode(dns.rcode.Rcode(rcode))
    for section, texts in ((message.answer, lines), (message.authority, [authority] if authority else [])):
        for line in texts:
            owner, ttl, rtype, data = line.split(None, 3)
            one = dns.rrset.from_text(dns.name.from_text(owner), int(ttl), "IN", rtype, data)
            same = [s for s in section if (s.name, s.rdtype) == (one.name, one.rdtype)]
            if same:
                same[0].add(one[0])
            else:
                section.append(one)
    return message.to_wire(max_size=65535, want_shuffle=False)


def truncated(query: dns.message.Message) -> bytes:
    """A reply that only says that it does not fit."""
    message = dns.message.make_response(query)
    message.flags |= dns.flags.TC
    return message.to_wire()


def free_port() -> int:
    """A loopback port that nobody listens on, over UDP and TCP."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        port: int = udp.getsockname()[1]
        with socket.socket() as tcp:
            tcp.bind(("127.0.0.1", port))
    return port


NSD_CONF = """\
server:
  ip-address: 127.0.0.1@{port}
  username: ""
  chroot: ""
  zonesdir: "{folder}"
  zonelistfile: "{folder}/zone.list"
  xfrdfile: "{folder}/xfrd.state"
  xfrdir: "{folder}"
  database: ""
  pidfile: "{folder}/nsd.pid"
  logfile: "{folder}/nsd.log"
  server-count: 1
  hide-version: yes
remote-control:
  control-enable: no
"""


@contextlib.contextmanager
def running_nsd(program: str, folder: Path, zones: dict[str, str]) -> Iterator[tuple[str, int]]:
    """An nsd that serves zone texts by origin, until the context ends. Yields its address."""
    port = free_port()
    conf = NSD_CONF.format(port=port, folder=folder)
    for number, (origin, text) in enumerate(zones.items()):
        (folder / f"{number}.zone").write_text(text)
        conf += f'zone:\n  name: "{origin}"\n  zonefile: "{number}.zone"\n'
    (folder / "nsd.conf").write_text(conf)
    process = subprocess.Popen(
        [program, "-d", "-c", str(folder / "nsd.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        query, end = dns.message.make_query(next(iter(zones)), "SOA"), time.monotonic() + 20
        while True:
            with contextlib.suppress(OSError, dns.exception.Timeout):
                dns.query.udp(query, "127.0.0.1", port=port, timeout=0.2)
                break
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((folder / "nsd.log").read_text()[-2000:])
            time.sleep(0.05)
        yield "127.0.0.1", port
    finally:
        process.terminate()
        process.wait(10)
