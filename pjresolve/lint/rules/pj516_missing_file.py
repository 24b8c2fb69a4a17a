"""The rule PJ516."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule

OPTIONS = ("cert_file", "priv_key_file", "ca_list_file", "ca_list_path")


class MissingFile(Rule):
    """A certificate or key that is not on this machine.

    Asterisk refuses the transport: `cert_file /etc/asterisk/keys/sip.pem is either missing or not
    readable`. Told only where the configuration is the one of this machine, in `/etc/asterisk`: of a copy
    nobody can say. There, look whether the user that Asterisk runs as may read the file, too.

    Bad:

        [transport-tls]
        type=transport
        cert_file=/etc/asterisk/keys/missing.pem

    Good:

        [transport-tls]
        type=transport
        method=tlsv1_2
    """

    code = "PJ516"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """Each such file of a transport."""
        if context.exists is None:
            return
        for transport in context.config.transports.values():
            for option in OPTIONS:
                path: str = getattr(transport, option)
                if path and not context.exists(path):
                    yield self.finding(
                        transport.where(option),
                        f"{option}={printable(path)} is not on this machine",
                        f"Asterisk refuses the transport {printable(transport.name)}",
                        subject=transport.name,
                    )
