"""The rule PJ105."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.objects import Transport
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule


class UnusedTransport(Rule):
    """A transport that nothing outgoing will use.

    Of several transports of one type (protocol and IP version) Asterisk sends with the first in the
    file, unless a registration or endpoint names another (recording `two-udp`). The rest only
    listen. That can be meant (a second port for phones); often it is a forgotten copy.

    Bad:

        [transport-second]
        type=transport
        protocol=udp
        bind=0.0.0.0:5070

    Good:

        [transport-second]
        type=transport
        protocol=udp
        bind=0.0.0.0:5070

        [lan-phone]
        type=endpoint
        transport=transport-second
        aors=lan-phone
        auth=lan-phone

        [lan-phone]
        type=aor
        max_contacts=1

        [lan-phone]
        type=auth
        username=lan-phone
        password=secret
    """

    code = "PJ105"
    severity = Severity.INFO
    absent = ("endpoint", "registration", "transport")

    def check(self, context: Context) -> Iterable[Finding]:
        """Each transport after the first of its type that nobody names."""
        config = context.config
        named = {r.transport for r in config.registrations.values()} | {
            e.transport for e in config.endpoints.values()
        }
        first: dict[object, Transport] = {}
        for transport in config.transports.values():
            if transport.type is None:
                continue
            before = first.setdefault(transport.type, transport)
            if before is not transport and transport.name not in named:
                yield self.finding(
                    transport.where("type"),
                    f"{printable(transport.name)} is never used for sending: {printable(before.name)} is "
                    f"{transport.type} too and stands first",
                    "it listens, and nothing more",
                    advice="name it in the endpoint that is to send with it, or remove it",
                    subject=transport.name,
                )
