"""The world outside: hosts, their services, outages, and the routes towards them.

Rules of this file:
- the world answers questions about now; when things happen is the engine's business;
- what a service does with a request is what the recorder's registrar does (tests/recordings/lab.py).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Literal, NamedTuple

from pjresolve.model import Family, Protocol, Target
from pjresolve.scenario.behaviour import OWN_CONTACT as OWN_CONTACT_MARK
from pjresolve.scenario.behaviour import Behaviour, Service
from pjresolve.scenario.format import HostEvent, HostState, Scenario
from pjresolve.sip.ciphers import CURRENT, OLDER
from pjresolve.sip.headers import OWN_CONTACT
from pjresolve.sip.tls import TlsSettings, handshake
from pjresolve.sip.transaction import Method

Path = Literal["open", "refused", "silent"]
NO_NAME = ("x",)
"""The name in the certificate of a service that does not say: it matches nothing."""


OPENSSL_LOWEST = "1.2"
"""What a server with a current OpenSSL speaks at least, unless it is told to speak older versions."""


class Reply(NamedTuple):
    """What a service does with one request. `status` None: nothing. Times in seconds.

    `headers` are the header lines of the answer that say something of the registration, as the recorder's
    registrar writes them; OWN_CONTACT in them stands for the Contact of the request.
    """

    status: int | None
    delay: float = 0.0
    headers: tuple[str, ...] = ()
    close_after: float | None = None
    ring: float = 0.0


NOTHING = Reply(None)
REALM = "lab"
"""The realm of a challenge that the scenario does not write out: that of the recorder's registrar."""
CHALLENGES = {
    status: (f'{name}-Authenticate: Digest realm="{REALM}", nonce="0123456789", algorithm=MD5',)
    for status, name in ((401, "WWW"), (407, "Proxy"))
}


class Listener:
    """One service of a host: its behaviour, how many requests it has had, and the firewall before it.

    `certified` is the behaviour that it began with: a TLS service keeps the certificate and the versions of
    its beginning, whatever it answers later.
    """

    __slots__ = ("behaviour", "certified", "counts", "firewall", "pending")

    def __init__(self, behaviour: Behaviour) -> None:
        self.firewall: Literal["", "drop", "reject"] = ""
        self.behaviour: Behaviour | None = None
        self.certified: Behaviour | None = None
        self.counts: dict[str, int] = {}
        self.pending: set[Hashable] = set()
        self.set(behaviour)

    def set(self, behaviour: Behaviour) -> None:
        """Take on a behaviour; a firewall leaves the one behind it as it is."""
        if behaviour.kind in ("drop", "reject"):
            self.firewall = "drop" if behaviour.kind == "drop" else "reject"
            return
        self.firewall, self.behaviour = "", behaviour
        self.counts.clear()
        self.pending.clear()
        self.certified = self.certified or behaviour

    def take(
        self,
        credentials: bool,
        asked: int | None = None,
        method: Method = Method.REGISTER,
        call: Hashable = None,
    ) -> Reply:
        """Count one request, a REGISTER that asks for `asked` seconds or another, and answer it.

        An INVITE of `call` is pending until it has a final answer.
        """
        if self.behaviour is None:
            return NOTHING
        now = self.behaviour.of(method)
        own = "" if now is self.behaviour else method.value
        self.counts[own] = count = self.counts.get(own, 0) + 1
        while now.then is not None and count > now.after:
            now = now.then
        if now.kind != "answer":
            return NOTHING
        if now.trying:
            return Reply(100, now.delay)
        if method is Method.INVITE:
            self.pending.add(call)
        challenges = now.challenge and not credentials and method is not Method.OPTIONS
        status = now.status or (401 if challenges else 200)
        headers = (*_own_headers(now, status, asked), *now.headers)
        close_after = now.close_after if status == 200 and method is Method.REGISTER else None
        ring = now.ring if status == 200 and method is Method.INVITE else 0.0
        return Reply(status, now.delay, headers, close_after, ring)

    def due(self, method: Method, call: Hashable) -> bool:
        """Whether a final answer is still wanted: an INVITE gets none that was answered or cancelled."""
        if method is not Method.INVITE:
            return True
        there = call in self.pending
        self.pending.discard(call)
        return there

    def state(self) -> Hashable:
        """What of the past can still matter: the counts, up to the last change that they can bring about."""
        counts = tuple((own, min(count, self._last(own) + 1)) for own, count in sorted(self.counts.items()))
        return self.firewall, id(self.behaviour), counts, len(self.pending)

    def _last(self, own: str) -> int:
        """The number of requests after which nothing changes any more."""
        last, chain = 0, self.behaviour.of(own) if self.behaviour else None
        while chain is not None and chain.then is not None:
            last, chain = max(last, chain.after), chain.then
        return last


