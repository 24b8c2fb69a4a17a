"""The rule PJ409."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.published import by_srv, srv_records
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import UNTIL_DNS, result
from pjresolve.model import Status


class SrvToNothing(Rule):
    """An SRV record leads to a host without addresses.

    An SRV answer is never undone: with such a record alone, the host's own addresses are not used
    either, and the list is empty. Recordings `srv-dangling`, `srv-dangling-only`.

    Bad zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 gone.example.net.
        sip.example.net. 300 IN A 203.0.113.1

    Good zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
    """

    code = "PJ409"
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each SRV target for which the DNS says that there is nothing."""
        for trunk in by_srv(context):
            for host in dict.fromkeys(data.target for _, _, data in srv_records(trunk) if data.target != "."):
                answers = [trunk.ask(host, rtype) for rtype in ("AAAA", "A")]
                if all(a.status in (Status.NODATA, Status.NXDOMAIN) for a in answers):
                    yield self.finding(
                        trunk.registration.where("server_uri"),
                        f"the SRV target {printable(host)} has no addresses",
                        f"it adds no target; {result(trunk.baseline, UNTIL_DNS)}",
                        subject=trunk.name,
                    )
