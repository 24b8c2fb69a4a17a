"""One name server as it is asked: the only module with sockets.

Rules of this file:
- all that runs in one event loop shares one channel to a server: one UDP socket, MAX_WAITING queries under
  way, MAX_CONNECTIONS connections; the same query is under way once;
- each try has a message number of its own, so that a reply says how long the server took for that try. When
  it came is told by the kernel: the wait for our own event loop is no latency of the DNS;
- a query is asked again until it is answered, or until so many tries were lost that chance cannot explain it:
  beside each repetition goes a query that was answered before, whose fate tells how much is lost;
- what this machine lacks (descriptors, memory) is an error and never the silence of a server.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import math
import os
import socket
import struct
import time
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias
from weakref import WeakKeyDictionary, WeakValueDictionary

from pjresolve.dns.message import Reply, encode, read_reply
from pjresolve.errors import DnsUnavailable, printable
from pjresolve.model import Query, Status
from pjresolve.words import plural, span

Server: TypeAlias = tuple[str, int]
"""Address and port."""

MAX_WAITING, MAX_CONNECTIONS = 128, 16
"""Queries and TCP connections under way towards one server; others wait for their turn."""
MOST_TRIES = 24
CHANCE = 1e-6
"""How improbable it must be that all tries of a query were lost, before its silence is the server's."""
FALLEN_SILENT = 12
"""A server that was heard and now answers none of so many queries has fallen silent."""
REPETITION, REPETITIONS = 1.0, 14
"""The first repetition comes after a second at the latest, and so many of them fit into the patience."""
LONGEST_SILENCE = 30.0
"""Seconds after which a server that never said a word is given another chance."""
OWN_LACKS = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
_TIMESTAMPS = 35
"""SO_TIMESTAMPNS of Linux (and its SCM_TIMESTAMPNS), which Python's socket module does not name."""
_RECEIVE_BUFFER = 1 << 20


def server_text(server: Server) -> str:
    """`ADDR#PORT`."""
    return f"{server[0]}#{server[1]}"


class Said(NamedTuple):
    """What a server said to a query, and after how many seconds.

    `reply` is None where it said nothing: `silent` where the query was lost on it, else it cannot be reached.
    `cause` says so in words. `unknown`: it loses so much that its silence tells nothing.
    """

    reply: Reply | None
    seconds: float = 0.0
    cause: str = ""
    silent: bool = False
    unknown: bool = False


def channel_to(server: Server) -> Channel:
    """The channel to `server` that everybody in the running event loop shares."""
    loop = asyncio.get_running_loop()
    channels = _CHANNELS.setdefault(loop, WeakValueDictionary())
    channel = channels.get(server)
    if channel is None:
        channel = channels[server] = Channel(server, loop)
    return channel


