"""TLS transports, and what comes of the registrations that use them."""

from __future__ import annotations

from collections.abc import Iterator

from pjresolve.config.objects import Transport
from pjresolve.errors import printable
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.words import UNTIL_FIXED, result
from pjresolve.model import Protocol

DEPRECATED = ("sslv2", "sslv3", "tlsv1")
CERTIFICATES = "/etc/ssl/certs"
"""Where Linux distributions keep the certificates of public CAs, each under its hash."""


def tls_transports(context: Context) -> Iterator[Transport]:
    """The TLS transports of a configuration."""
    for transport in context.config.bound.values():
        if transport.type is not None and transport.type.protocol is Protocol.TLS:
            yield transport


def sending_over(context: Context, transport: Transport) -> Iterator[Trunk]:
    """The registrations that reach a target over this transport: it is pinned, or the first of its type."""
    first = next(t for t in context.config.bound.values() if t.type == transport.type)
    for trunk in context.predictable:
        used = trunk.registration.transport if trunk.pinned else first.name
        if used == transport.name and any(t.transport == transport.type for t in trunk.targets):
            yield trunk


def uses(context: Context, transport: Transport) -> Iterator[bool]:
    """For each registration that may go over this transport: by its pin, its URI, or the answers at hand."""
    sending = {trunk.name for trunk in sending_over(context, transport)}
    for trunk in context.loaded:
        pin, request = trunk.registration.transport, trunk.plan.request if trunk.plan else None
        asks = request is not None and request.protocol is Protocol.TLS
        if trunk.name in sending or pin == transport.name or (asks and not trunk.pinned):
            yield True


def measured(context: Context, transport: Transport, otherwise: str) -> str:
    """What becomes of the registrations that use the transport, else a general word."""
    results = [
        f"{printable(t.name)}: {result(t.baseline, UNTIL_FIXED)}" for t in sending_over(context, transport)
    ]
    return "; ".join(results) or otherwise


def method_text(transport: Transport) -> str:
    """`method=` as it is written, or that there is none."""
    return f"method={transport.method}" if transport.method else "no method"
