"""The rule PJ115."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.lint.tls import CERTIFICATES, tls_transports, uses


class NotVerified(Rule):
    """`verify_server=no`: whoever answers is believed.

    TLS then hides the conversation from bystanders, but not from somebody who diverts it: any
    certificate is taken, expired and self-signed ones too (recordings `tls-selfsigned-noverify`,
    `tls-hostname-noverify`). The check compares with the host of `server_uri`, never with the SRV
    target (`tls-hostname`). It is off by default; this rule speaks up where the file says so, and
    a registration may go over that transport.

    Bad:

        [transport-tls]
        type=transport
        verify_server=no

        [itsp]
        type=registration
        transport=transport-tls

    Good:

        [transport-tls]
        type=transport
        verify_server=yes

        [itsp]
        type=registration
        transport=transport-tls
    """

    code = "PJ115"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each TLS transport that says so, and that a registration may use."""
        for transport in tls_transports(context):
            written = transport.written("verify_server") and not transport.verify_server
            if written and any(uses(context, transport)):
                yield self.finding(
                    transport.where("verify_server"),
                    f"{printable(transport.name)} does not check whom it talks to",
                    "any certificate is taken: expired, self-signed, or somebody else's",
                    advice=f"verify_server=yes with ca_list_path={CERTIFICATES}, once a public CA has "
                    "signed the server's certificate",
                    subject=transport.name,
                )
