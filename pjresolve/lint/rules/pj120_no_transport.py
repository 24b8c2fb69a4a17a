"""The rule PJ120."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from pjresolve.lint.context import Context
from pjresolve.lint.edits import append
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.words import plural


class NoTransport(Rule):
    """Endpoints, and no transport at all.

    Asterisk opens a socket for each `type=transport` and for nothing else: without one it was seen to listen
    on no SIP port at all, and said nothing of it. It can neither send nor be reached, whatever else stands in
    the file. It is told once, of pjsip.conf alone: a part of a configuration may have them in another
    file. Browsers come over the WebSocket of `http.conf`, which needs no transport, so that it is not told
    where an endpoint has `webrtc=yes`.

    Bad:

        ; without [transport-udp6] transport
        ; without [transport-udp] transport
        ; without [transport-tcp6] transport
        ; without [transport-tcp] transport
        ; without [transport-tls6] transport
        ; without [transport-tls] transport

    Good:

        [transport-udp]
        type=transport
    """

    code = "PJ120"
    severity = Severity.ERROR
    absent = ("transport",)

    def check(self, context: Context) -> Iterable[Finding]:
        """The first endpoint, where no transport loads and no refusal says why."""
        config = context.config
        refused = any(refusal.type == "transport" for refusal in config.refusals)
        root = config.document.files[0] if config.document.files else ""
        if config.transports or refused or not config.endpoints or PurePath(root).name != "pjsip.conf":
            return
        if any(endpoint.webrtc for endpoint in config.endpoints.values()):
            return
        first = next(iter(config.endpoints.values()))
        yield self.finding(
            first.section.where,
            f"there is no transport for {plural(len(config.endpoints), 'endpoint')}",
            "Asterisk opens no socket: nothing is sent and nothing arrives",
            append(root, ["", "[transport-udp]", "type=transport", "protocol=udp", "bind=0.0.0.0"]),
        )
