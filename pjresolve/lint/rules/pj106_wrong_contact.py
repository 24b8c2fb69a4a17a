"""The rule PJ106."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator

from pjresolve.config.objects import Transport
from pjresolve.errors import printable
from pjresolve.lint.access import is_public
from pjresolve.lint.context import Context, uri_or_none
from pjresolve.lint.edits import comment_out, set_option
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.networks import covers, network
from pjresolve.lint.rule import Rule
from pjresolve.model import Family, canonical_address
from pjresolve.words import listed


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
    also = (Severity.INFO,)

    def check(self, context: Context) -> Iterable[Finding]:
        """Every contradiction of every transport."""
        for transport in context.config.bound.values():
            yield from self._external(context, transport)
            yield from self._covered(context, transport)

    def _external(self, context: Context, transport: Transport) -> Iterator[Finding]:
        address, media = transport.external_signaling_address, transport.external_media_address
        here, name = transport.where("external_signaling_address"), transport.name
        if address and not transport.local_net and is_public(address.strip("[]")):
            near = next(iter(_private(context)), "")
            yield self.finding(
                here,
                "external_signaling_address without local_net",
                f"phones in the local network are told to send to {printable(address)}, too"
                + (f": {printable(near)} is in one" if near else ""),
                severity=Severity.WARNING if near else Severity.INFO,
                advice="name each of your own networks in local_net",
                subject=name,
            )
        literal = network(address.strip("[]")) if address else None
        family = transport.type.family if transport.type else None
        if literal is not None and family is not None and Family.of(str(literal)) is not family:
            other = "IPv4" if family is Family.IPV6 else "IPv6"
            yield self.finding(
                here,
                f"the {other} address {printable(address)} on the {transport.type} {printable(name)}",
                f"the Contact names an {other} address in requests that go over the other IP version",
                [comment_out(e) for e in transport.section.own if e.name.lower().startswith("external_")]
                if not _inherited(transport)
                else (),
                subject=name,
            )
        if media and not address:
            yield self.finding(
                transport.where("external_media_address"),
                "external_media_address without external_signaling_address",
                "the SDP is rewritten and the Contact keeps the private address",
                set_option(transport.section, "external_signaling_address", media)
                if transport.local_net
                else (),
                subject=name,
            )
        if transport.external_signaling_port and not address:
            yield self.finding(
                transport.where("external_signaling_port"),
                "external_signaling_port without external_signaling_address has no effect",
                "the Contact keeps the local port",
                advice="name your public address in external_signaling_address",
                subject=name,
            )

    def _covered(self, context: Context, transport: Transport) -> Iterator[Finding]:
        if not transport.external_signaling_address:
            return
        for trunk in context.predictable:
            inside = [
                t.address
                for t in trunk.targets
                if t.transport == transport.type
                and any(covers(net, t.address) for net in transport.local_net)
            ]
            subject = printable(trunk.name)
            if inside:
                yield self.finding(
                    transport.where("local_net"),
                    f"local_net covers {listed(dict.fromkeys(inside))}, where {subject} registers",
                    "the Contact sent there keeps the private address",
                    advice="name your own networks alone in local_net",
                    subject=transport.name,
                )


def _inherited(transport: Transport) -> bool:
    """Whether a template gives it an external address."""
    own = transport.section.own
    return any(e.name.lower().startswith("external_") and e not in own for e in transport.section.entries)


def _private(context: Context) -> Iterator[str]:
    """What the file names in a private network: its own addresses, and those of telephones and gateways."""
    config = context.config
    own = [t.bind_address for t in config.transports.values()]
    ways = [m.partition("/")[0] for i in config.identifies.values() for m in i.match]
    hosts = [uri.host for a in config.aors.values() for c in a.contact if (uri := uri_or_none(c))]
    for host in (*own, *ways, *hosts):
        address = canonical_address(host.strip("[]"))
        if address is not None and not is_public(address) and not _is_own(address):
            yield host


def _is_own(address: str) -> bool:
    """Whether it means this machine, and no network."""
    ip = ipaddress.ip_address(address)
    return ip.is_unspecified or ip.is_loopback
