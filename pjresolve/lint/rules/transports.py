"""PJ104 to PJ106: what is sent from where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pjresolve.config.objects import Transport
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.networks import covers, network
from pjresolve.lint.rule import Rule
from pjresolve.model import Family, Finding, Protocol, Severity
from pjresolve.stacks.protocol import Refused
from pjresolve.words import listed

IN_USE = "Address already in use"
CONTACT_EVIDENCE = "nosrv-tcponly"
"""The recording that the stack names where the Contact finds no transport."""


class NoContactTransport(Rule):
    """No transport for the Contact: the registration is refused.

    Asterisk builds the Contact when it loads the object, before any DNS, and asks `server_uri`
    alone for its transport: the one of `;transport=`, TLS for `sips:`, else UDP over IPv4. Without
    a transport of that type, and without `transport=` naming one, the object is refused: no query,
    no packet, no line in `pjsip show registrations`. Recordings `nosrv-tcponly`, `nosrv-tls-only`,
    `srv-udp6-only-client`; a pin cures it (`v6bind-only`).

    Bad:

        ; no UDP transport over IPv4
        [transport-udp]
        type=transport
        protocol=tcp
        bind=0.0.0.0:5070

    Good:

        [transport-udp]
        type=transport
        protocol=udp
        bind=0.0.0.0
    """

    code = "PJ104"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that is refused for it."""
        for trunk in context.trunks:
            if (
                not isinstance(trunk.loaded, Refused)
                or trunk.loaded.evidence != CONTACT_EVIDENCE
                or not trunk.server
            ):
                continue
            protocol = trunk.server.protocol or Protocol.UDP
            bind = "[::]" if trunk.server.address and ":" in trunk.server.address else "0.0.0.0"
            yield self.found(
                trunk.registration.where("server_uri"),
                f"no {protocol.upper()}/{'IPv6' if bind == '[::]' else 'IPv4'} transport for the Contact, "
                "and no transport= that names one",
                "Asterisk refuses the registration: no query, no packet",
                f"[transport-{protocol.value}]\ntype=transport\nprotocol={protocol.value}\nbind={bind}",
                subject=trunk.name,
            )


class UnusedTransport(Rule):
    """A transport that nothing outgoing will use.

    Of several transports of one type (protocol and IP version) Asterisk sends with the first in the
    file, unless a registration or endpoint names another (recording `two-udp`). The rest only
    listen. That can be meant (a second port for phones); often it is a forgotten copy.

    Bad:

        [transport-second]
        type=transport
        protocol=udp
        bind=0.0.0.0:5070

    Good:

        [transport-second]
        type=transport
        protocol=udp
        bind=0.0.0.0:5070

        [lan-phone]
        type=endpoint
        transport=transport-second
        aors=lan-phone
        auth=lan-phone

        [lan-phone]
        type=aor
        max_contacts=1

        [lan-phone]
        type=auth
        username=lan-phone
        password=secret
    """

    code = "PJ105"
    severity = Severity.INFO

    def check(self, context: Context) -> Iterable[Finding]:
        """Each transport after the first of its type that nobody names."""
        config = context.config
        named = {r.transport for r in config.registrations.values()} | {
            e.transport for e in config.endpoints.values()
        }
        first: dict[object, Transport] = {}
        for transport in config.transports.values():
            if transport.type is None:
                continue
            before = first.setdefault(transport.type, transport)
            if before is not transport and transport.name not in named:
                yield self.found(
                    transport.where("type"),
                    f"{printable(transport.name)} is never used for sending: {printable(before.name)} is "
                    f"{transport.type} too and stands first",
                    "it listens, and nothing more",
                    f"transport={printable(transport.name)}   ; in the endpoint that is to use it",
                    subject=transport.name,
                )


class WrongContact(Rule):
    """`local_net` or an external address that makes the Contact wrong.

    `external_signaling_address` replaces the address in Via and Contact of what leaves this
    transport, except towards `local_net`. Seen with Asterisk 22: without `local_net` it is written
    for phones in the local network, too; a `local_net` that covers the provider keeps the private
    address; an IPv4 address is written into requests over IPv6, too, where the provider cannot use
    it; `external_signaling_port` alone does nothing; and `external_media_address` alone changes the
    SDP and leaves the Contact private.

    Bad:

        [transport-udp]
        type=transport
        protocol=udp
        bind=0.0.0.0
        external_signaling_address=192.0.2.77
        external_media_address=192.0.2.77

    Good:

        [transport-udp]
        type=transport
        protocol=udp
        bind=0.0.0.0
        external_signaling_address=192.0.2.77
        external_media_address=192.0.2.77
        local_net=192.168.0.0/16
    """

    code = "PJ106"

    def check(self, context: Context) -> Iterable[Finding]:
        """Every contradiction of every transport."""
        for transport in context.config.transports.values():
            yield from self._external(transport)
            yield from self._covered(context, transport)

    def _external(self, transport: Transport) -> Iterator[Finding]:
        address, media = transport.external_signaling_address, transport.external_media_address
        here, name = transport.where("external_signaling_address"), transport.name
        if address and not transport.local_net:
            yield self.found(
                here,
                "external_signaling_address without local_net",
                f"phones in the local network are told to send to {printable(address)}, too",
                "local_net=192.168.0.0/16   ; each of your own networks",
                subject=name,
            )
        literal = network(address.strip("[]")) if address else None
        family = transport.type.family if transport.type else None
        if literal is not None and family is not None and Family.of(str(literal)) is not family:
            other = "IPv4" if family is Family.IPV6 else "IPv6"
            yield self.found(
                here,
                f"the {other} address {printable(address)} on the {transport.type} {printable(name)}",
                f"the Contact names an {other} address in requests that go over the other IP version",
                ";external_signaling_address=   ; an IPv6 transport needs none",
                subject=name,
            )
        if media and not address:
            yield self.found(
                transport.where("external_media_address"),
                "external_media_address without external_signaling_address",
                "the SDP is rewritten and the Contact keeps the private address",
                f"external_signaling_address={printable(media)}",
                subject=name,
            )
        if transport.external_signaling_port and not address:
            yield self.found(
                transport.where("external_signaling_port"),
                "external_signaling_port without external_signaling_address has no effect",
                "the Contact keeps the local port",
                "external_signaling_address=192.0.2.77   ; your public address",
                subject=name,
            )

    def _covered(self, context: Context, transport: Transport) -> Iterator[Finding]:
        if not transport.external_signaling_address:
            return
        for trunk in context.predicted:
            inside = [
                t.address
                for t in trunk.targets
                if t.transport == transport.type
                and any(covers(net, t.address) for net in transport.local_net)
            ]
            subject = printable(trunk.name)
            if inside:
                yield self.found(
                    transport.where("local_net"),
                    f"local_net covers {listed(dict.fromkeys(inside))}, where {subject} registers",
                    "the Contact sent there keeps the private address",
                    "local_net=192.168.0.0/16   ; your own networks only",
                    subject=transport.name,
                )


RULES = (NoContactTransport, UnusedTransport, WrongContact)