class Channel:
    """The way to one name server: its socket, what is under way, and what was seen of it."""

    def __init__(self, server: Server, loop: asyncio.AbstractEventLoop) -> None:
        self.server = server
        self.heard = False
        self._loop = loop
        self._room = asyncio.Semaphore(MAX_WAITING)
        self._connections = asyncio.Semaphore(MAX_CONNECTIONS)
        self._under_way: dict[Query, _Shared] = {}
        self._tries: dict[int, tuple[_Asked, float, float]] = {}
        self._asked: set[_Asked] = set()
        self._socket: socket.socket | None = None
        self._answered, self._lost, self._slowest = 0, 0, 0.0
        self._control: Query | None = None
        self._controls: dict[int, tuple[Query, float, _Asked]] = {}
        self._silent_until = 0.0

    async def ask(self, query: Query, patience: float) -> Said:
        """What the server says to `query`, in `patience` seconds, or more where packets are lost.

        Raises DnsUnavailable for what this machine lacks.
        """
        shared = self._under_way.get(query)
        if shared is None:
            shared = _Shared(self._loop.create_task(self._exchange(query, patience)))
            self._under_way[query] = shared
        shared.waiting += 1
        try:
            return await asyncio.shield(shared.task)
        finally:
            shared.waiting -= 1
            if not shared.waiting:
                if not shared.task.done():
                    shared.task.cancel()
                elif not shared.task.cancelled():
                    shared.task.exception()  # looked at, also where nobody was left to get it
                if self._under_way.get(query) is shared:
                    del self._under_way[query]

    async def _exchange(self, query: Query, patience: float) -> Said:
        """Over UDP, over TCP if truncated, and once more without EDNS if that is not known."""
        said = Said(None)
        async with self._room:
            for edns in (True, False):
                said = await self._over_udp(query, edns, patience)
                if said.reply is not None and said.reply.truncated:
                    said = said._replace(reply=await self._over_tcp(query, edns, patience))
                if said.reply is None or not said.reply.no_edns:
                    break
        return said

    # ------------------------------------------------------------ UDP

    async def _over_udp(self, query: Query, edns: bool, patience: float) -> Said:
        if self._loop.time() < self._silent_until:
            return Said(None, cause=_no_reply(patience), silent=True)
        try:
            self._open()
        except OSError as exc:
            _refuse_own_lack(exc)
            return Said(None, cause=cause_of(exc))
        asked = _Asked(query, edns, patience, self._loop.time(), self._loop.create_future())
        self._asked.add(asked)
        try:
            self._try(asked)
            return await asked.future
        finally:
            asked.stop()
            self._asked.discard(asked)
            for ident in asked.idents:
                self._tries.pop(ident, None)
            if not self._asked:
                self._close()

    def _open(self) -> None:
        if self._socket is not None:
            return
        address, port = self.server
        numeric = socket.AI_NUMERICHOST
        [found, *_] = socket.getaddrinfo(address, port, type=socket.SOCK_DGRAM, flags=numeric)
        opened = socket.socket(found[0], found[1])
        try:
            opened.setblocking(False)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
            opened.setsockopt(socket.SOL_SOCKET, _TIMESTAMPS, 1)
            opened.connect(found[4])
        except OSError:
            opened.close()
            raise
        self._socket = opened
        self._loop.add_reader(opened, self._receive)

    def _close(self) -> None:
        if self._socket is not None:
            self._loop.remove_reader(self._socket)
            self._socket.close()
            self._socket = None
            self._controls.clear()

    def _try(self, asked: _Asked) -> None:
        """Send the query once more, or say what its silence means."""
        now = self._loop.time()
        if asked.future.done() or self._socket is None:
            return
        if now - asked.begin >= asked.patience and self._settled(asked, now):
            return
        if len(asked.idents) < MOST_TRIES:
            again = bool(asked.idents)
            ident = self._new_number()
            self._tries[ident] = asked, now, time.time()
            asked.idents.append(ident)
            try:
                self._send(encode(asked.query, ident, edns=asked.edns))
                if again and self._control is not None:
                    ident = self._new_number()
                    self._controls[ident] = self._control, now, asked
                    asked.controls += 1
                    self._send(encode(self._control, ident))
            except OSError as exc:
                self._fail(asked, exc)
                return
        rest = asked.begin + asked.patience - now
        wait = self._repetition(asked.patience)
        asked.timer = self._loop.call_later(min(wait, rest) if rest > 0 else wait, self._try, asked)

    def _send(self, wire: bytes) -> None:
        if self._socket is not None:
            with contextlib.suppress(BlockingIOError):  # as good as lost: it is asked again
                self._socket.send(wire)

    def _new_number(self) -> int:
        ident = _random_number()
        while ident in self._tries or ident in self._controls:
            ident = _random_number()
        return ident

    def _repetition(self, patience: float) -> float:
        return min(REPETITION, max(4 * self._slowest, patience / REPETITIONS))

    def _settled(self, asked: _Asked, now: float) -> bool:
        """Whether the silence up to now is the server's, or can never be told from loss; ends the query."""
        tries = len(asked.idents)
        if not self.heard:
            self._silent_until = now + LONGEST_SILENCE
            for other in list(self._asked):
                other.end(Said(None, cause=_no_reply(asked.patience), silent=True))
            return True
        self._count_controls(now - self._repetition(asked.patience))
        loss = self._most_loss()
        if tries < min(MOST_TRIES, math.ceil(math.log(CHANCE) / math.log(loss))):
            return False
        fallen_silent = asked.controls >= FALLEN_SILENT and not asked.controls_heard
        unknown = loss**tries > CHANCE * 10 and not fallen_silent
        of = f"{self._lost} of {self._answered + self._lost} other packets are lost, too"
        cause = f"no reply to {plural(tries, 'try')}"
        asked.end(Said(None, cause=f"{cause}; {of}" if unknown else cause, silent=True, unknown=unknown))
        return True

    def _count_controls(self, before: float) -> None:
        """Those sent before this time that were not answered are lost."""
        for ident, (_, sent, _) in list(self._controls.items()):
            if sent <= before:
                del self._controls[ident]
                self._lost += 1

    def _most_loss(self) -> float:
        """The part of the packets that is lost, as far as what was seen allows it to be high."""
        tries = self._answered + self._lost + 2
        loss = (self._lost + 1) / tries
        return min(loss + 2 * math.sqrt(loss * (1 - loss) / tries), 0.99)

    def _receive(self) -> None:
        """Take up all that has come."""
        while self._socket is not None:
            try:
                data, ancillary, _, _ = self._socket.recvmsg(65535, 64)
            except BlockingIOError:
                return
            except OSError as exc:
                # An ICMP error does not say which query it belongs to: none of them will be answered
                for asked in list(self._asked):
                    self._fail(asked, exc)
                return
            self._take(data, _stamp(ancillary))

    def _take(self, data: bytes, stamp: float | None) -> None:
        ident = int.from_bytes(data[:2], "big")
        control, found = self._controls.get(ident), self._tries.get(ident)
        if control is not None and read_reply(data, control[0]) is not None:
            del self._controls[ident]
            control[2].controls_heard += 1
            self._answered += 1
        if found is None:
            return
        asked, sent, sent_at = found
        reply = read_reply(data, asked.query) if not asked.future.done() else None
        if reply is None:
            return
        seconds = self._loop.time() - sent
        if stamp is not None:
            seconds = min(seconds, stamp - sent_at)  # a clock that was set has no say
        place = asked.idents.index(ident)
        self.heard, self._silent_until = True, 0.0
        self._answered += 1
        self._lost += place  # those before it; of those after it nothing is known
        self._slowest = max(self._slowest, seconds)
        if asked.edns and not reply.no_edns:
            self._control = asked.query
        asked.end(Said(reply, max(seconds, 0.0)))

    def _fail(self, asked: _Asked, exc: OSError) -> None:
        if exc.errno in OWN_LACKS:
            if not asked.future.done():
                asked.future.set_exception(_own_lack(exc))
        else:
            asked.end(Said(None, cause=cause_of(exc)))

    # ------------------------------------------------------------ TCP

    async def _over_tcp(self, query: Query, edns: bool, patience: float) -> Reply:
        """After a truncated reply over UDP, so the server has been heard."""
        async with self._connections:
            try:
                async with asyncio.timeout(patience):
                    return await _ask_over_tcp(self.server, query, edns)
            except TimeoutError:
                return Reply(Status.TIMEOUT, detail=f"truncated, and no reply over TCP in {span(patience)}")
            except (OSError, EOFError) as exc:
                if isinstance(exc, OSError):
                    _refuse_own_lack(exc)
                return Reply(Status.TIMEOUT, detail=f"truncated, and over TCP: {cause_of(exc)}")


