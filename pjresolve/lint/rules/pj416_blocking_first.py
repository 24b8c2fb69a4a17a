"""The rule PJ416."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.lint.comparison import blocked, blocked_by_port
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.edits import Edit
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.moving import moved
from pjresolve.lint.published import not_offered
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import result, target


class BlockingFirst(Rule):
    """A TCP or TLS target first, which blocks failover when it does not answer.

    A connect that gets no answer keeps its request queued on the connecting socket: the attempt
    times out after 32 s, and every later target of the round waits behind it with nothing on the
    wire, until the kernel gives the connect up after more than two minutes. UDP targets have no
    such trouble. Recordings `tcp-drop1`, `tls-drop1`, `base`. Where all targets are at one address,
    a firewall that drops the port is enough, though UDP would get through.

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
    also = (Severity.INFO,)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that cannot move on to another address within a minute."""
        for trunk in context.predictable:
            outage = blocked(trunk)
            alone = blocked_by_port(trunk) if outage is None else None
            then = outage or alone
            if then is None:
                continue
            first = trunk.targets[0]
            fix, moves_on = _over_udp(context, trunk) if outage else ([], "")
            silent = first.address if outage else f"{target(first)} alone"
            yield self.finding(
                trunk.registration.where("server_uri"),
                f"the first target is {first}, and a connect that gets no answer blocks the others",
                f"while {silent} does not answer: {result(then)}{moves_on}",
                fix,
                subject=trunk.name,
                severity=self.severity if outage else Severity.INFO,
            )


def _over_udp(context: Context, trunk: Trunk) -> tuple[list[Edit], str]:
    """UDP alone, where that moves on and no TLS is given up for it, and how soon it does."""
    if trunk.server is None or trunk.server.protocol is not None:
        return [], ""
    uri = f"{trunk.registration.server_uri};transport=udp"
    over_udp = trunk.with_options(transport="", server_uri=uri)
    fix = moved(context, trunk, uri)
    if not fix or not over_udp.targets or not_offered(over_udp):
        return [], ""
    outage = over_udp.outage([over_udp.targets[0].address])
    return (fix, f"; over UDP: {result(outage)}") if outage.registered else ([], "")
