"""The rule PJ111."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import set_option
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.lint.tls import CERTIFICATES, measured, tls_transports


class NothingTrusted(Rule):
    """`verify_server=yes` without a CA: no server is trusted.

    The check needs `ca_list_file` or `ca_list_path`; there is no default. Without, every handshake fails and
    every TLS target is passed over (recording `tls-noca`).

    Bad:

        [transport-tls]
        type=transport
        ca_list_path=
        verify_server=yes

    Good:

        [transport-tls]
        type=transport
        ca_list_path=/etc/ssl/certs
        verify_server=yes
    """

    code = "PJ111"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """Each TLS transport that checks against nothing."""
        for transport in tls_transports(context):
            if transport.verify_server and not (transport.ca_list_file or transport.ca_list_path):
                yield self.finding(
                    transport.where("verify_server"),
                    f"{printable(transport.name)} verifies servers and trusts no CA",
                    measured(context, transport, "every TLS handshake fails"),
                    set_option(transport.section, "ca_list_path", CERTIFICATES),
                    subject=transport.name,
                )
