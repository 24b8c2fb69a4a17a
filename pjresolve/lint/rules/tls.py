"""PJ112 to PJ114: the versions that a method speaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pjresolve.config.objects import Transport
from pjresolve.errors import printable
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import fate
from pjresolve.model import Finding, Protocol, Severity
from pjresolve.stacks.asterisk22.tls import versions

DEPRECATED = ("sslv2", "sslv3", "tlsv1")


def tls_transports(context: Context) -> Iterator[Transport]:
    """The TLS transports of a configuration."""
    for transport in context.config.transports.values():
        if transport.type is not None and transport.type.protocol is Protocol.TLS:
            yield transport


def sending_over(context: Context, transport: Transport) -> Iterator[Trunk]:
    """The registrations that reach a target over this transport: it is pinned, or the first of its type."""
    first = next(t for t in context.config.transports.values() if t.type == transport.type)
    for trunk in context.predicted:
        used = trunk.registration.transport if trunk.plan and trunk.plan.pinned else first.name
        if used == transport.name and any(t.transport == transport.type for t in trunk.targets):
            yield trunk


def measured(context: Context, transport: Transport, otherwise: str) -> str:
    """What becomes of the registrations that use the transport, else a general word."""
    told = [
        f"{printable(t.name)}: {fate(t.baseline, 'this is mended')}" for t in sending_over(context, transport)
    ]
    return "; ".join(told) or otherwise


class NoTls13(Rule):
    """A `method` that cannot speak TLS 1.3.

    `method=` names one version: only `sslv23` negotiates, from 1.2 up to 1.3. With `tlsv1_2` a
    server that wants 1.3 is never reached. Recordings `tls-12-vs-13`, `tls-sslv23-13`.

    Bad:

        [transport-tls]
        type=transport
        method=tlsv1_2

    Good:

        [transport-tls]
        type=transport
        method=sslv23
    """

    code = "PJ112"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each TLS transport whose highest version is lower."""
        for transport in tls_transports(context):
            speaks = versions(transport.method)
            if transport.method in DEPRECATED or speaks is None or speaks[1] != "1.2":
                continue
            said = f"method={transport.method}" if transport.method else "no method"
            yield self.found(
                transport.where("method"),
                f"{printable(transport.name)} has {said}: it speaks TLS {speaks[1]} at most",
                "a server that wants TLS 1.3 is never reached",
                "method=sslv23",
                subject=transport.name,
            )


class RefusedVersion(Rule):
    """A `method` for a version that current OpenSSL refuses.

    TLS 1.0 and 1.1 are off in current OpenSSL, and so on current servers: a transport that may
    speak nothing else fails every handshake, and every TLS target is passed over. That is so
    without any `method`, too: it means TLS 1.0 and nothing else. Recordings `tls-m-sslv3-asc`,
    `tls-default-method`.

    Bad:

        [transport-tls]
        type=transport
        method=tlsv1_1

    Good:

        [transport-tls]
        type=transport
        method=sslv23
    """

    code = "PJ113"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """Each TLS transport that is left with no version."""
        for transport in tls_transports(context):
            speaks = versions(transport.method)
            if transport.method in DEPRECATED or speaks is None or speaks[1] >= "1.2":
                continue
            said = f"method={transport.method}" if transport.method else "no method"
            yield self.found(
                transport.where("method"),
                f"{printable(transport.name)} has {said}: TLS {speaks[1]} only, refused by current OpenSSL",
                measured(context, transport, "every TLS handshake fails"),
                "method=sslv23",
                subject=transport.name,
            )


class DeprecatedMethod(Rule):
    """`sslv2`, `sslv3` or `tlsv1`: deprecated, and of no use.

    Each names one broken version (RFC 6176, RFC 7568, RFC 8996) and nothing else, which neither
    this machine's TLS library nor any sane server speaks: the handshake fails and the target is
    passed over (recording `tls-m-sslv3-asc`). The name to use is `sslv23`: in spite of it, it negotiates
    TLS 1.2 and 1.3.

    Bad:

        [transport-tls]
        type=transport
        method=sslv3

    Good:

        [transport-tls]
        type=transport
        method=sslv23
    """

    code = "PJ114"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """Each TLS transport with such a method."""
        for transport in tls_transports(context):
            if transport.method in DEPRECATED:
                yield self.found(
                    transport.where("method"),
                    f"{printable(transport.name)} has the deprecated method={transport.method}",
                    measured(context, transport, "every TLS handshake fails"),
                    "method=sslv23",
                    subject=transport.name,
                )


RULES = (NoTls13, RefusedVersion, DeprecatedMethod)
