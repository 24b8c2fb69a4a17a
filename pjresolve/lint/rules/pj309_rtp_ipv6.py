"""The rule PJ309."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import set_option
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.model import Family


class RtpIpv6(Rule):
    """`rtp_ipv6` that does not go with the transports.

    It decides whether the media can use IPv6; the signalling does not care. `rtp_ipv6=yes` without
    any IPv6 transport offers what no call can come by. An endpoint that is pinned to an IPv6
    transport, or has only such, and stays with `rtp_ipv6=no` offers IPv4 media to a peer that was
    reached over IPv6.

    Bad:

        [itsp]
        type=endpoint
        transport=transport-udp
        rtp_ipv6=yes

    Good:

        [itsp]
        type=endpoint
        rtp_ipv6=yes
    """

    code = "PJ309"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each endpoint whose transports and media cannot be of one IP version."""
        config = context.config
        families = {t.type.family for t in config.bound.values() if t.type}
        for endpoint in config.endpoints.values():
            pin = config.transports.get(endpoint.transport)
            own = {pin.type.family} if pin and pin.type else families
            if len(own) != 1:
                continue
            six = Family.IPV6 in own
            if six == endpoint.rtp_ipv6 or (six and pin is None and not endpoint.written("rtp_ipv6")):
                continue
            yield self.finding(
                endpoint.where("rtp_ipv6" if endpoint.written("rtp_ipv6") else "transport"),
                f"endpoint {printable(endpoint.name)} signals over {'IPv6' if six else 'IPv4'} only and has "
                f"rtp_ipv6={'yes' if endpoint.rtp_ipv6 else 'no'}",
                "the media are offered over IPv4, to a peer that is reached over IPv6"
                if six
                else "the media may use IPv6, which the signalling never does",
                set_option(endpoint.section, "rtp_ipv6", "yes" if six else "no"),
                subject=endpoint.name,
            )
