"""The rule PJ302."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.objects import Endpoint
from pjresolve.errors import printable
from pjresolve.lint.calling import calls_of, with_contacts
from pjresolve.lint.context import Context, Trunk, uri_or_none
from pjresolve.lint.edits import set_option
from pjresolve.lint.endpoints import calls, first_transport, pairs
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.lint.ways import asked, contact_apart, in_the_clear, registered_at
from pjresolve.model import Protocol
from pjresolve.sip.uri import parse_uri


class OtherContact(Rule):
    r"""The AoR's contact asks for another transport than the registration.

    The contact URI decides how calls are sent, `server_uri` how the registration is:
    `;transport=tcp` in the one and not in the other means calls over TCP and registrations over
    something else. Where the registration is encrypted and calls are not, PJ322 says so.

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
            pin = trunk.pinned
            if trunk.server is None or in_the_clear(context, endpoint, trunk):
                continue
            registers = asked(trunk.server, pin.protocol if pin else None)
            for aor, contact, call in calls(context, endpoint, trunk):
                uri = uri_or_none(contact)
                if uri is None or not contact_apart(endpoint, trunk, contact, call):
                    continue
                own, other = first_transport(trunk), first_transport(call)
                bare = f"{uri.scheme}:{uri.user + '@' if uri.user else ''}{uri.hostport}"
                hint = bare + (f";transport={trunk.server.transport}" if trunk.server.transport else "")
                mended = hint != contact and asked(parse_uri(hint), None) == registers
                mended = mended and _follows(context, endpoint, trunk, hint)
                yield self.finding(
                    aor.where("contact"),
                    f"contact={printable(contact)} asks for {_protocol(asked(uri, None))}, "
                    f"server_uri of {printable(trunk.name)} for {_protocol(registers)}",
                    f"calls go over {other}, the registration over {own}"
                    if own and other
                    else "calls and registration "
                    f"{'take' if asked(uri, None) and registers else 'may take'} different transports",
                    set_option(aor.section, "contact", hint) if mended else (),
                    subject=aor.name,
                )


def _follows(context: Context, endpoint: Endpoint, trunk: Trunk, contact: str) -> bool:
    """Whether calls to another contact, the only one, go where the only registration is."""
    called, at = calls_of(context, endpoint), registered_at(trunk)
    if called.aor is None or len(called.aor.contact) != 1 or len(context.trunks_of(endpoint)) != 1:
        return False
    call = with_contacts(called, contact).call()
    return at is None or call is None or (call.taken is not None and call.taken.target == at)


def _protocol(protocol: Protocol | None) -> str:
    return protocol.upper() if protocol else "what the DNS says"
