"""The rule PJ114."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import set_option
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.lint.tls import DEPRECATED, measured, tls_transports


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
                yield self.finding(
                    transport.where("method"),
                    f"{printable(transport.name)} has the deprecated method={transport.method}",
                    measured(context, transport, "every TLS handshake fails"),
                    set_option(transport.section, "method", "sslv23"),
                    subject=transport.name,
                )
