"""The rule PJ204."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.comparison import no_worse
from pjresolve.lint.context import Context
from pjresolve.lint.edits import set_option, unset
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.lint.spelling import misspelt
from pjresolve.lint.words import result


class PinNamesNothing(Rule):
    """`transport=` names no transport.

    A registration's `transport=` for a section that does not exist is logged and otherwise ignored:
    `Unable to retrieve PJSIP transport 'NAME'`. The registration goes over whatever the DNS leads
    to. Recording `unknown-transport`. Nothing is said where the file has no transport at all (PJ120): it is
    part of a configuration, or lacks them all.

    Bad:

        [itsp]
        type=registration
        transport=trasport-udp
        server_uri=sip:sip.example.net

    Good:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net
    """

    code = "PJ204"
    absent = ("transport",)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that names a transport there is not."""
        transports = context.config.transports
        for trunk in context.trunks if context.config.bound else ():
            wanted = trunk.registration.transport
            if not wanted or wanted in transports or context.config.refusal("transport", wanted):
                continue
            near = misspelt(wanted, transports)
            registration = trunk.registration
            named = near and no_worse(trunk, trunk.with_options(transport=near))
            then = result(trunk.baseline) if trunk.has_answers else "it takes the way that the DNS leads"
            yield self.finding(
                trunk.registration.where("transport"),
                f"there is no transport {printable(wanted)}",
                f"Asterisk logs it and goes on without: {then}",
                set_option(registration.section, "transport", near)
                if named
                else unset(registration.section, "transport"),
                subject=trunk.name,
            )
