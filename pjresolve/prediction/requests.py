"""Requests that come in, as they stand on the wire, and the door that they are put to.

Rules of this file:
- what a request does not say is as the recorder of `tests/recordings` writes it.
"""

from __future__ import annotations

from pjresolve.config.dialplan import Context
from pjresolve.config.objects import Config, Registration
from pjresolve.dns.source import AnswerSource
from pjresolve.model import Family, Protocol
from pjresolve.scenario.traffic import IncomingRequest
from pjresolve.sip.headers import full_name
from pjresolve.sip.message import IncomingMessage
from pjresolve.stacks.telephony import Door, Telephony

OWN_ADDRESSES = {Family.IPV4: "198.51.100.10", Family.IPV6: "2001:db8:1234:1::1"}
"""The machine's own addresses, where nothing says them."""
NO_CONTACT = "sip:100@invalid"
"""What stands in place of the last Contact where nothing has registered yet."""
CALLER = "0201234567"
"""The user in From and Contact of a request that does not spell them out."""
LINE = "line-of-"
"""What stands before a registration's name in place of the `line` parameter, which is drawn."""


def own_address(request: IncomingRequest) -> str:
    """The address of this machine that the request goes to."""
    return request.to or OWN_ADDRESSES[Family.of(request.source)]


def contact_of(registration: Registration) -> str:
    """The Contact that a registration gives out, with a stand-in for its `line`."""
    line = f";line={LINE}{registration.name}" if registration.line else ""
    return f"sip:{registration.contact_user or 's'}@{OWN_ADDRESSES[Family.IPV4]}:5060{line}"


def message_of(request: IncomingRequest, contact: str = NO_CONTACT) -> IncomingMessage:
    """The request as it stands on the wire, its own headers in place of the usual ones.

    `contact` stands for `{contact}` in its URI. The port that a connection comes from is any.
    """
    uri = (request.uri or f"sip:100@{_hosted(own_address(request))}").replace("{contact}", contact)
    source = _hosted(request.source)
    headers = {
        "from": f"<sip:{CALLER}@{source}>",
        "to": f"<{uri}>",
        "contact": f"<sip:{CALLER}@{source}:{request.port}>",
    } | {full_name(name): value.strip() for name, value in request.headers.items()}
    port = request.port if request.transport is Protocol.UDP else None
    return IncomingMessage(
        request.method, uri, request.source, tuple(headers.items()), request.transport, port
    )


def _hosted(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def door_of(
    config: Config, telephony: Telephony, source: AnswerSource, dialplan: dict[str, Context] | None = None
) -> Door:
    """The door of a configuration whose names are looked up in `source`."""
    lines = {f"{LINE}{r.name}": r.endpoint for r in config.registrations.values() if r.line}
    return telephony.door(config, lambda asked: tuple(map(source.lookup, asked)), lines, dialplan)
