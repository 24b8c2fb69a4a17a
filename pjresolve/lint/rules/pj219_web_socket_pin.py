"""The rule PJ219."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.comparison import no_worse
from pjresolve.lint.context import Context
from pjresolve.lint.edits import unset
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import result


class WebSocketPin(Rule):
    """A registration with `transport=` of a WebSocket transport.

    A transport of `protocol=ws` or `wss` takes connections from browsers, and makes none. A registration that
    names one is sent as if it named none: over whatever the DNS leads to, mostly UDP in the clear (recordings
    `tr-ws-pin` and `pin-wss`).

    Bad:

        [browsers]
        type=transport
        protocol=wss
        bind=0.0.0.0

        [itsp]
        type=registration
        transport=browsers

    Good:

        [browsers]
        type=transport
        protocol=wss
        bind=0.0.0.0

        [itsp]
        type=registration
    """

    code = "PJ219"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration with such a pin."""
        for trunk in context.trunks:
            transport = context.config.transports.get(trunk.registration.transport)
            if transport is None or transport.protocol not in ("ws", "wss"):
                continue
            then = result(trunk.baseline) if trunk.has_answers else "it takes the way that the DNS leads"
            without = trunk.with_options(transport="")
            yield self.finding(
                trunk.registration.where("transport"),
                f"transport={printable(transport.name)} is a WebSocket, over which nothing registers",
                f"Asterisk goes on as without transport=: {then}",
                unset(trunk.registration.section, "transport") if no_worse(trunk, without) else (),
                subject=trunk.name,
            )
