"""Endpoints, and the registrations and calls that belong to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pjresolve.config.objects import Aor, Endpoint, Registration, Transport
from pjresolve.lint.context import Context, Trunk, uri_or_none
from pjresolve.lint.edits import Edit, set_option
from pjresolve.model import TransportType

OUTBOUND = "default_outbound_endpoint"
"""The endpoint that sends what belongs to no other, by its default name."""
ANONYMOUS = ("anonymous", "dpma_endpoint")
"""Endpoints that exist for callers without account."""


def pairs(context: Context) -> Iterator[tuple[Endpoint, Trunk]]:
    """Every endpoint with each registration that belongs to it."""
    for endpoint in context.config.endpoints.values():
        for trunk in context.trunks_of(endpoint):
            yield endpoint, trunk


def first_transport(trunk: Trunk) -> str:
    """The transport of the first target, or the empty text where it is not known."""
    return f"{trunk.targets[0].transport}" if trunk.has_answers and trunk.targets else ""


def calls(context: Context, endpoint: Endpoint, trunk: Trunk) -> Iterator[tuple[Aor, str, Trunk]]:
    """For each contact of the endpoint's AoRs: how a call there is resolved, seen as a registration
    would be.
    """
    for aor in context.config.aors_of(endpoint):
        for contact in aor.contact:
            if uri_or_none(contact) is not None:
                proxy = endpoint.outbound_proxy or aor.outbound_proxy
                call = trunk.with_options(
                    server_uri=contact, transport=endpoint.transport, outbound_proxy=proxy
                )
                yield aor, contact, call


def senders(context: Context, pin: str, allowed: Callable[[TransportType], bool]) -> list[Transport]:
    """The transports that a request can leave by: the one that `pin` names, or the first of each type that is
    `allowed`.
    """
    transports = context.config.transports
    if pin in transports:
        return [transports[pin]]
    first: dict[TransportType, Transport] = {}
    for transport in transports.values():
        if transport.type is not None and allowed(transport.type):
            first.setdefault(transport.type, transport)
    return list(first.values())


def called_by_line(registration: Registration, endpoint: Endpoint) -> list[Edit]:
    """The edits that let the Contact of a registration lead its calls to an endpoint."""
    section = registration.section
    return [set_option(section, "line", "yes"), set_option(section, "endpoint", endpoint.name)]
