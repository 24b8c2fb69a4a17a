"""The rule PJ112."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import set_option
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.lint.tls import DEPRECATED, method_text, tls_transports, uses
from pjresolve.stacks.asterisk22.tls import versions


class NoTls13(Rule):
    """A `method` that cannot speak TLS 1.3.

    `method=` names one version: only `sslv23` negotiates, from 1.2 up to 1.3. With `tlsv1_2` a
    server that wants 1.3 is never reached. It is said where a registration may use TLS. Recordings
    `tls-12-vs-13`, `tls-sslv23-13`.

    Bad:

        [transport-tls]
        type=transport
        method=tlsv1_2

        [itsp]
        type=registration
        transport=transport-tls

    Good:

        [transport-tls]
        type=transport
        method=sslv23

        [itsp]
        type=registration
        transport=transport-tls
    """

    code = "PJ112"
    severity = Severity.INFO

    def check(self, context: Context) -> Iterable[Finding]:
        """Each TLS transport whose highest version is lower, and that a registration may use."""
        for transport in tls_transports(context):
            speaks = versions(transport.method)
            if transport.method in DEPRECATED or speaks is None or speaks[1] != "1.2":
                continue
            if not any(uses(context, transport)):
                continue  # telephones choose for themselves
            has = f"{printable(transport.name)} has {method_text(transport)}"
            yield self.finding(
                transport.where("method"),
                f"{has}: it speaks TLS {speaks[1]} at most",
                "a server that wants TLS 1.3 is never reached",
                set_option(transport.section, "method", "sslv23"),
                subject=transport.name,
            )
