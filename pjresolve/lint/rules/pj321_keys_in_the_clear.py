"""The rule PJ321."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.model import Protocol
from pjresolve.words import listed


class KeysInTheClear(Rule):
    """`media_encryption=sdes` without TLS.

    With SDES the key of the sound stands in the SDP. Over UDP or TCP whoever sees the INVITE reads the key,
    and the encryption keeps nobody out. It is told where no transport of the configuration is encrypted, or
    the endpoint is pinned to one that is not.

    Bad:

        [itsp]
        type=endpoint
        transport=transport-udp
        media_encryption=sdes

    Good:

        [itsp]
        type=endpoint
        transport=transport-tls
        media_encryption=sdes
    """

    code = "PJ321"
    severity = Severity.INFO

    def check(self, context: Context) -> Iterable[Finding]:
        """The endpoints with sdes whose signalling cannot be encrypted, all in one."""
        transports = context.config.transports
        secure = {t.name for t in transports.values() if t.protocol in (Protocol.TLS, "wss")}
        found = [
            e
            for e in context.config.endpoints.values()
            if e.media_encryption == "sdes"
            and (e.transport not in secure if e.transport in transports else not secure)
        ]
        if found and transports:
            yield self.finding(
                found[0].where("media_encryption"),
                f"media_encryption=sdes of {listed(e.name for e in found)} without TLS",
                "the key stands in the clear in each INVITE, so that whoever hears the call can decrypt it",
                subject=printable(found[0].name),
            )
