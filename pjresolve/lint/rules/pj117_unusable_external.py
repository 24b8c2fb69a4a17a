"""The rule PJ117."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator

from pjresolve.config.objects import Transport
from pjresolve.errors import printable
from pjresolve.lint.access import hosts, is_public
from pjresolve.lint.context import Context
from pjresolve.lint.edits import Edit, set_option
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.placeholders import is_placeholder, uncommented
from pjresolve.lint.rule import Rule
from pjresolve.model import canonical_address

OPTIONS = ("external_signaling_address", "external_media_address")
_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?\.?")


class UnusableExternal(Rule):
    """An external address that nobody outside can reach.

    Asterisk writes the value into Via, Contact and SDP as it stands, and does not look whether it is a
    public one. With `127.0.0.1`, `0.0.0.0` or a private address the provider is told to send calls and
    sound there (recordings `na-loopback`, `na-zero` and `na-private`). What is neither an address nor a
    host name, such as one with a comment of another language behind it, is looked up, not found and left
    out: the private address stays in the Contact (recordings `na-comment` and `na-no-name`). A private
    address is right where all phones and gateways are in that network, so that it is told of only where
    somebody is outside.

    Bad:

        [transport-udp]
        type=transport
        external_signaling_address=0.0.0.0
        external_media_address=0.0.0.0
        local_net=192.168.0.0/16

    Good:

        [transport-udp]
        type=transport
        external_signaling_address=192.0.2.77
        external_media_address=192.0.2.77
        local_net=192.168.0.0/16
    """

    code = "PJ117"
    also = (Severity.INFO,)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each external address of each transport that cannot be one; both options of one value once."""
        outside = _somebody_outside(context)
        for transport in context.config.transports.values():
            yield from self._of(transport, outside)

    def _of(self, transport: Transport, outside: str) -> Iterator[Finding]:
        options: dict[str, list[str]] = {}
        for option in OPTIONS:
            value: str = getattr(transport, option)
            if value and not is_placeholder(value):
                options.setdefault(value, []).append(option)
        for value, given in options.items():
            problem, then = _problem(value, outside)
            if problem:
                yield self.finding(
                    transport.where(given[0]),
                    f"{' and '.join(given)} of {printable(transport.name)}: {problem}",
                    then,
                    _bare(transport, given, value),
                    subject=transport.name,
                    severity=Severity.WARNING
                    if outside or canonical_address(value) is None
                    else Severity.INFO,
                )


def _bare(transport: Transport, given: list[str], value: str) -> list[Edit]:
    """The edits that take a comment of another language from behind an address."""
    bare = uncommented(value)
    meant = bare != value and canonical_address(bare) is not None
    return [set_option(transport.section, option, bare) for option in given] if meant else []


def _problem(value: str, outside: str) -> tuple[str, str]:
    """What is wrong with an external address, and what comes of it; empty texts where nothing is."""
    bare = value.strip("[]")
    address = canonical_address(bare)
    if address is None:
        if _HOST.fullmatch(bare):
            return "", ""
        return (
            f"{printable(value)} is neither an address nor a host name",
            "Asterisk cannot look it up and leaves it out: Contact and SDP keep this machine's own address",
        )
    ip = ipaddress.ip_address(address)
    if ip.is_loopback or ip.is_unspecified:
        return (
            f"no other machine can send to {printable(value)}",
            "the Contact and the SDP name it, so that calls and sound from others never arrive",
        )
    if outside and not is_public(address):
        return (
            f"{printable(value)} is a private address, and {printable(outside)} is outside",
            "the Contact and the SDP sent there name an address that the other end cannot reach",
        )
    return "", ""


def _somebody_outside(context: Context) -> str:
    """A registration or endpoint that is reached over the public Internet, or the empty text."""
    for trunk in context.loaded:
        if trunk.server is not None and is_public(trunk.server.host):
            return trunk.server.host
    endpoints = context.config.endpoints.values()
    return next((e.name for e in endpoints if any(map(is_public, hosts(context, e)))), "")
