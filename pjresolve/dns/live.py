"""Answers from real name servers: which of them says what.

Rules of this file:
- the queries of a set go out together; name servers are asked in their order, as the C library asks them;
- what the DNS says and how long we wait for it are two things: an answer says which name servers were silent,
  never for how long we listened to them. What that costs a client is its resolver's business;
- a latency is kept only from SLOW seconds on, and only if it is there again when the query is repeated: below
  that it says more of this moment than of what a client will wait;
- search domains are never applied: a name is asked as it is;
- every failure is an answer. An error is raised only where nothing was learnt of the DNS.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import dns.exception

from pjresolve.dns.channel import Channel, Said, Server, cause_of, channel_to, server_text
from pjresolve.dns.message import MAX_CNAMES, Reply, name_wire
from pjresolve.errors import BadInput, DnsUnavailable, Location, Parameter, printable
from pjresolve.model import Answer, Query, Status

T = TypeVar("T")
RESOLV_CONF = Path("/etc/resolv.conf")
MAX_SERVERS = 3
"""Name servers of the system that are used, as in the C library."""
SLOW = 1.0
"""Seconds from which on the latency of an answer is part of it."""
LATE = 5.0
"""Seconds after which the C library asks the next name server, where there is one."""
TRIES = 2
"""How many times `timeout` is waited for a name server in all."""

HINT = (
    "use ", Parameter("offline"), " for a bundled example, or ", Parameter("nameservers"), ", ",
    Parameter("zone"), " or ", Parameter("snapshot"),
)  # fmt: skip


_BRACKETED = re.compile(r"\[([^\[\]]+)\](?:[#:](.*))?", re.DOTALL)


def parse_nameserver(text: str) -> Server:
    """The server that `ADDR`, `ADDR#PORT`, `ADDR:PORT` or `[ADDR]:PORT` names, with or without dig's `@`.

    An IPv6 address with a port behind a colon needs its brackets. Raises BadInput.
    """
    bare = text.strip().removeprefix("@")
    bracketed = _BRACKETED.fullmatch(bare)
    if bracketed:
        address, port = bracketed[1], bracketed[2]
    elif "#" in bare or bare.count(":") == 1:
        address, _, port = bare.partition("#" if "#" in bare else ":")
    else:
        address, port = bare, None
    number = 53 if port is None else int(port) if port.isascii() and port.isdigit() and len(port) < 6 else 0
    try:
        ipaddress.ip_address(address)
    except ValueError:
        number = 0
    if not 0 < number < 65536:
        raise BadInput(
            f"{printable(text)!r} is no name server",
            where=Parameter("nameservers"),
            hint="write its address; with a port, 192.0.2.1#5353",
        )
    return address, number


def system_nameservers(path: Path = RESOLV_CONF) -> tuple[Server, ...]:
    """The name servers of resolv.conf(5). Raises DnsUnavailable where it names none."""
    try:
        lines = path.read_bytes()[:65536].decode("utf-8", "replace").splitlines()
    except OSError as exc:
        what = f"no name server is known: {cause_of(exc)}"
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

    `nameservers` are (address, port) pairs, by default the system's; they are asked in order. `timeout` is in
    seconds: after TRIES times as long, a name server that has said nothing is silent. A longer one changes no
    answer, unless a name server takes that long.
    """

    def __init__(self, nameservers: Sequence[Server] = (), *, timeout: float = 5.0) -> None:
        self.servers: tuple[Server, ...] = tuple(nameservers) or system_nameservers()
        self.patience = TRIES * timeout
        self._cache: dict[Query, Answer] = {}
        self._channels: tuple[Channel, ...] = ()

    async def ask(self, queries: Sequence[Query]) -> tuple[Answer, ...]:
        """The answers to one set of queries, asked together; in the set's order.

        Raises DnsUnavailable where no server has ever said anything, where what one does not say cannot be
        told from what is lost on the way, and where this machine cannot ask.
        """
        wanted = [query for query in dict.fromkeys(queries) if query not in self._cache]
        if wanted:
            self._channels = tuple(map(channel_to, self.servers))
            answers = await _all([self._answer(query) for query in wanted])
            asked = [answer for answer in answers if answer.servers]
            if asked and not any(channel.heard for channel in self._channels):
                raise DnsUnavailable(f"no name server answers: {self._said(asked)}", hint=HINT)
            self._cache.update(zip(wanted, answers, strict=True))
        return tuple(self._cache[query] for query in queries)

    def check_useful(self) -> None:
        """Raise DnsUnavailable where nothing of all that was asked got a usable answer.

        A name server that refuses whatever it is asked says nothing about a domain.
        """
        asked = [answer for answer in self._cache.values() if answer.servers]
        if asked and all(answer.status.failed for answer in asked):
            what = f"any of {len(asked)} queries" if len(asked) > 1 else str(asked[0].query)
            said = self._said(asked)
            raise DnsUnavailable(f"no name server has a usable answer to {what}: {said}", hint=HINT)

    def _said(self, answers: Sequence[Answer]) -> str:
        """What the servers say to these queries, all of which failed: each thing once."""
        details = ", ".join(dict.fromkeys(answer.detail or answer.status.name for answer in answers))
        return details if len(self.servers) > 1 else f"{server_text(self.servers[0])}: {details}"

    async def _answer(self, query: Query) -> Answer:
        """The answer to `query`; a slow one is asked for again, and the shorter time counts."""
        answer = await self._followed(query)
        if answer.seconds >= SLOW and not answer.status.failed:
            again = await self._followed(query)
            if not again.status.failed:
                answer = replace(answer, seconds=min(answer.seconds, again.seconds))
        return replace(answer, seconds=round(answer.seconds, 1) if answer.seconds >= SLOW else 0.0)

    async def _followed(self, query: Query) -> Answer:
        """The answer to `query`, with CNAMEs asked further where an answer leaves them open."""
        try:
            name_wire(query.name)
        except (dns.exception.DNSException, ValueError) as exc:
            detail = f"no domain name: {printable(str(exc), 80)}"
            return Answer(query, Status.MALFORMED, detail=detail, servers=0)
        name = query.name
        cnames: list[tuple[str, str, int]] = []
        silent: tuple[int, ...] = ()
        seconds = 0.0
        while True:
            reply, silent_now, took = await self._reply(Query(name, query.rtype))
            silent, seconds = silent or silent_now, seconds + took
            known = {owner for owner, *_ in cnames}
            cnames += reply.cnames
            if not reply.cut:
                break
            if reply.cut in known or len(cnames) > MAX_CNAMES:
                reply = Reply(Status.NODATA, detail="the CNAMEs lead in a circle or too far")
                break
            name = reply.cut
        return Answer(
            query,
            reply.status,
            reply.records,
            tuple((owner, target) for owner, target, _ in cnames),
            seconds,
            reply.detail,
            cname_ttls=tuple(ttl for *_, ttl in cnames),
            silent=silent,
            servers=len(self.servers),
        )

    async def _reply(self, query: Query) -> tuple[Reply, tuple[int, ...], float]:
        """What the first server says that settles `query`, the places of the silent ones, and its latency.

        The next one is asked as soon as one has failed, or has kept us waiting for SLOW seconds; but it is
        heard only where the one before it has nothing to say.
        """
        asked: list[asyncio.Task[Said]] = []
        try:
            for channel in self._channels:
                asked.append(asyncio.create_task(channel.ask(query, self.patience)))
                done, _ = await asyncio.wait(asked[-1:], timeout=SLOW)
                if done and _settles(asked[-1].result()):
                    break
            said: list[Said] = []
            late: Said | None = None
            for number, task in enumerate(asked, 1):
                said.append(await task)
                if _settles(said[-1]):
                    if said[-1].seconds < LATE or number == len(self.servers):
                        break
                    late = late or said[-1]  # the next one is asked before it has spoken
                    said[-1] = Said(None, silent=True)
            return self._outcome(query, said, late)
        finally:
            _end(asked)

    def _outcome(
        self, query: Query, said: Sequence[Said], late: Said | None
    ) -> tuple[Reply, tuple[int, ...], float]:
        for server, one in zip(self.servers, said, strict=False):
            if one.unknown:
                raise _unknown(query, server, one)
        silent = tuple(place for place, one in enumerate(said) if one.silent)
        last = said[-1]
        if last.reply is not None and last.reply.final:
            return last.reply, silent, last.seconds
        if late is not None and late.reply is not None:
            return late.reply, silent, 0.0  # read once all the others were waited for
        return _failure(self.servers, said), silent, 0.0


