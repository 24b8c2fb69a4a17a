"""Where the calls of an endpoint leave another way than its registration, and what in the files says so.

Rules of this file: one difference has one rule; what is told by the stronger one is silent in the others.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import replace

from pjresolve.config.objects import Endpoint
from pjresolve.lint.calling import Calls, calls_of, with_contacts
from pjresolve.lint.comparison import encrypted
from pjresolve.lint.context import Context, Trunk, uri_or_none
from pjresolve.lint.edits import Edit, set_option, unset
from pjresolve.lint.endpoints import calls, first_transport, senders
from pjresolve.model import Family, Protocol, Target, TransportType
from pjresolve.sip.uri import SipUri


def registered_at(trunk: Trunk) -> Target | None:
    """Where it registers in a healthy world; None where that is nowhere or not known."""
    if trunk.plan is None or not trunk.has_answers:
        return None
    success = trunk.baseline.registered
    return success.target if success else None


def in_the_clear(context: Context, endpoint: Endpoint, trunk: Trunk) -> bool:
    """Whether the registration is encrypted and calls are not, as the simulation shows, or where there are no
    answers as the files say. Not where another registration of the endpoint is in the clear, too.
    """

    def judge() -> bool:
        own = all(map(_over_tls, context.trunks_of(endpoint)))
        return own and _over_tls(trunk) and _clear(calls_of(context, endpoint))

    return context.once(("in the clear", endpoint.name, trunk.name), judge)


def _over_tls(trunk: Trunk) -> bool:
    target = registered_at(trunk)
    return encrypted(trunk) if target is None else target.transport.protocol is Protocol.TLS


def _clear(called: Calls) -> bool:
    call = called.call()
    answered = call.taken if call else None
    protocol = answered.target.transport.protocol if answered else called.protocol
    return protocol in (Protocol.UDP, Protocol.TCP)


# ---------------------------------------------------------------- what the files say


def pinned_apart(context: Context, endpoint: Endpoint, trunk: Trunk) -> bool:
    """Whether their `transport=` differ, and with that the way, as far as it is known."""
    transports = context.config.transports
    mine, theirs = endpoint.transport, trunk.registration.transport
    if mine == theirs or (mine and mine not in transports) or (theirs and theirs not in transports):
        return False
    sent = [call for _, _, call in calls(context, endpoint, trunk)]
    if one_way(context, [trunk, *(sent or [trunk.with_options(transport=mine)])]):
        return False
    ways = called_over(context, endpoint, trunk)
    own = first_transport(trunk)
    return not (own and ways and ways <= {own})


def one_way(context: Context, trunks: Iterable[Trunk]) -> bool:
    """Whether registrations and calls can leave by one transport alone, the same for all."""
    names: set[str] = set()
    for trunk in trunks:
        protocol = asked(trunk.route, None) if trunk.route is not None else None
        protocols = (protocol,) if protocol is not None else tuple(Protocol)
        found = senders(context, trunk.registration.transport, _of(protocols))
        names |= {transport.name for transport in found}
    return len(names) == 1


def _of(protocols: Container[Protocol]) -> Callable[[TransportType], bool]:
    return lambda kind: kind.protocol in protocols


def called_over(context: Context, endpoint: Endpoint, trunk: Trunk) -> set[str]:
    """The transports of the first targets of calls, where they are known."""
    return {first_transport(call) for _, _, call in calls(context, endpoint, trunk)} - {""}


def asked(uri: SipUri, pin: Protocol | None) -> Protocol | None:
    """The protocol that a request is sent with, where it does not take the DNS to know."""
    return pin or uri.protocol or (Protocol.UDP if uri.address or uri.port is not None else None)


def contact_apart(endpoint: Endpoint, trunk: Trunk, contact: str, call: Trunk) -> bool:
    """Whether a contact asks for another protocol than `server_uri`, where the endpoint itself has no pin.

    `call` is the call to it, seen as a registration.
    """
    uri = uri_or_none(contact)
    if endpoint.transport or trunk.server is None or trunk.plan is None or uri is None:
        return False
    pin = trunk.pinned
    registers = asked(trunk.server, pin.protocol if pin else None)
    if asked(uri, None) == registers or (pin and uri.protocol is None):
        return False
    if one_way(trunk.context, (trunk, call)):
        return False
    own, other = first_transport(trunk), first_transport(call)
    return not (own and other and own == other)


# ---------------------------------------------------------------- what mends it


def to_pin(context: Context, endpoint: Endpoint, pin: str) -> list[Edit]:
    """The edits that give an endpoint the registration's pin, with media of its IP version; or none."""
    if not pin:
        return [unset(endpoint.section, "transport")]
    edits, kind = [set_option(endpoint.section, "transport", pin)], context.config.transports[pin].type
    if kind is not None and kind.family is Family.IPV6 and not endpoint.rtp_ipv6:
        edits.append(set_option(endpoint.section, "rtp_ipv6", "yes"))
    return edits


def to_tls(context: Context, endpoint: Endpoint, trunk: Trunk) -> list[Edit]:
    """The edits with which calls are encrypted as the registration is, or none where none are sure."""
    called, pin = calls_of(context, endpoint), trunk.registration.transport
    if pin in context.config.transports and pin != endpoint.transport:
        pinned = replace(called, endpoint=replace(endpoint, transport=pin))
        if _encrypted(pinned):
            return to_pin(context, endpoint, pin)
    uri, server, aor = uri_or_none(called.contact), trunk.server, called.aor
    if uri is None or server is None or aor is None or len(aor.contact) != 1 or uri.name != server.name:
        return []
    user = f"{uri.user}@" if uri.user else ""
    contact = f"sip:{user}{server.hostport};transport=tls"
    edits = [set_option(aor.section, "contact", contact)]
    if _encrypted(with_contacts(called, contact)):
        return edits
    free = replace(called, endpoint=replace(endpoint, transport=""))
    if endpoint.transport and not pin and _encrypted(with_contacts(free, contact)):
        return [*edits, unset(endpoint.section, "transport")]
    return []


def _encrypted(called: Calls) -> bool:
    """Whether calls are answered over TLS, or where there are no answers leave over nothing else."""
    call = called.call()
    if call is None:
        return called.protocol is Protocol.TLS
    return call.taken is not None and call.taken.target.transport.protocol is Protocol.TLS
