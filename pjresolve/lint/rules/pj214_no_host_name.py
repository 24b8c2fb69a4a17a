"""The rule PJ214."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import BadInput
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.sip.uri import host_name


class NoHostName(Rule):
    """`server_uri` names a host that cannot exist.

    A label longer than 63 characters, an empty one or a character that no host name has can be asked for, but
    nobody can have registered it.

    Bad:

        [itsp]
        type=registration
        server_uri=sip:sip..example.net

    Good:

        [itsp]
        type=registration
        server_uri=sip:sip.example.net
    """

    code = "PJ214"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration whose host fails the rules for names."""
        for trunk in context.trunks:
            route = trunk.route
            if route is None or route.address:
                continue
            try:
                host_name(route.host)
            except BadInput as wrong:
                yield self.finding(
                    trunk.registration.where(
                        "outbound_proxy" if trunk.registration.outbound_proxy else "server_uri"
                    ),
                    wrong.what,
                    "nothing can be found under it",
                    advice=wrong.hint,
                    subject=trunk.name,
                )
