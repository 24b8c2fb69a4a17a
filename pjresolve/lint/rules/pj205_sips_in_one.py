"""The rule PJ205."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pjresolve.lint.comparison import no_worse
from pjresolve.lint.context import Context, Trunk, uri_or_none
from pjresolve.lint.edits import Edit, set_option
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
            yield self.finding(
                trunk.registration.where(has),
                f"{has} has sips:, {lacks} has sip:",
                f"it is sent over {over}, and From and To say {client.scheme}:",
                _fix(trunk, has),
                subject=trunk.name,
            )


def _fix(trunk: Trunk, option: str) -> list[Edit]:
    """`sip:` in the URI that has `sips:`, with TLS as its transport where it decides the way."""
    written = getattr(trunk.registration, option)
    plain = re.sub("^sips:", "sip:", written, flags=re.IGNORECASE)
    if option == "server_uri":
        if trunk.server is None or trunk.server.transport or "?" in plain:
            return []
        plain += ";transport=tls"
    if plain == written or not no_worse(trunk, trunk.with_options(**{option: plain})):
        return []
    return [set_option(trunk.registration.section, option, plain)]
