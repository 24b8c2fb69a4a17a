"""PJ301 and PJ302: calls that take another way than the registration."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pjresolve.config.objects import Aor, Endpoint
from pjresolve.config.values import escaped
from pjresolve.errors import printable
from pjresolve.lint.context import Context, Trunk, uri_or_none
from pjresolve.lint.rule import Rule
from pjresolve.model import Finding, Protocol
from pjresolve.sip.uri import SipUri
from pjresolve.words import listed


def pairs(context: Context) -> Iterator[tuple[Endpoint, Trunk]]:
    """Every endpoint with each registration that belongs to it."""
    by_endpoint: dict[str, list[Trunk]] = {}
    for trunk in context.trunks:
        by_endpoint.setdefault(trunk.registration.endpoint, []).append(trunk)
    for endpoint in context.config.endpoints.values():
        for trunk in by_endpoint.get(endpoint.name, ()):
            yield endpoint, trunk


def asked(uri: SipUri, pin: Protocol | None) -> Protocol | None:
    """The protocol that a request is sent with, where it does not take the DNS to know."""
    return pin or uri.protocol or (Protocol.UDP if uri.address or uri.port is not None else None)


def _way(trunk: Trunk) -> str:
    return f"{trunk.targets[0].transport}" if trunk.known and trunk.targets else ""


class OtherTransport(Rule):
    """The endpoint's transport differs from the registration's.

    Calls to the provider take the endpoint's `transport=`, or what the DNS leads to where there is
    none. A provider that sees calls come from another transport than the registration may turn them
    away, and a firewall that keeps one open knows nothing of the other.

    Bad:

        [itsp]
        type=endpoint
        transport=transport-tcp

    Good:

        [itsp]
        type=endpoint
        from_domain=example.net
    """

    code = "PJ301"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each endpoint that is pinned to another transport than its registration, or where only
        one is pinned.
        """
        transports = context.config.transports
        for endpoint, trunk in pairs(context):
            mine, theirs = endpoint.transport, trunk.registration.transport
            if mine == theirs or (mine and mine not in transports) or (theirs and theirs not in transports):
                continue
            calls = [c for _, _, c in _calls(context, endpoint, trunk)]
            ways = {_way(call) for call in calls} - {""}
            own = _way(trunk)
            if own and ways and ways <= {own}:
                continue
            then = (
                f"calls go over {listed(ways)}, the registration over {own}"
                if own and ways
                else ("calls and registration may take different ways")
            )
            yield self.found(
                endpoint.where("transport"),
                f"endpoint {printable(endpoint.name)} has {_said(mine)}, its registration "
                f"{printable(trunk.name)} {_said(theirs)}",
                then,
                f"transport={printable(theirs)}" if theirs else f";transport={printable(mine)}",
                subject=endpoint.name,
            )


def _said(transport: str) -> str:
    return f"transport={printable(transport)}" if transport else "no transport="


def _calls(context: Context, endpoint: Endpoint, trunk: Trunk) -> Iterator[tuple[Aor, str, Trunk]]:
    """For each contact of the endpoint's AoRs: how a call there is resolved, seen as a registration
    would be.
    """
    for name in endpoint.aors:
        aor = context.config.aors.get(name)
        for contact in aor.contact if aor else ():
            if aor is not None and uri_or_none(contact) is not None:
                proxy = endpoint.outbound_proxy or aor.outbound_proxy
                yield (
                    aor,
                    contact,
                    trunk.but(server_uri=contact, transport=endpoint.transport, outbound_proxy=proxy),
                )


class OtherContact(Rule):
    r"""The AoR's contact asks for another transport than the registration.

    The contact URI decides how calls are sent, `server_uri` how the registration is:
    `;transport=tcp` in the one and not in the other means calls over TCP and registrations over
    something else.

    Bad:

        [itsp]
        type=aor
        contact=sip:sip.example.net\;transport=tcp

    Good:

        [itsp]
        type=aor
        contact=sip:sip.example.net
    """

    code = "PJ302"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each contact whose protocol is another, where the endpoint itself is not pinned."""
        for endpoint, trunk in pairs(context):
            if endpoint.transport or trunk.server is None or trunk.plan is None:
                continue
            pin = trunk.plan.pinned
            registers = asked(trunk.server, pin.protocol if pin else None)
            for aor, contact, call in _calls(context, endpoint, trunk):
                uri = uri_or_none(contact)
                if uri is None or asked(uri, None) == registers or (pin and uri.protocol is None):
                    continue
                own, other = _way(trunk), _way(call)
                if own and other and own == other:
                    continue
                bare = f"{uri.scheme}:{uri.user + '@' if uri.user else ''}{uri.hostport}"
                hint = bare + (f";transport={trunk.server.transport}" if trunk.server.transport else "")
                yield self.found(
                    aor.where("contact"),
                    f"contact={printable(contact)} asks for {_protocol(asked(uri, None))}, "
                    f"server_uri of {printable(trunk.name)} for {_protocol(registers)}",
                    f"calls go over {other}, the registration over {own}"
                    if own and other
                    else "calls and registration take different transports",
                    f"contact={escaped(printable(hint, 300))}",
                    subject=aor.name,
                )


def _protocol(protocol: Protocol | None) -> str:
    return protocol.upper() if protocol else "what the DNS says"


RULES = (OtherTransport, OtherContact)