def _settles(said: Said) -> bool:
    return said.reply is not None and said.reply.final


async def _all(work: Sequence[Awaitable[T]]) -> list[T]:
    """What all of `work` return. With the first error the others end."""
    tasks = [asyncio.ensure_future(one) for one in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        _end(tasks)


def _end(tasks: Sequence[asyncio.Future[Any]]) -> None:
    """Nobody waits for these any more, nor minds how they end."""
    for task in tasks:
        if not task.done():
            task.cancel()
        elif not task.cancelled():
            task.exception()


def _failure(servers: Sequence[Server], said: Sequence[Said]) -> Reply:
    """The most telling failure; where there are several name servers, what each of them said."""
    replies = [one.reply for one in said if one.reply is not None]
    reply = replies[-1] if replies else Reply(Status.TIMEOUT, detail=said[-1].cause)
    if len(servers) == 1:
        return reply
    each = ", ".join(f"{server_text(s)}: {_words(one)}" for s, one in zip(servers, said, strict=True))
    return replace(reply, detail=each)


def _words(said: Said) -> str:
    if said.reply is None:
        return said.cause or "no reply"
    return said.reply.detail or said.reply.status.name


def _unknown(query: Query, server: Server, said: Said) -> DnsUnavailable:
    """The error where silence cannot be told from loss."""
    what = f"whether {server_text(server)} answers {query} is not known: {said.cause}"
    return DnsUnavailable(what, hint=("try again, or name another with ", Parameter("nameservers")))
