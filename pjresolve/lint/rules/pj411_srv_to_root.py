"""The rule PJ411."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.published import by_srv, srv_records
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import UNTIL_DNS, result


class SrvToRoot(Rule):
    """An SRV record leads to `.`.

    RFC 2782 says so where a service does not exist. Asterisk does not understand it: the record
    counts as an SRV with a host that has no addresses, and hides the host's own A and AAAA.
    Recording `srv-root`.

    Bad zone:

        _sip._udp.sip.example.net. 300 IN SRV 0 0 0 .
        sip.example.net. 300 IN A 203.0.113.1

    Good zone:

        sip.example.net. 300 IN A 203.0.113.1
    """

    code = "PJ411"
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each name with such a record."""
        for trunk in by_srv(context):
            for name in dict.fromkeys(name for _, name, data in srv_records(trunk) if data.target == "."):
                yield self.finding(
                    trunk.registration.where("server_uri"),
                    f"SRV {printable(name)} is '.', which Asterisk takes for a host without addresses",
                    f"the host's own addresses are hidden; {result(trunk.baseline, UNTIL_DNS)}",
                    subject=trunk.name,
                )
