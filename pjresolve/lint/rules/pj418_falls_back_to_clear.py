"""The rule PJ418."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import result
from pjresolve.model import Protocol
from pjresolve.words import listed


class FallsBackToClear(Rule):
    r"""TLS first, and something unencrypted after it.

    A TLS target that fails, for whatever reason, is followed by the next one of the list at once: also where
    the handshake fails because somebody in between has another certificate. Where the list ends with UDP
    or TCP, Asterisk registers there, and the account, the numbers and the answer to the challenge go in the
    clear; nothing in its log or in `pjsip show registrations` says so. Recordings `self-signed` and
    `tls-selfsigned`. `\;transport=tls` leaves the unencrypted targets out, and with them what they are
    good for when the TLS servers are down.

    Bad zone:

        _sips._tcp.sip.example.net. 300 IN SRV 10 10 5061 a.example.net.
        _sip._udp.sip.example.net. 300 IN SRV 20 10 5060 a.example.net.
        a.example.net. 300 IN A 203.0.113.1

    Bad:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net

    Good:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net\;transport=tls
    """

    code = "PJ418"
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration whose first target is TLS and that goes on to one that is not."""
        for trunk in context.predictable:
            first = trunk.targets[0].transport.protocol if trunk.targets else None
            clear = [t for t in trunk.targets if t.transport.protocol is not Protocol.TLS]
            if first is not Protocol.TLS or not clear:
                continue
            protocols = dict.fromkeys(t.transport.protocol.upper() for t in clear)
            yield self.finding(
                trunk.registration.where("server_uri"),
                f"{printable(trunk.name)} tries TLS first and {listed(protocols)} after it",
                f"where TLS fails: {result(trunk.predict(closing=Protocol.TLS))}, unencrypted",
                subject=trunk.name,
            )
