"""The rule PJ101."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.objects import Transport
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import Edit, set_option
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.refusals import IN_USE, follows
from pjresolve.lint.rule import Rule
from pjresolve.model import Protocol


class SameSocket(Rule):
    """Two transports want the same socket.

    Only one transport can have an address and port of a protocol. The second UDP or TCP transport is refused:
    `Transport 'NAME' could not be started: Address already in use`. An any-address (`0.0.0.0`) takes the port
    on all addresses of a UDP transport. TCP and TLS share the TCP ports: there both load, and one of them
    never gets an incoming connection.

    Bad:

        [transport-lan]
        type=transport
        protocol=udp
        bind=192.168.1.2:5060

    Good:

        [transport-udp]
        type=transport
        bind=192.168.1.2:5060
    """

    code = "PJ101"
    severity = Severity.ERROR
    also = (Severity.WARNING,)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each transport that was refused for its socket, and each pair of TCP and TLS on one port."""
        for refusal in context.config.refusals:
            if refusal.type == "transport" and refusal.message.endswith(IN_USE):
                yield self.finding(
                    refusal.where,
                    f"an earlier transport has the socket of {printable(refusal.name)}",
                    f"Asterisk refuses it: {refusal.message}{follows(context, refusal)}",
                    advice="give it another port, or remove one of the two",
                    subject=refusal.name,
                )
        by_port: dict[tuple[object, ...], Transport] = {}
        for transport in context.config.bound.values():
            if transport.type is None or transport.type.protocol is Protocol.UDP:
                continue
            socket = (transport.type.family, transport.bind_address, transport.bind_port)
            other = by_port.setdefault(socket, transport)
            if other.protocol != transport.protocol:
                yield self.finding(
                    transport.where("bind"),
                    f"{printable(transport.name)} ({transport.protocol}) and {printable(other.name)} "
                    f"({other.protocol}) both listen on TCP port {transport.bind_port}",
                    "both load, but only one of them gets incoming connections",
                    _on_its_own_port(context, transport) or _on_its_own_port(context, other),
                    subject=transport.name,
                    severity=Severity.WARNING,
                )


def _on_its_own_port(context: Context, transport: Transport) -> list[Edit]:
    """The transport on the port that its protocol has by default, where nothing else listens on TCP there."""
    port = transport.type.protocol.default_port if transport.type else 0
    held = {t.bind_port for t in context.config.transports.values() if t.protocol not in ("udp", "flow")}
    if not port or port in held:
        return []
    address = transport.bind_address
    host = f"[{address}]" if ":" in address else address
    return [set_option(transport.section, "bind", f"{host}:{port}")]
