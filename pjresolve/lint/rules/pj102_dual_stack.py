"""The rule PJ102."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.lint.versions import opens_dual_stack


class DualStack(Rule):
    """`bind=[::]` beside `0.0.0.0` on an Asterisk that opens dual-stack sockets.

    Before 2017 (Asterisk 13.13, 14.2 and older) a transport bound to `[::]` took IPv4 too: the one
    bound to `0.0.0.0` could not be opened, and IPv4 peers showed as `::ffff:10.20.30.40`. Later
    versions open IPv6-only sockets, and the two stand side by side. The version is the one given
    with `--asterisk`; the default is current and has no such trouble.

    Bad:

        ; with --asterisk 13.10
        [transport-udp6]
        type=transport
        protocol=udp
        bind=[::]

    Good:

        ; with --asterisk 13.10
        [transport-udp6]
        type=transport
        protocol=udp
        bind=[2001:db8:1234:1::1]

        [transport-tcp6]
        type=transport
        protocol=tcp
        bind=[2001:db8:1234:1::1]

        [transport-tls6]
        type=transport
        protocol=tls
        bind=[2001:db8:1234:1::1]
    """

    code = "PJ102"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each any-address IPv6 transport with an IPv4 twin, for a version that minds."""
        if not opens_dual_stack(context.version):
            return
        version = ".".join(map(str, context.version))
        usable = [t for t in context.config.bound.values() if t.type]
        for six in usable:
            if six.bind_address != "::":
                continue
            for four in usable:
                if (
                    four.protocol == six.protocol
                    and four.bind_port == six.bind_port
                    and four.bind_address == "0.0.0.0"
                ):
                    yield self.finding(
                        six.where("bind"),
                        f"{printable(six.name)} binds [::], {printable(four.name)} 0.0.0.0 on the same port",
                        f"Asterisk {version} opens [::] for IPv4 too: only one of them "
                        "starts, and IPv4 peers show as ::ffff:10.20.30.40",
                        advice="bind it to this machine's own IPv6 address, as bind=[2001:db8:1234:1::1]",
                        subject=six.name,
                    )
