"""The sockets that Asterisk listens on once its transports are loaded.

Rules of this file:
- the file's order decides who gets a socket that two transports want;
- nothing is asked of this machine, so an address that it does not have is not noticed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from pjresolve.config.objects import Transport
from pjresolve.model import Family

ANY = {Family.IPV4: "0.0.0.0", Family.IPV6: "::"}


class Socket(NamedTuple):
    """A listening socket. `protocol` is udp or tcp, which TLS listens on as well; `address` is canonical."""

    protocol: str
    address: str
    port: int

    def clashes(self, other: Socket) -> bool:
        """Whether both cannot be open at once: the same port, and one address or any of its IP version."""
        family = Family.of(self.address)
        if (self.protocol, family, self.port) != (other.protocol, Family.of(other.address), other.port):
            return False
        return self.address == other.address or ANY[family] in (self.address, other.address)


def listening(transports: Iterable[Transport]) -> tuple[dict[Socket, Transport], tuple[Transport, ...]]:
    """The sockets of loaded `transports` with their owners, and the transports left without.

    Only a TLS transport can be left without: it loads and sends, but another one has its socket. A
    WebSocket transport has none of its own, it uses the HTTP server's.
    """
    sockets: dict[Socket, Transport] = {}
    deaf: list[Transport] = []
    for transport in transports:
        if transport.type is None:
            continue
        protocol = "udp" if transport.protocol == "udp" else "tcp"
        socket = Socket(protocol, transport.bind_address, transport.bind_port)
        if any(socket.clashes(taken) for taken in sockets):
            deaf.append(transport)
        else:
            sockets[socket] = transport
    return sockets, tuple(deaf)
