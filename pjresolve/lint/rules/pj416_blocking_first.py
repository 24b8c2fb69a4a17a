"""The rule PJ416."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.values import escaped
from pjresolve.errors import printable
from pjresolve.lint.context import OUTAGE, Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import result
from pjresolve.model import Protocol, addresses
from pjresolve.words import span


class BlockingFirst(Rule):
    """A TCP or TLS target first, which blocks failover when it does not answer.

    A connect that gets no answer keeps its request queued on the connecting socket: the attempt
    times out after 32 s, and every later target of the round waits behind it with nothing on the
    wire, until the kernel gives the connect up after more than two minutes. UDP targets have no
    such trouble. Recordings `tcp-drop1`, `tls-drop1`, `base`.

    Bad zone:

        _sip._tcp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        _sip._tcp.sip.example.net. 300 IN SRV 20 10 5060 b.example.net.
        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
        b.example.net. 300 IN A 198.51.100.2
        b.example.net. 300 IN AAAA 2001:db8:6::2

    Good zone:

        _sip._udp.sip.example.net. 300 IN SRV 10 10 5060 a.example.net.
        _sip._udp.sip.example.net. 300 IN SRV 20 10 5060 b.example.net.
        sip.example.net. 300 IN A 203.0.113.1
        a.example.net. 300 IN A 203.0.113.1
        b.example.net. 300 IN A 198.51.100.2
        b.example.net. 300 IN AAAA 2001:db8:6::2
    """

    code = "PJ416"
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that cannot move on to another address within a minute."""
        for trunk in context.predictable:
            own = addresses(trunk.targets)
            first = trunk.targets[0] if trunk.targets else None
            if first is None or first.transport.protocol is Protocol.UDP or len(own) < 2:
                continue
            outage = trunk.outage(own[:1])
            if outage.registered is not None and outage.registered.t < 60:
                continue
            hint = ""
            over_udp = trunk.with_options(
                transport="", server_uri=f"{trunk.registration.server_uri};transport=udp"
            )
            if trunk.server is not None and trunk.server.protocol is None and over_udp.targets:
                moved = over_udp.predict(down=[over_udp.targets[0].address], duration=OUTAGE)
                if moved.registered is not None:
                    after = span(moved.registered.t)
                    uri = escaped(printable(over_udp.registration.server_uri, 300))
                    hint = f"server_uri={uri}   ; moves on after {after}"
            yield self.finding(
                trunk.registration.where("server_uri"),
                f"the first target is {first}, and a connect that gets no answer blocks the others",
                f"while {first.address} does not answer: {result(outage)}",
                hint,
                subject=trunk.name,
            )
