"""Answers from real name servers: the only module with sockets.

Rules of this file:
- the queries of a set go out together; a name server that does not answer costs `timeout` seconds per try;
- search domains are never applied: a name is asked as it is;
- each set has its own socket per name server, with a port of the kernel's choice and random message numbers;
- every failure is an answer. An error is raised only where no name server could be asked at all.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType

import dns.exception

from pjresolve.dns.message import MAX_CNAMES, Reply, encode, name_wire, read_reply
from pjresolve.errors import BadInput, DnsUnavailable, Location, Parameter, printable
from pjresolve.model import Answer, Query, Status
from pjresolve.words import span

Server = tuple[str, int]
RESOLV_CONF = Path("/etc/resolv.conf")
MAX_SERVERS, MAX_WAITING = 3, 128
"""Name servers of the system that are used, as in the C library, and queries that are under way at a time."""

HINT = (
    "use ", Parameter("offline"), " for a bundled example, or ", Parameter("nameservers"), ", ",
    Parameter("zone"), " or ", Parameter("snapshot"),
)  # fmt: skip


def server_text(server: Server) -> str:
    """`ADDR#PORT`."""
    return f"{server[0]}#{server[1]}"


def parse_nameserver(text: str) -> Server:
    """The server that `ADDR[#PORT]` names. Raises BadInput."""
    address, given, port = text.strip().partition("#")
    number = 53 if not given else int(port) if port.isascii() and port.isdigit() and len(port) < 6 else 0
    try:
        ipaddress.ip_address(address)
    except ValueError:
        number = 0
    if not 0 < number < 65536:
        raise BadInput(
            f"{printable(text)!r} is no name server",
            where=Parameter("nameservers"),
            hint="write ADDR or ADDR#PORT",
        )
    return address, number


def system_nameservers(path: Path = RESOLV_CONF) -> tuple[Server, ...]:
    """The name servers of resolv.conf(5). Raises DnsUnavailable where it names none."""
    try:
        lines = path.read_bytes()[:65536].decode("utf-8", "replace").splitlines()
    except OSError as exc:
        what = f"no name server is known: {_cause(exc)}"
        raise DnsUnavailable(what, where=Location(str(path)), hint=HINT) from None
    found: list[Server] = []
    for words in (line.split() for line in lines):
        if len(words) > 1 and words[0] == "nameserver":
            try:
                ipaddress.ip_address(words[1])
            except ValueError:
                continue  # the C library passes over it, too
            found.append((words[1], 53))
    if not found:
        raise DnsUnavailable("names no name server", where=Location(str(path)), hint=HINT)
    return tuple(found[:MAX_SERVERS])


class LiveSource:
    """Asks name servers. Answers are kept: a query is asked once in the source's life.

    `nameservers` are (address, port) pairs, by default the system's; they are tried in order. `timeout` is
    in seconds, per try; all servers are tried `tries` times before a query counts as timed out. A server that
    answers with a failure is not tried again for that query.
    """

    def __init__(self, nameservers: Sequence[Server] = (), *, timeout: float = 5.0, tries: int = 2) -> None:
        self.servers: tuple[Server, ...] = tuple(nameservers) or system_nameservers()
        self.timeout, self.tries = timeout, tries
        self._cache: dict[Query, Answer] = {}
        self._heard = False

    async def ask(self, queries: Sequence[Query]) -> tuple[Answer, ...]:
        """The answers to one set of queries, asked together; in the set's order.

        Raises DnsUnavailable where no server has ever replied to anything.
        """
        wanted = [query for query in dict.fromkeys(queries) if query not in self._cache]
        if wanted:
            async with _Set(self.servers, self.timeout, self.tries) as under_way:
                answers = await asyncio.gather(*(under_way.answer(query) for query in wanted))
            self._heard = self._heard or under_way.heard
            if not self._heard and under_way.causes:
                causes = "; ".join(f"{server_text(s)}: {cause}" for s, cause in under_way.causes.items())
                raise DnsUnavailable(f"no name server answers: {causes}", hint=HINT)
            self._cache.update(zip(wanted, answers, strict=True))
        return tuple(self._cache[query] for query in queries)


class _Set:
    """One set of queries under way, and its sockets."""

    def __init__(self, servers: tuple[Server, ...], timeout: float, tries: int) -> None:
        self.servers, self.timeout, self.tries = servers, timeout, tries
        self.loop = asyncio.get_running_loop()
        self.room = asyncio.Semaphore(MAX_WAITING)
        self.ports: dict[Server, _Port] = {}
        self.causes: dict[Server, str] = {}
        self.heard = False
        self.stack = AsyncExitStack()

    async def __aenter__(self) -> _Set:
        for server in self.servers:
            try:
                transport, port = await self.loop.create_datagram_endpoint(_Port, remote_addr=server)
            except OSError as exc:
                self.causes[server] = _cause(exc)
            else:
                self.stack.callback(transport.close)
                self.ports[server] = port
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stack.aclose()

    async def answer(self, query: Query) -> Answer:
        """The answer to `query`, with CNAMEs asked further where an answer leaves them open."""
        async with self.room:
            begin = self.loop.time()
            try:
                name_wire(query.name)
            except (dns.exception.DNSException, ValueError) as exc:
                detail = f"no domain name: {printable(str(exc), 80)}"
                return Answer(query, Status.MALFORMED, detail=detail)
            name = query.name
            cnames: list[tuple[str, str]] = []
            while True:
                reply = await self.reply(Query(name, query.rtype))
                known = {owner for owner, _ in cnames}
                cnames += reply.cnames
                if not reply.cut:
                    break
                if reply.cut in known or len(cnames) > MAX_CNAMES:
                    reply = Reply(Status.NODATA, detail="the CNAMEs lead in a circle or too far")
                    break
                name = reply.cut
            seconds = self.loop.time() - begin
            return Answer(query, reply.status, reply.records, tuple(cnames), seconds, reply.detail)

    async def reply(self, query: Query) -> Reply:
        """The first reply that settles `query`, or the most telling failure."""
        worst = Reply(Status.TIMEOUT, detail="no name server can be reached", heard=False)
        servers = list(self.servers)
        for _ in range(self.tries):
            for server in tuple(servers):
                reply = await self.exchange(server, query)
                if reply.heard:
                    self.heard = True
                    servers.remove(server)  # it has said what it has to say
                else:
                    self.causes[server] = reply.detail
                if reply.final:
                    return reply
                if reply.heard or not worst.heard:
                    worst = reply
        return worst

    async def exchange(self, server: Server, query: Query) -> Reply:
        """One try: over UDP, over TCP if truncated, and once more without EDNS if that is not known."""
        reply = Reply(Status.TIMEOUT, heard=False)
        for edns in (True, False):
            reply = await self.over_udp(server, query, edns)
            if reply.truncated:
                reply = await self.over_tcp(server, query, edns)
            if not reply.no_edns:
                break
        return reply

    async def over_udp(self, server: Server, query: Query, edns: bool) -> Reply:
        port = self.ports.get(server)
        if port is None:
            return Reply(Status.TIMEOUT, detail=self.causes[server], heard=False)
        try:
            async with asyncio.timeout(self.timeout):
                return await port.ask(query, edns)
        except TimeoutError:
            return Reply(Status.TIMEOUT, detail=f"no reply in {span(self.timeout)}", heard=False)
        except OSError as exc:
            return Reply(Status.TIMEOUT, detail=_cause(exc), heard=False)

    async def over_tcp(self, server: Server, query: Query, edns: bool) -> Reply:
        """After a truncated reply over UDP, so the server has been heard."""
        try:
            async with asyncio.timeout(self.timeout):
                return await _ask_over_tcp(server, query, edns)
        except TimeoutError:
            return Reply(Status.TIMEOUT, detail=f"truncated, and no reply over TCP in {span(self.timeout)}")
        except (OSError, EOFError) as exc:
            return Reply(Status.TIMEOUT, detail=f"truncated, and over TCP: {_cause(exc)}")


class _Port(asyncio.DatagramProtocol):
    """A UDP socket towards one server, and who waits for which message number."""

    def __init__(self) -> None:
        self.transport: asyncio.DatagramTransport | None = None
        self.waiting: dict[int, tuple[Query, asyncio.Future[Reply]]] = {}

    async def ask(self, query: Query, edns: bool) -> Reply:
        ident = _random_number()
        while ident in self.waiting:
            ident = _random_number()
        wire = encode(query, ident, edns=edns)
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self.waiting[ident] = query, future
        try:
            if self.transport is None or self.transport.is_closing():
                raise ConnectionError("the socket is closed")
            self.transport.sendto(wire)
            return await future
        finally:
            del self.waiting[ident]

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self.transport = transport

    def datagram_received(self, data: bytes, addr: object) -> None:
        query, future = self.waiting.get(int.from_bytes(data[:2], "big"), (None, None))
        if query and future and not future.done():
            reply = read_reply(data, query)
            if reply:
                future.set_result(reply)

    def error_received(self, exc: Exception) -> None:
        """An ICMP error does not say which query it belongs to: none of them will be answered."""
        for _, future in self.waiting.values():
            if not future.done():
                future.set_exception(exc)


async def _ask_over_tcp(server: Server, query: Query, edns: bool) -> Reply:
    """RFC 7766: one query on a connection of its own."""
    ident = _random_number()
    wire = encode(query, ident, edns=edns)
    reader, writer = await asyncio.open_connection(*server)
    try:
        writer.write(len(wire).to_bytes(2, "big") + wire)
        size = int.from_bytes(await reader.readexactly(2), "big")
        data = await reader.readexactly(size)
    finally:
        writer.close()
    reply = read_reply(data, query) if data[:2] == ident.to_bytes(2, "big") else None
    if reply is None or reply.truncated:
        return Reply(Status.MALFORMED, detail="the reply over TCP does not belong to the query")
    return reply


def _random_number() -> int:
    return int.from_bytes(os.urandom(2), "big")


def _cause(exc: Exception) -> str:
    if isinstance(exc, OSError) and exc.errno:
        return os.strerror(exc.errno).lower()
    return "the connection was closed" if isinstance(exc, EOFError) else printable(str(exc), 80)
