"""The rule PJ116."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pjresolve.errors import printable
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.edits import set_option
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.lint.tls import sending_over, tls_transports
from pjresolve.lint.words import UNTIL_FIXED, result
from pjresolve.model import Protocol
from pjresolve.sip.tls import name_matches
from pjresolve.words import listed


class WildcardRefused(Rule):
    """A wildcard certificate, and `allow_wildcard_certs` is off.

    With `verify_server=yes` a certificate for `*.example.net` is taken for `sip.example.net` only
    with `allow_wildcard_certs=yes`, and then for one label only. Recordings `tls-wild1`,
    `tls-wild2`, `tls-wild-noallow`. The server's certificate is known where the snapshot has it:
    `cert: {names: […]}` below `hosts`.

    Bad:

        ; the server shows a certificate for *.example.net
        [transport-tls]
        type=transport
        verify_server=yes
        allow_wildcard_certs=no

    Good:

        [transport-tls]
        type=transport
        verify_server=yes
        allow_wildcard_certs=yes
    """

    code = "PJ116"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """Each transport that would take the certificate if only it were allowed to."""
        for transport in tls_transports(context):
            if not transport.verify_server or transport.allow_wildcard_certs:
                continue
            for trunk in sending_over(context, transport):
                names = list(dict.fromkeys(_certificates(context, trunk)))
                host = trunk.plan.tls_host if trunk.plan else ""
                if name_matches(host, names, True) and not name_matches(host, names, False):
                    yield self.finding(
                        transport.where("allow_wildcard_certs"),
                        f"the server of {printable(trunk.name)} shows a certificate for {listed(names)}",
                        f"it is not taken for {printable(host)}; {result(trunk.baseline, UNTIL_FIXED)}",
                        set_option(transport.section, "allow_wildcard_certs", "yes"),
                        subject=transport.name,
                    )


def _certificates(context: Context, trunk: Trunk) -> Iterator[str]:
    """The names in the certificates that the snapshot knows of a registration's TLS targets."""
    for target in trunk.targets:
        services = context.world.hosts.get(target.address, "down")
        if services == "down":
            continue
        for service, behaviour in services.items():
            if (
                service.protocol is Protocol.TLS
                and service.port == target.port
                and behaviour.cert is not None
            ):
                yield from behaviour.cert.names
