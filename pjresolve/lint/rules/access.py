"""PJ307, PJ309 and PJ310: who is let in, and with what media."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.networks import covers_all
from pjresolve.lint.rule import Rule
from pjresolve.model import Family, Finding, Severity
from pjresolve.words import listed

ANONYMOUS = ("anonymous", "default_outbound_endpoint", "dpma_endpoint")
"""Endpoints that exist for callers without account, or for sending alone."""


class NoAuth(Rule):
    """An endpoint that lets anybody in.

    A request belongs to the endpoint that its From names (`identify_by` holds `username` by
    default), or that an `identify` section or a registration's `line` leads to. An endpoint without
    `auth` that nothing but its name identifies takes calls from whoever knows the name.

    Bad:

        [desk]
        type=endpoint
        aors=desk

        [desk]
        type=aor
        max_contacts=1

    Good:

        [desk]
        type=endpoint
        aors=desk
        auth=desk

        [desk]
        type=aor
        max_contacts=1

        [desk]
        type=auth
        username=desk
        password=secret
    """

    code = "PJ307"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each endpoint with neither auth, identify nor line."""
        config = context.config
        identified = {i.endpoint for i in config.identifies.values()}
        identified |= {i.name for i in config.refusals if i.type == "identify"}
        identified |= {r.endpoint for r in config.registrations.values()}
        for endpoint in config.endpoints.values():
            open_by_name = {"username", "auth_username"} & set(endpoint.identify_by)
            if endpoint.auth or endpoint.name in identified or endpoint.name in ANONYMOUS or not open_by_name:
                continue
            near = endpoint.name if endpoint.name in config.auths else ""
            yield self.found(
                endpoint.where("auth"),
                f"endpoint {printable(endpoint.name)} has no auth and no identify",
                "whoever names it in From is taken for it, without a password",
                f"auth={printable(near or endpoint.name)}",
                subject=endpoint.name,
            )


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
        families = {t.type.family for t in config.transports.values() if t.type}
        for endpoint in config.endpoints.values():
            pin = config.transports.get(endpoint.transport)
            own = {pin.type.family} if pin and pin.type else families
            if len(own) != 1:
                continue
            six = Family.IPV6 in own
            if six == endpoint.rtp_ipv6 or (six and pin is None and not endpoint.written("rtp_ipv6")):
                continue
            yield self.found(
                endpoint.where("rtp_ipv6" if endpoint.written("rtp_ipv6") else "transport"),
                f"endpoint {printable(endpoint.name)} signals over {'IPv6' if six else 'IPv4'} only and has "
                f"rtp_ipv6={'yes' if endpoint.rtp_ipv6 else 'no'}",
                "the media are offered over IPv4, to a peer that is reached over IPv6"
                if six
                else "the media may use IPv6, which the signalling never does",
                f"rtp_ipv6={'yes' if six else 'no'}",
                subject=endpoint.name,
            )


class DenyWithoutPermit(Rule):
    """`contact_deny` without `contact_permit`, or `deny` without `permit`.

    The lists are read in order, and what nothing denies is allowed. A `deny` of everything with no
    `permit` after it shuts everybody out; denying everything of IPv4 alone leaves IPv6 open.

    Bad:

        [desk]
        type=endpoint
        aors=desk
        auth=desk
        contact_deny=0.0.0.0/0

        [desk]
        type=aor
        max_contacts=1

        [desk]
        type=auth
        username=desk
        password=secret

    Good:

        [desk]
        type=endpoint
        aors=desk
        auth=desk
        contact_deny=0.0.0.0/0
        contact_deny=::/0
        contact_permit=192.168.0.0/16

        [desk]
        type=aor
        max_contacts=1

        [desk]
        type=auth
        username=desk
        password=secret
    """

    code = "PJ310"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each endpoint with the one and without the other."""
        for endpoint in context.config.endpoints.values():
            for prefix, acl in (("contact_", endpoint.contact_acl), ("", endpoint.acl)):
                deny, permit = getattr(endpoint, f"{prefix}deny"), getattr(endpoint, f"{prefix}permit")
                if not deny or permit or acl:
                    continue
                shut = [f"IPv{v}" for v in (4, 6) if covers_all(list(deny), v)]
                who = "no phone can register" if prefix else "no request is taken"
                yield self.found(
                    endpoint.where(f"{prefix}deny"),
                    f"endpoint {printable(endpoint.name)} has {prefix}deny and no {prefix}permit",
                    f"{who} over {listed(shut)}" if shut else "what is not denied is allowed",
                    f"{prefix}permit=192.168.0.0/16   ; your own networks",
                    subject=endpoint.name,
                    severity=Severity.WARNING if shut else Severity.INFO,
                )


RULES = (NoAuth, RtpIpv6, DenyWithoutPermit)
