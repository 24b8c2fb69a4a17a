"""The rule PJ212."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.access import is_public
from pjresolve.lint.context import Context, uri_or_none
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.placeholders import is_placeholder
from pjresolve.lint.rule import Rule
from pjresolve.sip.uri import related


class DifferentDomains(Rule):
    """`client_uri` and `server_uri` of different domains.

    `server_uri` says where to send, `client_uri` who registers: it becomes From and To. Providers
    look the account up by it, and most expect their own domain in both. That the two differ is
    right where the provider says so (a proxy of another name), and else a leftover.

    Bad:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net
        client_uri=sip:account@old-provider.example

    Good:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net
        client_uri=sip:account@sip.example.net
    """

    code = "PJ212"
    severity = Severity.INFO

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration whose URIs share no domain."""
        for trunk in context.trunks:
            server, client = trunk.server, uri_or_none(trunk.registration.client_uri)
            if server is None or client is None or related(server.host, client.host):
                continue
            if server.address and not is_public(server.address):
                continue  # a gateway of one's own
            if is_placeholder(server.host) or is_placeholder(client.host):
                continue  # two of them may well be filled in alike
            yield self.finding(
                trunk.registration.where("client_uri"),
                f"client_uri is of {printable(client.host)}, server_uri of {printable(server.host)}",
                f"{printable(server.host)} is asked to register an account of {printable(client.host)}",
                advice=f"{printable(server.host)} in both, unless the provider says otherwise",
                subject=trunk.name,
            )
