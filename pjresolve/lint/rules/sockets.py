"""PJ101 to PJ103: which sockets are opened."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from pjresolve.config.objects import Transport
from pjresolve.errors import printable
from pjresolve.lint.context import Context, Version
from pjresolve.lint.networks import network
from pjresolve.lint.rule import Rule
from pjresolve.model import Finding, Protocol, Severity

IN_USE = "Address already in use"
CONTACT_EVIDENCE = "nosrv-tcponly"
"""The recording that the stack names where the Contact finds no transport."""


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

    def check(self, context: Context) -> Iterable[Finding]:
        """Each transport that was refused for its socket, and each pair of TCP and TLS on one port."""
        for refusal in context.config.refusals:
            if refusal.type == "transport" and refusal.message.endswith(IN_USE):
                yield self.found(
                    refusal.where,
                    f"an earlier transport has the socket of {printable(refusal.name)}",
                    f"Asterisk refuses it: {refusal.message}",
                    "bind=ADDRESS:PORT   ; with another port, or remove one of the two",
                    subject=refusal.name,
                )
        by_port: dict[tuple[object, ...], Transport] = {}
        for transport in context.config.transports.values():
            if transport.type is None or transport.type.protocol is Protocol.UDP:
                continue
            socket = (transport.type.family, transport.bind_address, transport.bind_port)
            other = by_port.setdefault(socket, transport)
            if other.protocol != transport.protocol:
                yield self.found(
                    transport.where("bind"),
                    f"{printable(transport.name)} ({transport.protocol}) and {printable(other.name)} "
                    f"({other.protocol}) both listen on TCP port {transport.bind_port}",
                    "both load, but only one of them gets incoming connections",
                    f"bind={transport.bind_address}:{transport.type.protocol.default_port}",
                    subject=transport.name,
                    severity=Severity.WARNING,
                )


class DualStack(Rule):
    """`bind=[::]` beside `0.0.0.0` on an Asterisk that opens dual-stack sockets.

    Before 2017 (Asterisk 13.13, 14.2 and older) a transport bound to `[::]` took IPv4 too: the one
    bound to `0.0.0.0` could not be opened, and IPv4 peers showed as `::ffff:10.20.30.40`. Later
    versions open IPv6-only sockets, and the two stand side by side. The version is the one given
    with `--asterisk`; the default is current and has no such trouble.

    Bad:

        ; with --asterisk 13.10
        [transport-udp6]
        type=transport
        protocol=udp
        bind=[::]

    Good:

        ; with --asterisk 13.10
        [transport-udp6]
        type=transport
        protocol=udp
        bind=[2001:db8:1234:1::1]

        [transport-tcp6]
        type=transport
        protocol=tcp
        bind=[2001:db8:1234:1::1]

        [transport-tls6]
        type=transport
        protocol=tls
        bind=[2001:db8:1234:1::1]
    """

    code = "PJ102"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each any-address IPv6 transport with an IPv4 twin, for a version that minds."""
        if not opens_dual_stack(context.version):
            return
        version = ".".join(map(str, context.version))
        usable = [t for t in context.config.transports.values() if t.type]
        for six in usable:
            if six.bind_address != "::":
                continue
            for four in usable:
                if (
                    four.protocol == six.protocol
                    and four.bind_port == six.bind_port
                    and four.bind_address == "0.0.0.0"
                ):
                    yield self.found(
                        six.where("bind"),
                        f"{printable(six.name)} binds [::], {printable(four.name)} 0.0.0.0 on the same port",
                        f"Asterisk {version} opens [::] for IPv4 too: only one of them "
                        "starts, and IPv4 peers show as ::ffff:10.20.30.40",
                        "bind=[2001:db8:1234:1::1]   ; this machine's own IPv6 address",
                        subject=six.name,
                    )


def opens_dual_stack(version: Version) -> bool:
    """Whether an Asterisk of this version was released before 2017 and opens `[::]` for IPv4, too."""
    major, minor = version[0], version[1] if len(version) > 1 else 10**6
    return major < 13 or ((major, minor) < (13, 14) and major == 13) or (major == 14 and minor < 3)


class MappedAddress(Rule):
    """An IPv4-mapped IPv6 address (`::ffff:10.20.30.40`) that nothing will match.

    Asterisks from before 2017 showed IPv4 peers that way where a transport was bound to `[::]`. Later ones
    open IPv6-only sockets, so that the peer shows as `10.20.30.40` and an access list, `match` or `local_net`
    with the mapped form never fits.

    Bad:

        [lan-phone]
        type=endpoint
        aors=lan-phone
        auth=lan-phone
        contact_deny=0.0.0.0/0
        contact_permit=::ffff:10.20.30.40

        [lan-phone]
        type=aor
        max_contacts=1

        [lan-phone]
        type=auth
        username=lan-phone
        password=secret

    Good:

        [lan-phone]
        type=endpoint
        aors=lan-phone
        auth=lan-phone
        contact_deny=0.0.0.0/0
        contact_permit=10.20.30.40

        [lan-phone]
        type=aor
        max_contacts=1

        [lan-phone]
        type=auth
        username=lan-phone
        password=secret
    """

    code = "PJ103"
    options = ("match", "permit", "deny", "contact_permit", "contact_deny", "local_net", "bind")

    def check(self, context: Context) -> Iterable[Finding]:
        """Each such address in an option that holds addresses."""
        if opens_dual_stack(context.version):
            return
        for section in context.config.document.sections:
            for entry in section.own:
                if entry.name.lower() not in self.options or "::ffff:" not in entry.value.lower():
                    continue
                for text in entry.value.split(","):
                    mapped = _mapped(text)
                    if mapped:
                        yield self.found(
                            entry.where,
                            f"{entry.name} holds the IPv4-mapped address {printable(text.strip())}",
                            "IPv4 peers show with their plain address, so this matches nobody",
                            f"{entry.name}={mapped}",
                            subject=section.name,
                        )


def _mapped(text: str) -> str:
    """The IPv4 network that a mapped one stands for, or the empty text."""
    found = network(text.strip().strip("[]"))
    if not isinstance(found, ipaddress.IPv6Network) or found.prefixlen < 96:
        return ""
    four = found.network_address.ipv4_mapped
    if four is None:
        return ""
    return str(four) if found.prefixlen == 128 else f"{four}/{found.prefixlen - 96}"


RULES = (SameSocket, DualStack, MappedAddress)
