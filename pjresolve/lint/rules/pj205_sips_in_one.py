"""The rule PJ205."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.values import escaped
from pjresolve.errors import printable
from pjresolve.lint.context import Context, uri_or_none
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule


class SipsInOne(Rule):
    """`sips:` in one URI only.

    `server_uri` decides the transport: with `sips:` it is TLS (recording `all-srv-sips`).
    `client_uri` becomes From and To. `sips:` in the one and `sip:` in the other asks for TLS on one
    side and not on the other; many servers answer with 403 or 404, since the account is known by
    one name only.

    Bad:

        [itsp]
        type=registration
        server_uri=sips:sip.example.net
        client_uri=sip:account@sip.example.net

    Good:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net
        client_uri=sip:account@sip.example.net
    """

    code = "PJ205"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration whose URIs differ in their scheme."""
        for trunk in context.trunks:
            server, client = trunk.server, uri_or_none(trunk.registration.client_uri)
            if server is None or client is None or server.secure == client.secure:
                continue
            has, lacks = ("server_uri", "client_uri") if server.secure else ("client_uri", "server_uri")
            over = "TLS" if server.secure else "whatever the DNS leads to"
            hint = (
                str(server).replace("sips:", "sip:", 1) + ";transport=tls" if server.secure else str(client)
            )
            yield self.finding(
                trunk.registration.where(has),
                f"{has} has sips:, {lacks} has sip:",
                f"it is sent over {over}, and From and To say {client.scheme}:",
                f"server_uri={escaped(printable(hint, 300))}"
                if server.secure
                else f"client_uri={escaped(printable(hint.replace('sips:', 'sip:', 1), 300))}",
                subject=trunk.name,
            )
