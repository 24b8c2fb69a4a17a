"""The rule PJ516."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pjresolve.config.objects import Object
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule

OPTIONS = {
    "transport": ("cert_file", "priv_key_file", "ca_list_file", "ca_list_path"),
    "endpoint": ("dtls_cert_file", "dtls_private_key", "dtls_ca_file", "dtls_ca_path"),
}
"""Options whose file Asterisk 22.10.1 was seen to ask for, each with a missing one, whatever else the section
says.
"""


class MissingFile(Rule):
    """A certificate or key that is not on this machine.

    Asterisk refuses the transport: `cert_file /etc/asterisk/keys/sip.pem is either missing or not
    readable`, and the endpoint: `dtlscertfile file /etc/asterisk/keys/dtls.pem does not exist or is not
    readable`, even where it has no DTLS. Told only where the configuration is the one of this machine, in
    `/etc/asterisk`: of a copy nobody can say. There, look whether the user that Asterisk runs as may read the
    file, too.

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
        """Each such file of a transport or an endpoint; one that a template gives, once."""
        if context.exists is None:
            return
        config = context.config
        tables: dict[str, Mapping[str, Object]] = {
            "transport": config.transports,
            "endpoint": config.endpoints,
        }
        for kind, table in tables.items():
            for one in table.values():
                for option in OPTIONS[kind]:
                    entry = one.section.last(option)
                    if entry is not None and entry.value and not context.exists(entry.value):
                        yield self.finding(
                            entry.where,
                            f"{option}={printable(entry.value)} is not on this machine",
                            f"Asterisk refuses the {kind} {printable(one.name)}",
                            subject=one.name,
                        )
