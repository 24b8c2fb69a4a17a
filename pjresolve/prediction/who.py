"""Who gets in: whose a request is, which contexts strangers reach, whom of a provider nobody recognises.

Rules of this file:
- the stack's own door decides; here requests are made up and put to it;
- a stranger comes from an address that no identify section holds, where there is one.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from pjresolve.config.networks import Network, read_network
from pjresolve.config.objects import Config, Identify
from pjresolve.dns.source import AnswerSource
from pjresolve.errors import BadInput, Parameter, printable
from pjresolve.model import Family, Protocol, TransportType
from pjresolve.prediction.requests import LINE, contact_of, message_of
from pjresolve.scenario.traffic import IncomingRequest
from pjresolve.sip.message import IncomingMessage, uri_param
from pjresolve.sip.uri import SipUri
from pjresolve.stacks.driver import resolve_from
from pjresolve.stacks.resolution import Request
from pjresolve.stacks.telephony import Door, Received, Telephony
from pjresolve.words import there_are

STRANGERS = ("192.0.2.66", "198.51.100.66", "203.0.113.66", "2001:db8:bad::66")
"""Addresses of nobody (RFC 5737, RFC 3849) that a stranger may come from."""


class Opening(NamedTuple):
    """A way in for a stranger: what `request` has to hold, and what becomes of it."""

    request: str
    received: Received


class Seen(NamedTuple):
    """An address of a provider, and what becomes of a call that comes from it."""

    address: str
    received: Received


def contact_uri(config: Config, registration: str) -> str:
    """The Contact that a registration gives out, with a stand-in for its `line`. Raises BadInput."""
    found = config.registrations.get(registration)
    if found is None:
        what = f"no registration is called {printable(registration, 60)}"
        raise BadInput(what, where=Parameter("contact"), hint=there_are(config.registrations, registration))
    return contact_of(found)


def with_line(message: IncomingMessage, config: Config, owner: str = "") -> tuple[IncomingMessage, str]:
    """The message, and the registration whose `line` it is taken to carry, or "".

    The parameter is drawn when Asterisk starts: one in a message that was seen is taken for that of the only
    registration that gives one out, or of the `owner` that is named. Raises BadInput where several do.
    """
    given = uri_param(message.uri, "line")
    if not given or given.startswith(LINE):
        return message, ""
    owners = [r.name for r in config.registrations.values() if r.line and r.endpoint]
    owners = [owner] if owner in owners else owners
    if not owners:
        return message, ""
    if len(owners) > 1:
        hint = f"say whose Contact it goes to: {', '.join(map(printable, owners[:10]))}"
        what = "the line parameter is drawn, and several registrations have one"
        raise BadInput(what, where=Parameter("contact"), hint=hint)
    return replace(message, uri=message.uri.replace(f"line={given}", f"line={LINE}{owners[0]}")), owners[0]


# ---------------------------------------------------------------- strangers


def strangers(config: Config, door: Door) -> list[Opening]:
    """Every way in for somebody unknown: one for each endpoint that is reached, the simplest request."""
    found: dict[str, Opening] = {}
    address = _nobody(config)
    for key in door.ways_in():
        asked = IncomingRequest(0.0, address, uri=key.uri, headers=key.headers)
        received = door.receive(message_of(asked))
        if received.endpoint is not None and received.endpoint not in found:
            found[received.endpoint] = Opening(key.words, received)
    return list(found.values())


def _nobody(config: Config) -> str:
    """An address that no literal in `match` holds, or the first where all are held."""
    networks = [n for i in config.identifies.values() for n in _networks(i)]
    free = (a for a in STRANGERS if not any(_holds(n, a) for n in networks))
    return next(free, STRANGERS[0])


def _networks(identify: Identify) -> Iterator[Network]:
    for part in identify.match:
        network = read_network(part, ports=True)
        if network is not None:
            yield network.network


def _holds(network: Network, address: str) -> bool:
    found = ipaddress.ip_address(address)
    return network.version == found.version and found in network


# ---------------------------------------------------------------- a provider


def of_provider(door: Door, host: SipUri, source: AnswerSource, telephony: Telephony) -> list[Seen]:
    """Every address that a provider's DNS shows, over any transport, with what becomes of a call from it."""
    every = frozenset(TransportType(protocol, family) for protocol in Protocol for family in Family)
    if host.literal:
        addresses: Iterable[str] = [host.literal]
    else:
        request = Request(host.name, None, None, False, every)
        addresses = dict.fromkeys(
            t.address for t in resolve_from(telephony.resolution(request), source).targets
        )
    return [Seen(address, door.receive(message_of(IncomingRequest(0.0, address)))) for address in addresses]
