"""A registration that goes another way, and the calls that have to follow it."""

from __future__ import annotations

import re

from pjresolve.config.objects import Endpoint
from pjresolve.lint.comparison import no_worse
from pjresolve.lint.context import Context, Trunk, uri_or_none
from pjresolve.lint.edits import Edit, set_option, unset
from pjresolve.lint.endpoints import calls
from pjresolve.sip.uri import SipUri


def moved(context: Context, trunk: Trunk, server_uri: str) -> list[Edit]:
    """The edits that give a registration another `server_uri` and no pin, and let its calls follow: the same
    pin goes from its endpoints, and their contacts name the same protocol. Empty where that is not certain,
    or where something would be worse.
    """
    registration = trunk.registration
    there = uri_or_none(server_uri)
    if there is None or registration.outbound_proxy or not _is_first(context, registration.transport):
        return []
    if not no_worse(trunk, trunk.with_options(server_uri=server_uri, transport="")):
        return []
    edits = []
    if server_uri != registration.server_uri:
        edits.append(set_option(registration.section, "server_uri", server_uri))
    if registration.transport:
        edits.append(unset(registration.section, "transport"))
    for endpoint in context.config.endpoints.values():
        ours = trunk.name in {t.name for t in context.trunks_of(endpoint)}
        if ours and endpoint.transport in ("", registration.transport):
            follows = _followed(context, trunk, endpoint, there)
            if follows is None:
                return []
            edits += follows
    return edits


def without_transport(uri: str) -> str:
    """A URI, as it is written, without `;transport=`."""
    return re.sub(";transport=[^;?>]*", "", uri, flags=re.IGNORECASE)


def _is_first(context: Context, name: str) -> bool:
    """Whether a transport is the one of its type that is used where nothing names one."""
    pin = context.config.transports.get(name)
    return pin is None or next(t for t in context.config.transports.values() if t.type == pin.type) is pin


def _followed(context: Context, trunk: Trunk, endpoint: Endpoint, there: SipUri) -> list[Edit] | None:
    """The edits that let the calls of an endpoint follow; None where they would fare worse."""
    edits = [unset(endpoint.section, "transport")] if endpoint.transport else []
    for aor, contact, call in calls(context, endpoint, trunk):
        follows = _following(contact, trunk, there)
        if not no_worse(call, call.with_options(server_uri=follows, transport="")):
            return None
        if follows != contact and len(aor.contact) > 1:
            return None
        if follows != contact:
            edits.append(set_option(aor.section, "contact", follows))
    return edits


def _following(contact: str, trunk: Trunk, there: SipUri) -> str:
    """A contact that names the protocol of the new `server_uri`, unless it named one of its own before."""
    uri = uri_or_none(contact)
    before = trunk.server.protocol if trunk.server else None
    if uri is None or uri.secure or uri.protocol not in (None, before):
        return contact
    bare = without_transport(contact)
    return f"{bare};transport={there.transport}" if there.transport else bare
