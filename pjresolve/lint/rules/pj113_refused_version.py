"""The rule PJ113."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import set_option
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.lint.tls import DEPRECATED, measured, method_text, tls_transports
from pjresolve.stacks.asterisk22.tls import versions


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
            has = f"{printable(transport.name)} has {method_text(transport)}"
            yield self.finding(
                transport.where("method"),
                f"{has}: TLS {speaks[1]} only, refused by current OpenSSL",
                measured(context, transport, "every TLS handshake fails"),
                set_option(transport.section, "method", "sslv23"),
                subject=transport.name,
            )