_CHANNELS: WeakKeyDictionary[asyncio.AbstractEventLoop, WeakValueDictionary[Server, Channel]] = (
    WeakKeyDictionary()
)


@dataclass(slots=True)
class _Shared:
    """A query under way, and how many wait for it."""

    task: asyncio.Task[Said]
    waiting: int = 0


class _Asked:
    """A query that is asked over UDP: the message numbers of its tries, and its end."""

    def __init__(
        self, query: Query, edns: bool, patience: float, begin: float, future: asyncio.Future[Said]
    ) -> None:
        self.query, self.edns, self.patience, self.begin, self.future = query, edns, patience, begin, future
        self.idents: list[int] = []
        self.controls = self.controls_heard = 0
        self.timer: asyncio.TimerHandle | None = None

    def end(self, said: Said) -> None:
        if not self.future.done():
            self.future.set_result(said)

    def stop(self) -> None:
        if self.timer is not None:
            self.timer.cancel()


def _stamp(ancillary: list[tuple[int, int, bytes]]) -> float | None:
    """When the kernel received a message, in seconds since 1970, where it says so."""
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, _TIMESTAMPS) and len(data) >= 16:
            seconds, nanoseconds = struct.unpack("@qq", data[:16])
            return float(seconds) + float(nanoseconds) / 1e9
    return None


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


def _no_reply(patience: float) -> str:
    return f"no reply in {span(patience)}"


def _refuse_own_lack(exc: OSError) -> None:
    """Raise DnsUnavailable where this machine lacks what it takes to ask."""
    if exc.errno in OWN_LACKS:
        raise _own_lack(exc) from None


def _own_lack(exc: OSError) -> DnsUnavailable:
    few = exc.errno in (errno.EMFILE, errno.ENFILE)
    hint = "allow more with `ulimit -n`" if few else "ask less at a time"
    return DnsUnavailable(f"this machine cannot ask: {cause_of(exc)}", hint=hint)


def cause_of(exc: Exception) -> str:
    """Why there is no connection, in a few words."""
    if isinstance(exc, OSError) and exc.errno:
        return os.strerror(exc.errno).lower()
    return "the connection was closed" if isinstance(exc, EOFError) else printable(str(exc), 80)
