"""The rule PJ408."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.published import by_srv, srv_records
from pjresolve.lint.rule import Rule


class SrvToCname(Rule):
    """An SRV record leads to a CNAME.

    RFC 2782 forbids it. Asterisk leaves it to the recursive resolver, which follows (recording
    `srv-cname`); other clients do not, and the address costs one more query.

    Bad zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 alias.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        alias.example.net. 300 IN CNAME a.example.net.
        a.example.net. 300 IN A 203.0.113.1

    Good zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
    """

    code = "PJ408"
    severity = Severity.INFO
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each SRV target that is an alias."""
        for trunk in by_srv(context):
            for host in dict.fromkeys(data.target for _, _, data in srv_records(trunk)):
                aliases = [c for rtype in ("AAAA", "A") for c in trunk.ask(host, rtype).cnames]
                if aliases:
                    yield self.finding(
                        trunk.registration.where("server_uri"),
                        f"the SRV target {printable(host)} is a CNAME for {printable(aliases[-1][1])}",
                        "Asterisk follows it, other clients may not",
                        subject=trunk.name,
                    )
