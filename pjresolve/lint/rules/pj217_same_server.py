"""The rule PJ217."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.objects import Endpoint
from pjresolve.errors import printable
from pjresolve.lint.access import identifies
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.endpoints import called_by_line
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.words import listed


class SameServer(Rule):
    """Two registrations at one server, and nothing that tells their calls apart.

    Calls for both accounts come from the same addresses. Two identify sections with the same `match` lead
    them all to one of the two endpoints, for good: in the recording `wi-two-one-server` a call for the
    second account lands in the context of the first. `line=yes` with `endpoint=` tells them apart, by a
    mark in the Contact that the provider calls.

    Bad:

        [itsp]
        type=registration
        ; without line
        ; without endpoint

        [second]
        type=registration
        server_uri=sip:sip.example.net
        client_uri=sip:other@sip.example.net
        contact_user=31207654321
        outbound_auth=second

        [second]
        type=auth
        username=other
        password=secret

        [second]
        type=aor
        contact=sip:sip.example.net

        [second]
        type=endpoint
        context=from-second
        aors=second
        outbound_auth=second
        identify_by=ip
        allow=alaw

        [second]
        type=identify
        endpoint=second
        match=203.0.113.0/24

    Good:

        [second]
        type=registration
        server_uri=sip:sip.example.net
        client_uri=sip:other@sip.example.net
        contact_user=31207654321
        outbound_auth=itsp
        line=yes
        endpoint=itsp
    """

    code = "PJ217"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each server with registrations without line, whose endpoints differ in their context."""
        servers: dict[tuple[str, int | None], list[tuple[Trunk, Endpoint]]] = {}
        for endpoint in context.config.endpoints.values():
            by_address = any(i.match for i in identifies(context, endpoint))
            for trunk in context.trunks_of(endpoint) if by_address else ():
                if trunk.server is not None and not trunk.registration.line:
                    servers.setdefault((trunk.server.name, trunk.server.port), []).append((trunk, endpoint))
        for (host, _), pairs in servers.items():
            contexts = dict.fromkeys(endpoint.context for _, endpoint in pairs)
            names = dict.fromkeys(trunk.name for trunk, _ in pairs)
            if len(names) > 1 and len(contexts) > 1:
                last, endpoint = pairs[-1]
                yield self.finding(
                    last.registration.section.where,
                    f"{listed(names)} register at {printable(host)} without line=yes",
                    f"their calls come from the same addresses and all go to one of the contexts "
                    f"{listed(contexts)}",
                    called_by_line(last.registration, endpoint),
                    subject=last.name,
                )
