"""The rule PJ419."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.published import by_srv, srv_records
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import UNTIL_FIXED, result
from pjresolve.model import Protocol
from pjresolve.words import listed

TLS_PORT = 5061


class TlsPortWithoutTls(Rule):
    """TLS that is published as TCP.

    `_sip._tcp` says plain TCP, whatever the port; TLS is `_sips._tcp` (RFC 3263). A record
    `_sip._tcp … 5061` makes Asterisk speak plain SIP to a TLS port: the server cuts the connection off, the
    target fails, and the TLS service is never used (recording `tls-plain-on-tls`).

    Bad zone:

        _sip._tcp.sip.example.net. 300 IN SRV 10 10 5061 a.example.net.
        a.example.net. 300 IN A 203.0.113.1

    Good zone:

        _sips._tcp.sip.example.net. 300 IN SRV 10 10 5061 a.example.net.
        a.example.net. 300 IN A 203.0.113.1
    """

    code = "PJ419"
    also = (Severity.ERROR,)
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that is led to port 5061 over plain TCP."""
        for trunk in by_srv(context):
            wrong = [
                (name, data)
                for protocol, name, data in srv_records(trunk)
                if protocol is Protocol.TCP and data.port == TLS_PORT
            ]
            used = any(t.transport.protocol is Protocol.TCP and t.port == TLS_PORT for t in trunk.targets)
            if wrong and used:
                hosts = dict.fromkeys(data.target for _, data in wrong)
                rest = [
                    t for t in trunk.targets if t.port != TLS_PORT or t.transport.protocol is Protocol.TLS
                ]
                yield self.finding(
                    trunk.registration.where("server_uri"),
                    f"{printable(wrong[0][0])} leads to port {TLS_PORT} of {listed(hosts)}, and _sip._tcp "
                    "means TCP without TLS",
                    f"where that port speaks TLS: {result(trunk.predict(closing=Protocol.TCP), UNTIL_FIXED)}",
                    subject=trunk.name,
                    severity=Severity.WARNING if rest else Severity.ERROR,
                )