def _own_headers(behaviour: Behaviour, status: int, asked: int | None) -> tuple[str, ...]:
    """What the registrar says by itself in an answer, before the lines that are added.

    A status that is written out has neither Contact nor Expires of its own.
    """
    if status < 300:
        if behaviour.bindings is not None:
            return tuple(line.replace(OWN_CONTACT_MARK, f"<{OWN_CONTACT}>") for line in behaviour.bindings)
        expires = asked if behaviour.expires is None else behaviour.expires
        if behaviour.status is None and expires is not None:
            return f"Contact: <{OWN_CONTACT}>;expires={expires}", f"Expires: {expires}"
        return ()
    own: tuple[str, ...] = ()
    if behaviour.status is not None and behaviour.retry_after is not None:
        own = (f"Retry-After: {behaviour.retry_after}",)
    challenge = CHALLENGES.get(status)
    if challenge is None:
        return own
    return *own, *(challenge if behaviour.challenges is None else behaviour.challenges)


class Host:
    """A host: closed off as a whole, or with its services."""

    __slots__ = ("down", "listeners")

    def __init__(self, state: HostState) -> None:
        self.down = state == "down"
        self.listeners: dict[tuple[Protocol, int], Listener] = {}
        if not isinstance(state, str):
            self.serve(state)

    def serve(self, services: Mapping[Service, Behaviour]) -> None:
        for service, behaviour in services.items():
            key = service.protocol, service.port
            if key in self.listeners:
                self.listeners[key].set(behaviour)
            else:
                self.listeners[key] = Listener(behaviour)


class World:
    """Everything a scenario says of hosts and of the client's own network."""

    def __init__(self, scenario: Scenario) -> None:
        self.client = scenario.client
        self.hosts = {address: Host(state) for address, state in scenario.hosts.items()}

    def change(self, event: HostEvent) -> str:
        """Apply an event. Whatever it sets, it opens a host that was down (as the recorder does). Says what
        it did.
        """
        host = self.hosts.setdefault(event.host, Host({}))
        host.down = event.set == "down"
        if isinstance(event.set, str):
            return event.set
        host.serve(event.set)
        return ", ".join(f"{service}: {b.status or b.kind}" for service, b in event.set.items())

    @property
    def families(self) -> frozenset[Family]:
        """The IP versions the client has an address and a route for."""
        has = {Family.IPV4: self.client.ipv4, Family.IPV6: self.client.ipv6}
        return frozenset(family for family, there in has.items() if there)

    def route(self, target: Target) -> bool:
        """Whether the client has an address and a route of the target's family."""
        return self.client.ipv6 if Family.of(target.address) is Family.IPV6 else self.client.ipv4

    def udp(self, target: Target) -> Listener | None:
        """The service a datagram reaches; None for a closed port, a firewall or a dead host: all the same
        silence.
        """
        host = self.hosts.get(target.address)
        if host is None or host.down:
            return None
        listener = host.listeners.get((Protocol.UDP, target.port))
        return listener if listener and not listener.firewall else None

    def stream(self, address: str, port: int) -> tuple[Path, Protocol, Listener | None]:
        """What a SYN towards address and port meets, and whose service it is. TCP and TLS share a port."""
        host = self.hosts.get(address)
        if host is None or host.down:
            return "silent", Protocol.TCP, None
        found: tuple[Path, Protocol, Listener | None] = ("refused", Protocol.TCP, None)
        for protocol in (Protocol.TCP, Protocol.TLS):
            listener = host.listeners.get((protocol, port))
            if listener is None:
                continue
            if listener.firewall == "drop":
                return "silent", protocol, listener
            if listener.firewall == "reject":
                return "refused", protocol, listener
            found = ("open", protocol, listener)
        return found

    def handshake(self, settings: TlsSettings, host: str, listener: Listener) -> str | None:
        """Why the TLS handshake with a service fails, or None."""
        b = listener.certified
        cert = b.cert if b else None
        low, high = (b.tls_min, b.tls_max) if b else (None, None)
        takes = OLDER
        if low is None and high is None:
            low, takes = OPENSSL_LOWEST, CURRENT
        return handshake(
            settings,
            host,
            (cert.names or ((cert.cn,) if cert.cn else ()) if cert else ()) or NO_NAME,
            self_signed=bool(cert and cert.self_signed),
            expired=bool(cert and cert.expired),
            lowest=low or "1.0",
            highest=high or "1.3",
            takes=takes,
        )

    def state(self) -> Hashable:
        """The world's present, as far as it can matter to the future."""
        return tuple(
            (address, host.down, tuple((s, li.state()) for s, li in host.listeners.items()))
            for address, host in self.hosts.items()
        )
