"""The rule PJ118."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.networks import network
from pjresolve.lint.rule import Rule


class LocalNet(Rule):
    """`local_net` that has no effect, or that leaves the external address without one.

    `local_net` says where the external address is *not* written. Without an external address there is
    nothing to leave out, and the Contact stays as it is (recording `na-local-net-alone`). A `local_net` of
    everything leaves it out everywhere: the provider gets the private address (recording
    `na-local-net-all`, against `na-good`).

    Bad:

        [transport-udp]
        type=transport
        external_signaling_address=192.0.2.77
        external_media_address=192.0.2.77
        local_net=0.0.0.0/0

    Good:

        [transport-udp]
        type=transport
        external_signaling_address=192.0.2.77
        external_media_address=192.0.2.77
        local_net=192.168.0.0/16
    """

    code = "PJ118"
    also = (Severity.INFO,)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each transport whose local_net has no effect, or too much."""
        for transport in context.config.transports.values():
            external = transport.external_signaling_address or transport.external_media_address
            whole = [text for text in transport.local_net if (net := network(text)) and net.prefixlen == 0]
            if transport.local_net and not external and not transport.external_signaling_port:
                yield self.finding(
                    transport.where("local_net"),
                    f"local_net of {printable(transport.name)} without an external address",
                    "it has no effect: nothing is rewritten for anybody",
                    subject=transport.name,
                    severity=Severity.INFO,
                )
            elif whole and external:
                yield self.finding(
                    transport.where("local_net"),
                    f"local_net={printable(whole[0])} of {printable(transport.name)} is everything",
                    f"{printable(external)} is never written: everybody is told the private address",
                    subject=transport.name,
                )
