"""The rule PJ110."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.objects import Transport
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.lint.tls import tls_transports


class NoCertificate(Rule):
    """A TLS transport without certificate.

    Without `cert_file` and `priv_key_file` the transport loads and can still register (the server
    is the one that shows a certificate). But nobody can connect to it: phones, and a provider that
    opens its own connection for an incoming call, fail in the handshake.

    Bad:

        [transport-tls]
        type=transport
        cert_file=
        priv_key_file=

    Good:

        [transport-tls]
        type=transport
        cert_file=/etc/asterisk/fullchain.pem
        priv_key_file=/etc/asterisk/privkey.pem
    """

    code = "PJ110"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each TLS transport that lacks the certificate or its key."""
        for transport in tls_transports(context):
            lacking = [o for o in ("cert_file", "priv_key_file") if not getattr(transport, o)]
            if "cert_file" in lacking or (lacking and not _holds_key(transport)):
                yield self.finding(
                    transport.where("protocol"),
                    f"{printable(transport.name)} has no {' and no '.join(lacking)}",
                    "registering works, incoming TLS connections fail",
                    advice="name the certificate in cert_file, and its key in priv_key_file",
                    subject=transport.name,
                )


def _holds_key(transport: Transport) -> bool:
    """A .pem file may hold the key as well; what is in it is not looked at."""
    return transport.cert_file.endswith(".pem") and not transport.written("priv_key_file")
