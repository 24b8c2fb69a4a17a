"""The rule PJ115."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.lint.tls import CERTIFICATES, tls_transports


class NotVerified(Rule):
    """`verify_server=no`: whoever answers is believed.

    TLS then hides the conversation from bystanders, but not from somebody who diverts it: any
    certificate is taken, expired and self-signed ones too (recordings `tls-selfsigned-noverify`,
    `tls-hostname-noverify`). The check compares with the host of `server_uri`, never with the SRV
    target (`tls-hostname`). It is off by default; this rule speaks up where the file says so.

    Bad:

        [transport-tls]
        type=transport
        verify_server=no

    Good:

        [transport-tls]
        type=transport
        verify_server=yes
    """

    code = "PJ115"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each TLS transport that says so."""
        for transport in tls_transports(context):
            if transport.written("verify_server") and not transport.verify_server:
                yield self.finding(
                    transport.where("verify_server"),
                    f"{printable(transport.name)} does not check whom it talks to",
                    "any certificate is taken: expired, self-signed, or somebody else's",
                    advice=f"verify_server=yes with ca_list_path={CERTIFICATES}, once a public CA has "
                    "signed the server's certificate",
                    subject=transport.name,
                )
