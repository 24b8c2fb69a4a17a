"""The rule PJ322."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import Location, printable
from pjresolve.lint.calling import Calls, calls_of
from pjresolve.lint.context import Context
from pjresolve.lint.endpoints import pairs
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.lint.ways import in_the_clear, registered_at, to_tls
from pjresolve.lint.words import target


class CallsInTheClear(Rule):
    r"""Calls leave unencrypted, the registration does not.

    A call is resolved by itself: by the endpoint's `transport`, its `outbound_proxy` and the contact of its
    AoR. Where the registration is is of no account, so that TLS in `server_uri` encrypts no call. Whoever
    sees the packets sees who calls whom, and with `media_encryption=sdes` the keys of the sound. Asterisk
    says nothing of it. With DNS answers both are simulated; without, it is told where the files alone say it.

    Bad:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net\;transport=tls

        [itsp]
        type=endpoint
        transport=transport-udp

    Good:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net\;transport=tls

        [itsp]
        type=aor
        contact=sip:sip.example.net\;transport=tls
    """

    code = "PJ322"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each endpoint whose calls are in the clear while its registrations are encrypted."""
        for endpoint, trunk in pairs(context):
            if not in_the_clear(context, endpoint, trunk):
                continue
            calls = calls_of(context, endpoint)
            at = registered_at(trunk)
            yield self.finding(
                _where(calls),
                f"{printable(trunk.name)} registers {f'at {target(at)}' if at else 'over TLS'}, "
                f"calls through endpoint {printable(endpoint.name)} leave unencrypted",
                f"each call {_goes(calls)}, and who calls whom can be read on the way",
                to_tls(context, endpoint, trunk),
                subject=endpoint.name,
            )


def _where(calls: Calls) -> Location:
    """The option that decides: the endpoint's pin, else the contact."""
    pin = calls.endpoint.transport
    if calls.aor is None or pin in calls.context.config.transports:
        return calls.endpoint.where("transport")
    return calls.aor.where("contact")


def _goes(calls: Calls) -> str:
    call = calls.call()
    if call is not None and call.taken is not None:
        return f"goes to {target(call.taken.target)}"
    return f"goes over {(calls.protocol or 'no protocol').upper()}"
