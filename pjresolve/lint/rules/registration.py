"""PJ201, PJ203, PJ204 and PJ211: which way a registration takes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pjresolve.config.values import escaped
from pjresolve.errors import printable
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import fate
from pjresolve.model import Family, Finding, Query, Severity, addresses
from pjresolve.prediction.prediction import Prediction
from pjresolve.words import listed

OUTAGE = 3600.0
"""Seconds that an outage is simulated for."""


class PinBarsFamily(Rule):
    r"""A pinned `transport=` bars failover to the other IP version.

    A transport section has one IP version, so `transport=` in a registration fixes protocol *and*
    version: targets of the other version are skipped silently, and a pinned IPv6 transport does not
    even ask for A records. `;transport=` in the URI fixes the protocol only. The semicolon is
    written `\;`, since a bare one starts a comment. Recordings `all-srv-pinned-udp6`,
    `all-srv-pinned-udp`, `v4pin-v6dns`.

    Bad:

        [itsp]
        type=registration
        transport=transport-udp6
        server_uri=sip:sip.example.net

    Good:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net\;transport=udp
    """

    code = "PJ201"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that could reach the other version without its pin."""
        for trunk in context.trunks:
            plan, server = trunk.plan, trunk.server
            if plan is None or plan.pinned is None or server is None or plan.dead_end:
                continue
            route = trunk.route
            if route is None or route.address:
                continue
            pinned = plan.pinned
            free = spelled_in_uri(trunk)
            if free.plan is None:
                continue
            consequence = ""
            if trunk.known:
                lost = [t for t in free.targets if t.transport.family is not pinned.family]
                own = addresses(trunk.targets)
                if not lost or not own:
                    continue  # there is nothing to fail over to, or nothing to begin with (PJ410)
                outage = trunk.predict(down=own, duration=OUTAGE)
                version = "IPv6" if pinned.family is Family.IPV6 else "IPv4"
                consequence = f"{version} outage: {fate(outage)}; without the pin: " + fate(
                    free.predict(
                        down=[a for a in addresses(free.targets) if Family.of(a) is pinned.family],
                        duration=OUTAGE,
                    )
                )
            else:
                version = "IPv6" if pinned.family is Family.IPV6 else "IPv4"
                consequence = f"targets of the other IP version are skipped, also in an {version} outage"
            yield self.found(
                trunk.registration.where("transport"),
                f"transport={printable(trunk.registration.transport)} bars failover to the other IP version",
                consequence,
                f"server_uri={escaped(printable(str(free.server), 300))}\n"
                f";transport={printable(trunk.registration.transport)}",
                subject=trunk.name,
            )


def spelled_in_uri(trunk: Trunk) -> Trunk:
    """The registration with its pin's protocol in `server_uri` instead."""
    pinned = trunk.plan.pinned if trunk.plan else None
    server = trunk.registration.server_uri
    if pinned is not None and trunk.server is not None and trunk.server.protocol is None:
        server = f"{server};transport={pinned.protocol}"
    return trunk.but(transport="", server_uri=server)


class PinContradictsUri(Rule):
    r"""The pinned `transport=` contradicts the URI.

    Where the URI names a protocol (`;transport=`, or TLS by `sips:`) and the pinned transport is of
    another, every attempt fails before any DNS, as a 503 that is retried after `retry_interval`.
    Recording `uri-udp-pinned-tcp`. (Asterisk 16 lets the pin win.)

    Bad:

        [itsp]
        type=registration
        transport=transport-tcp
        server_uri=sip:sip.example.net\;transport=udp

    Good:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net\;transport=udp
    """

    code = "PJ203"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that can never send."""
        for trunk in context.trunks:
            if trunk.plan is not None and trunk.plan.dead_end:
                attempt = trunk.without_dns().predict(duration=OUTAGE)
                yield self.found(
                    trunk.registration.where("transport"),
                    trunk.plan.dead_end,
                    fate(attempt, "this is mended"),
                    f";transport={printable(trunk.registration.transport)}",
                    subject=trunk.name,
                )


class PinNamesNothing(Rule):
    """`transport=` names no transport.

    A registration's `transport=` for a section that does not exist is logged and otherwise ignored:
    `Unable to retrieve PJSIP transport 'NAME'`. The registration goes over whatever the DNS leads
    to. Recording `unknown-transport`.

    Bad:

        [itsp]
        type=registration
        transport=trasport-udp
        server_uri=sip:sip.example.net

    Good:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net
    """

    code = "PJ204"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that names a transport there is not."""
        transports = context.config.transports
        for trunk in context.trunks:
            wanted = trunk.registration.transport
            if not wanted or wanted in transports:
                continue
            near = context.closest(wanted, transports)
            then = fate(trunk.baseline) if trunk.known else "it takes the way that the DNS leads"
            yield self.found(
                trunk.registration.where("transport"),
                f"there is no transport {printable(wanted)}",
                f"Asterisk logs it and goes on without: {then}",
                f"transport={near}" if near else f";transport={printable(wanted)}",
                subject=trunk.name,
            )


class PortSkipsSrv(Rule):
    """An explicit port switches NAPTR and SRV off.

    With a port in `server_uri` neither NAPTR nor SRV is asked: only the host's own AAAA and A, over
    UDP unless the URI or a pin says otherwise. The provider's failover servers are then unknown.
    Recordings `all-srv-port`, `port-udp`, `port-tcp6`.

    Bad:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net:5060

    Good:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net
    """

    code = "PJ211"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration with a host name and a port, unless the DNS is known to have neither record."""
        for trunk in context.trunks:
            route, plan = trunk.route, trunk.plan
            if route is None or plan is None or route.address or route.port is None:
                continue
            option = "outbound_proxy" if trunk.registration.outbound_proxy else "server_uri"
            text = getattr(trunk.registration, option)
            open_uri = re.sub(rf":{route.port}(?=[;>?]|$)", "", text, count=1)
            consequence = "only the host's own addresses are tried"
            severity = Severity.INFO
            if trunk.known:
                free = trunk.but(**{option: open_uri})
                if not any(
                    q.rtype in ("NAPTR", "SRV") and trunk.source.lookup(q).records for q in _first(free)
                ):
                    continue
                consequence = _compared(trunk, free)
                severity = Severity.WARNING
            yield self.found(
                trunk.registration.where(option),
                f"port {route.port} in {option} switches NAPTR and SRV off",
                consequence,
                f"{option}={escaped(printable(open_uri, 300))}",
                subject=trunk.name,
                severity=severity,
            )


def _first(trunk: Trunk) -> tuple[Query, ...]:
    return trunk.resolution.asked[0][0] if trunk.resolution and trunk.resolution.asked else ()


def _compared(trunk: Trunk, free: Trunk) -> str:
    own, others = addresses(trunk.targets), addresses(free.targets)
    lost = [a for a in others if a not in own]
    if lost:
        outage = trunk.predict(down=own, duration=OUTAGE)
        return (
            f"{listed(lost)} are never tried; outage of {listed(own) if own else 'the rest'}: {fate(outage)}"
        )
    return f"{_way(trunk.baseline)} instead of {_way(free.baseline)}"


def _way(prediction: Prediction) -> str:
    return fate(prediction, "this is mended")


RULES = (PinBarsFamily, PinContradictsUri, PinNamesNothing, PortSkipsSrv)
