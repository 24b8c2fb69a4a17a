"""The rule PJ104."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.lint.context import Context
from pjresolve.lint.edits import Edit, append
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.refusals import NO_CONTACT
from pjresolve.lint.rule import Rule
from pjresolve.model import Protocol


class NoContactTransport(Rule):
    """No transport for the Contact: the registration is refused.

    Asterisk builds the Contact when it loads the object, before any DNS, and asks `server_uri`
    alone for its transport: the one of `;transport=`, TLS for `sips:`, else UDP over IPv4. Without
    a transport of that type, and without `transport=` naming one, the object is refused: no query,
    no packet, no line in `pjsip show registrations`. Recordings `nosrv-tcponly`, `nosrv-tls-only`,
    `srv-udp6-only-client`; a pin cures it (`v6bind-only`).

    Bad:

        ; no UDP transport over IPv4
        [transport-udp]
        type=transport
        protocol=tcp
        bind=0.0.0.0:5070

    Good:

        [transport-udp]
        type=transport
        protocol=udp
        bind=0.0.0.0
    """

    code = "PJ104"
    severity = Severity.ERROR
    absent = ("transport",)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that is refused for it."""
        for trunk in context.trunks:
            if trunk.refusal is None or trunk.refusal.evidence != NO_CONTACT or trunk.server is None:
                continue
            protocol = trunk.server.protocol or Protocol.UDP
            bind = "[::]" if trunk.server.address and ":" in trunk.server.address else "0.0.0.0"
            if any(refusal.type == "transport" for refusal in context.config.refusals):
                continue  # what the transport was refused for is the one thing to mend
            yield self.finding(
                trunk.registration.where("server_uri"),
                f"no {protocol.upper()}/{'IPv6' if bind == '[::]' else 'IPv4'} transport for the Contact, "
                "and no transport= that names one",
                "Asterisk refuses the registration: no query, no packet",
                _fix(context, protocol, bind),
                subject=trunk.name,
            )


def _fix(context: Context, protocol: Protocol, bind: str) -> list[Edit]:
    """A transport of that type at the end of the main file."""
    name = f"transport-{protocol.value}{'6' if bind == '[::]' else ''}"
    if any(section.name == name for section in context.config.document.sections):
        return []
    method = ["method=sslv23"] if protocol is Protocol.TLS else []
    lines = [f"[{name}]", "type=transport", f"protocol={protocol.value}", f"bind={bind}", *method]
    return [append(context.config.document.files[0], ["", *lines])]
