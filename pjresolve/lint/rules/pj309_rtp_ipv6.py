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

    It decides whether the media can use IPv6; the signalling does not care. An endpoint that is
    pinned to an IPv6 transport, or has only such, and stays with `rtp_ipv6=no` offers IPv4 media to
    a peer that was reached over IPv6. The other way round there is no harm: with `rtp_ipv6=yes` and
    signalling over IPv4 the SDP says IPv4 all the same.

    Bad:

        [itsp]
        type=endpoint
        transport=transport-udp6

    Good:

        [itsp]
        type=endpoint
        rtp_ipv6=yes
    """

    code = "PJ309"
    absent = ("transport",)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each endpoint whose transports and media cannot be of one IP version."""
        config = context.config
        families = {t.type.family for t in config.bound.values() if t.type}
        for endpoint in config.endpoints.values():
            pin = config.transports.get(endpoint.transport)
            own = {pin.type.family} if pin and pin.type else families
            given = pin is not None or endpoint.written("rtp_ipv6")
            if own != {Family.IPV6} or endpoint.rtp_ipv6 or not given:
                continue
            yield self.finding(
                endpoint.where("rtp_ipv6" if endpoint.written("rtp_ipv6") else "transport"),
                f"endpoint {printable(endpoint.name)} signals over IPv6 only and has rtp_ipv6=no",
                "the media are offered over IPv4, to a peer that is reached over IPv6",
                set_option(endpoint.section, "rtp_ipv6", "yes"),
                subject=endpoint.name,
            )
