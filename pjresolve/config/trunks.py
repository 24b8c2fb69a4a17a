"""Which registrations and endpoints make one trunk, as people write them.

Rules of this file: Asterisk itself knows of `endpoint=` alone; the rest is how configurations are meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from pjresolve.config.objects import Config, Endpoint, Registration
from pjresolve.config.uris import read_uri


def owners(config: Config) -> dict[str, list[str]]:
    """For each registration the names of the endpoints that it belongs to, in their order; it may be none.

    These are the endpoints that the first of these leads to: `endpoint=`, a shared `outbound_auth`, its name,
    the host of an AoR's contact.
    """
    keys: dict[tuple[str, str], list[str]] = {}
    for endpoint in config.endpoints.values():
        for key in dict.fromkeys(_names(config, endpoint)):
            keys.setdefault(key, []).append(endpoint.name)
    return {
        name: next((found for found in map(keys.get, _relations(registration)) if found), [])
        for name, registration in config.registrations.items()
    }


def _names(config: Config, endpoint: Endpoint) -> Iterator[tuple[str, str]]:
    """What an endpoint may be meant by."""
    yield "name", endpoint.name
    for auth in endpoint.outbound_auth:
        yield "auth", auth
    for aor in config.aors_of(endpoint):
        for contact in aor.contact:
            uri = read_uri(contact)
            if uri is not None:
                yield "host", uri.name


def _relations(registration: Registration) -> Iterator[tuple[str, str]]:
    """What may relate a registration to an endpoint, the strongest first."""
    if registration.endpoint:
        yield "name", registration.endpoint
        return
    for auth in registration.outbound_auth:
        yield "auth", auth
    yield "name", registration.name
    server = read_uri(registration.server_uri)
    if server is not None:
        yield "host", server.name
