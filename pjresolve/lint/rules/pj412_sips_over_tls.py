"""The rule PJ412."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.published import by_srv
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import UNTIL_DNS, result


class SipsOverTls(Rule):
    """`_sips._tls` is published, which nobody asks for.

    The SRV name for SIP over TLS is `_sips._tcp` (RFC 3263 section 4.1): that is the one that is
    asked for (recording `all-srv`). Under `_sips._tls` or `_sip._tls` nothing finds it.

    Bad zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        _sips._tls.sip.example.net. 300 IN SRV 10 10 5061 a.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1

    Good zone:

        _sips._tcp.sip.example.net. 300 IN SRV 10 10 5061 a.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
    """

    code = "PJ412"
    severity = Severity.INFO
    needs_dns = True
    names = ("_sips._tls", "_sip._tls")

    def check(self, context: Context) -> Iterable[Finding]:
        """Each host with records under such a name and none under the right one."""
        for trunk in by_srv(context):
            host = trunk.route.host if trunk.route else ""
            for prefix in self.names:
                if trunk.ask(f"{prefix}.{host}", "SRV").records:
                    yield self.finding(
                        trunk.registration.where("server_uri"),
                        f"{prefix}.{printable(host)} is published: nothing asks for it",
                        f"TLS is looked for under _sips._tcp; {result(trunk.baseline, UNTIL_DNS)}",
                        subject=trunk.name,
                    )
