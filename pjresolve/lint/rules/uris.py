"""PJ202, PJ205, PJ206 and PJ212 to PJ214: what the URIs say, and with what credentials."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pjresolve.config.values import escaped
from pjresolve.errors import BadInput, printable
from pjresolve.lint.context import Context, uri_or_none
from pjresolve.lint.rule import Rule
from pjresolve.lint.words import fate
from pjresolve.model import Finding, Severity
from pjresolve.scenario.behaviour import OK
from pjresolve.sip.uri import host_name, related

OUTAGE = 3600.0
"""Seconds that an outage is simulated for."""


class UnescapedSemicolon(Rule):
    """An unescaped `;transport=` is a comment.

    In Asterisk's files a bare semicolon starts a comment: `sip:sip.example.net;transport=tcp` is read as
    `sip:sip.example.net`. Recording `unescaped`.

    Bad:

        [itsp]
        type=aor
        contact=sip:sip.example.net;transport=tcp

    Good:

        [itsp]
        type=aor
        contact=sip:sip.example.net
    """

    code = "PJ202"
    severity = Severity.ERROR
    _tail = re.compile(r";(transport|lr|user|maddr|ttl|method|ob|line)\b(=\S*)?", re.IGNORECASE)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each URI option whose line goes on with a parameter where its value ends."""
        for section in context.config.document.sections:
            for entry in section.own:
                if entry.name.lower() not in ("server_uri", "client_uri", "outbound_proxy", "contact"):
                    continue
                line = context.line(entry.where)
                place = (
                    line.find(entry.value) + len(entry.value) if entry.value and entry.value in line else -1
                )
                tail = self._tail.match(line, place) if place >= 0 else None
                if tail is None:
                    continue
                yield self.found(
                    entry.where,
                    f"{printable(tail[0], 40)} is a comment here, since its semicolon is not escaped",
                    f"Asterisk reads {entry.name}={printable(entry.value, 80)}",
                    f"{entry.name}={escaped(printable(entry.value + tail[0], 300))}",
                    subject=section.name,
                )


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
            yield self.found(
                trunk.registration.where(has),
                f"{has} has sips:, {lacks} has sip:",
                f"it is sent over {over}, and From and To say {client.scheme}:",
                f"server_uri={escaped(printable(hint, 300))}"
                if server.secure
                else f"client_uri={escaped(printable(hint.replace('sips:', 'sip:', 1), 300))}",
                subject=trunk.name,
            )


class LineAndEndpoint(Rule):
    """`endpoint` without `line`, or `line` without `endpoint`.

    Asterisk refuses the registration in both cases. Recordings `endpoint-noline`, `line-noendpoint`.

    Bad:

        [itsp]
        type=registration
        line=no
        endpoint=itsp

    Good:

        [itsp]
        type=registration
        line=yes
        endpoint=itsp
    """

    code = "PJ206"
    severity = Severity.ERROR
    messages = ("Line support has been enabled on", "An endpoint has been specified on")

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration that was refused for it."""
        for refusal in context.config.refusals:
            if refusal.type == "registration" and refusal.message.startswith(self.messages):
                line = refusal.message.startswith(self.messages[0])
                yield self.found(
                    refusal.where,
                    "line=yes without endpoint=" if line else "endpoint= without line=yes",
                    f"Asterisk refuses the registration: {refusal.message}",
                    "endpoint=ENDPOINT   ; the one that incoming calls are for" if line else "line=yes",
                    subject=refusal.name,
                )


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

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration whose URIs share no domain."""
        for trunk in context.trunks:
            server, client = trunk.server, uri_or_none(trunk.registration.client_uri)
            if server is None or client is None or related(server.host, client.host):
                continue
            user = f"{client.user}@" if client.user else ""
            yield self.found(
                trunk.registration.where("client_uri"),
                f"client_uri is of {printable(client.host)}, server_uri of {printable(server.host)}",
                f"{printable(server.host)} is asked to register an account of {printable(client.host)}",
                f"client_uri={printable(client.scheme)}:{printable(user)}{printable(server.host)}",
                subject=trunk.name,
            )


class NoOutboundAuth(Rule):
    """A registration that cannot answer a challenge.

    Nearly every registrar answers the first REGISTER with a challenge (401). Without
    `outbound_auth`, or where it names no auth section, that is the end of it: the registration
    stops.

    Bad:

        [itsp]
        type=registration
        outbound_auth=itpsp

    Good:

        [itsp]
        type=registration
        outbound_auth=itsp
    """

    code = "PJ213"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration without credentials."""
        for trunk in context.trunks:
            plan, names = trunk.plan, trunk.registration.outbound_auth
            refused = any(context.config.refusal("auth", name) for name in names)
            if plan is None or plan.credentials or refused:
                continue
            challenged = trunk.without_dns().predict(every=OK, duration=86400.0)
            near = (
                context.closest(names[0], context.config.auths)
                if names
                else next(iter(context.config.auths), "")
            )
            yield self.found(
                trunk.registration.where("outbound_auth"),
                f"outbound_auth={printable(names[0])} names no auth section"
                if names
                else "there is no outbound_auth",
                f"when the server asks for a password: {fate(challenged, 'this is mended')}",
                f"outbound_auth={printable(near or 'AUTH')}",
                subject=trunk.name,
                severity=Severity.ERROR if names else Severity.WARNING,
            )


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
                yield self.found(
                    trunk.registration.where(
                        "outbound_proxy" if trunk.registration.outbound_proxy else "server_uri"
                    ),
                    wrong.what,
                    "nothing can be found under it",
                    wrong.hint,
                    subject=trunk.name,
                )


RULES = (
    UnescapedSemicolon, SipsInOne, LineAndEndpoint, DifferentDomains, NoOutboundAuth, NoHostName,
)  # fmt: skip
