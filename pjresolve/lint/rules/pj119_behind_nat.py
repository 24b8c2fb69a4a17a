"""The rule PJ119."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.objects import Transport
from pjresolve.errors import printable
from pjresolve.lint.access import is_public
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.endpoints import senders
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.model import Family, canonical_address


class BehindNat(Rule):
    """A private address that registers at a public server.

    The transport is bound to a private address and has no external one, so that the Contact and the SDP
    tell the provider that address (register-messages `bound-addresses`). Many providers look at where
    requests come from instead, and calls arrive; others send them to the address that they were told. It is
    told for `bind` with a private IPv4 address alone: what `0.0.0.0` stands for is this machine's to say.

    Bad:

        [transport-udp]
        type=transport
        bind=192.168.1.10

    Good:

        [transport-udp]
        type=transport
        bind=192.168.1.10
        external_signaling_address=192.0.2.77
        external_media_address=192.0.2.77
        local_net=192.168.0.0/16
    """

    code = "PJ119"
    severity = Severity.INFO

    def check(self, context: Context) -> Iterable[Finding]:
        """Each private transport that a registration at a public server sends with."""
        told: set[str] = set()
        for trunk in context.loaded:
            if trunk.server is None or not is_public(trunk.server.host):
                continue
            for transport in _senders(context, trunk):
                address = canonical_address(transport.bind_address)
                if address is None or Family.of(address) is not Family.IPV4 or is_public(address):
                    continue
                if transport.external_signaling_address or address in ("0.0.0.0", "127.0.0.1"):
                    continue
                if transport.name not in told:
                    told.add(transport.name)
                    yield self.finding(
                        transport.where("bind"),
                        f"{printable(transport.name)} is bound to the private {address}, has no external "
                        f"address, and registers at {printable(trunk.server.host)}",
                        f"Contact and SDP say {address}: calls arrive only where the provider looks at the "
                        "sender's address instead",
                        subject=transport.name,
                    )


def _senders(context: Context, trunk: Trunk) -> list[Transport]:
    """The transports that a registration can leave by."""
    kinds = {t.transport for t in trunk.targets} if trunk.has_answers else None
    return senders(context, trunk.registration.transport, lambda kind: kinds is None or kind in kinds)
