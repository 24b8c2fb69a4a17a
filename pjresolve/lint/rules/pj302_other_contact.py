"""The rule PJ302."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context, uri_or_none
from pjresolve.lint.edits import set_option
from pjresolve.lint.endpoints import calls, first_transport, pairs
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.model import Protocol
from pjresolve.sip.uri import SipUri, parse_uri


def asked(uri: SipUri, pin: Protocol | None) -> Protocol | None:
    """The protocol that a request is sent with, where it does not take the DNS to know."""
    return pin or uri.protocol or (Protocol.UDP if uri.address or uri.port is not None else None)


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
            pin = trunk.pinned
            registers = asked(trunk.server, pin.protocol if pin else None)
            for aor, contact, call in calls(context, endpoint, trunk):
                uri = uri_or_none(contact)
                if uri is None or asked(uri, None) == registers or (pin and uri.protocol is None):
                    continue
                own, other = first_transport(trunk), first_transport(call)
                if own and other and own == other:
                    continue
                bare = f"{uri.scheme}:{uri.user + '@' if uri.user else ''}{uri.hostport}"
                hint = bare + (f";transport={trunk.server.transport}" if trunk.server.transport else "")
                mended = hint != contact and asked(parse_uri(hint), None) == registers
                yield self.finding(
                    aor.where("contact"),
                    f"contact={printable(contact)} asks for {_protocol(asked(uri, None))}, "
                    f"server_uri of {printable(trunk.name)} for {_protocol(registers)}",
                    f"calls go over {other}, the registration over {own}"
                    if own and other
                    else "calls and registration take different transports",
                    set_option(aor.section, "contact", hint) if mended else (),
                    subject=aor.name,
                )


def _protocol(protocol: Protocol | None) -> str:
    return protocol.upper() if protocol else "what the DNS says"
