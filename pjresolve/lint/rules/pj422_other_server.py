"""The rule PJ422."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.objects import Endpoint
from pjresolve.errors import printable
from pjresolve.lint.calling import Calls, calls_of, fate
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.endpoints import calls as contacts_of
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.lint.ways import contact_apart, in_the_clear, pinned_apart, registered_at
from pjresolve.lint.words import result, target
from pjresolve.model import Target


class OtherServer(Rule):
    r"""Calls go to another server than the registration.

    REGISTER and INVITE are resolved by themselves: `server_uri` and `outbound_proxy` of the registration lead
    the one, contact and `outbound_proxy` of the endpoint the other. Where another host, a port (which leaves
    SRV records out) or a proxy in one of them leads calls elsewhere, a healthy registration says nothing of
    the server that calls need. It is a warning where transport or IP version differ as well: a provider that
    knows its customers by the address that they registered from turns such calls away. What `transport=` and
    `;transport=` alone bring about say PJ301, PJ302 and PJ322.

    Bad:

        [itsp]
        type=aor
        contact=sip:b.example.net

    Good:

        [itsp]
        type=aor
        contact=sip:sip.example.net
    """

    code = "PJ422"
    severity = Severity.INFO
    also = (Severity.WARNING,)
    needs_dns = True

    def check(self, context: Context) -> Iterable[Finding]:
        """Each endpoint whose calls are answered where none of its registrations is."""
        for endpoint in context.config.endpoints.values():
            own = [(t, at) for t in context.trunks_of(endpoint) if (at := registered_at(t)) is not None]
            calls = calls_of(context, endpoint)
            call = calls.call() if own else None
            if call is None or call.taken is None or calls.aor is None:
                continue
            goes, several = call.taken.target, len(calls.aor.contact) > 1
            if any(at == goes or (several and goes in t.targets) for t, at in own):
                continue
            if any(_said(context, endpoint, t) for t, _ in own):
                continue
            trunk, at = own[0]
            same = at.transport == goes.transport
            yield self.finding(
                calls.aor.where("contact"),
                f"calls through endpoint {printable(endpoint.name)} go to {target(goes)}, "
                f"{printable(trunk.name)} registers at {target(at)}",
                _while_silent(calls, trunk, goes),
                subject=endpoint.name,
                severity=None if same else Severity.WARNING,
            )


def _said(context: Context, endpoint: Endpoint, trunk: Trunk) -> bool:
    """Whether another rule tells of the difference."""
    if pinned_apart(context, endpoint, trunk) or in_the_clear(context, endpoint, trunk):
        return True
    found = contacts_of(context, endpoint, trunk)
    return any(contact_apart(endpoint, trunk, contact, call) for _, contact, call in found)


def _while_silent(calls: Calls, trunk: Trunk, goes: Target) -> str:
    """What becomes of both while the server of calls is silent."""
    call = calls.call([goes.address], running=calls.qualified)
    outage = trunk.outage([goes.address])
    lost = fate(call) if call is not None else ""
    return (
        f"while {goes.address} is silent: {printable(trunk.name)} is {result(outage)}, and each call {lost}"
    )
