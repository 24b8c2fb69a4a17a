"""PJ110, PJ111, PJ115 and PJ116: certificates, and what is checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pjresolve.config.objects import Transport
from pjresolve.errors import printable
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.rule import Rule
from pjresolve.lint.rules.tls import measured, sending_over, tls_transports
from pjresolve.lint.words import fate
from pjresolve.model import Finding, Protocol, Severity
from pjresolve.sip.tls import name_matches
from pjresolve.words import listed


class NoCertificate(Rule):
    """A TLS transport without certificate.

    Without `cert_file` and `priv_key_file` the transport loads and can still register (the server
    is the one that shows a certificate). But nobody can connect to it: phones, and a provider that
    opens its own connection for an incoming call, fail in the handshake.

    Bad:

        [transport-tls]
        type=transport
        cert_file=
        priv_key_file=

    Good:

        [transport-tls]
        type=transport
        cert_file=/etc/asterisk/fullchain.pem
        priv_key_file=/etc/asterisk/privkey.pem
    """

    code = "PJ110"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each TLS transport that lacks the certificate or its key."""
        for transport in tls_transports(context):
            lacking = [o for o in ("cert_file", "priv_key_file") if not getattr(transport, o)]
            if "cert_file" in lacking or (lacking and not _holds_key(transport)):
                yield self.found(
                    transport.where("protocol"),
                    f"{printable(transport.name)} has no {' and no '.join(lacking)}",
                    "registering works, incoming TLS connections fail",
                    "cert_file=/etc/asterisk/fullchain.pem\npriv_key_file=/etc/asterisk/privkey.pem",
                    subject=transport.name,
                )


def _holds_key(transport: Transport) -> bool:
    """A .pem file may hold the key as well; what is in it is not looked at."""
    return transport.cert_file.endswith(".pem") and not transport.written("priv_key_file")


class NothingTrusted(Rule):
    """`verify_server=yes` without a CA: no server is trusted.

    The check needs `ca_list_file` or `ca_list_path`; there is no default. Without, every handshake fails and
    every TLS target is passed over (recording `tls-noca`).

    Bad:

        [transport-tls]
        type=transport
        ca_list_path=
        verify_server=yes

    Good:

        [transport-tls]
        type=transport
        ca_list_path=/etc/ssl/certs
        verify_server=yes
    """

    code = "PJ111"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """Each TLS transport that checks against nothing."""
        for transport in tls_transports(context):
            if transport.verify_server and not (transport.ca_list_file or transport.ca_list_path):
                yield self.found(
                    transport.where("verify_server"),
                    f"{printable(transport.name)} verifies servers and trusts no CA",
                    measured(context, transport, "every TLS handshake fails"),
                    "ca_list_path=/etc/ssl/certs",
                    subject=transport.name,
                )


class NotVerified(Rule):
    """`verify_server=no`: whoever answers is believed.

    TLS then hides the conversation from bystanders, but not from somebody who diverts it: any
    certificate is taken, expired and self-signed ones too (recordings `tls-selfsigned-noverify`,
    `tls-hostname-noverify`). The check compares with the host of `server_uri`, never with the SRV
    target (`tls-hostname`). It is off by default; this rule speaks up where the file says so.

    Bad:

        [transport-tls]
        type=transport
        verify_server=no

    Good:

        [transport-tls]
        type=transport
        verify_server=yes
    """

    code = "PJ115"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each TLS transport that says so."""
        for transport in tls_transports(context):
            if transport.written("verify_server") and not transport.verify_server:
                yield self.found(
                    transport.where("verify_server"),
                    f"{printable(transport.name)} does not check whom it talks to",
                    "any certificate is taken: expired, self-signed, or somebody else's",
                    "verify_server=yes\nca_list_path=/etc/ssl/certs",
                    subject=transport.name,
                )


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
                    yield self.found(
                        transport.where("allow_wildcard_certs"),
                        f"the server of {printable(trunk.name)} shows a certificate for {listed(names)}",
                        f"it is not taken for {printable(host)}; {fate(trunk.baseline, 'this is mended')}",
                        "allow_wildcard_certs=yes",
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


RULES = (NoCertificate, NothingTrusted, NotVerified, WildcardRefused)
