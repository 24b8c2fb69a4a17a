"""The rule PJ326."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.access import is_provider
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule


class WebRtcProvider(Rule):
    """`webrtc=yes` on a provider's endpoint.

    It is for browsers. Asterisk 22.10.1 was seen to offer `m=audio … UDP/TLS/RTP/SAVPF` in its INVITE and
    nothing else; without it that is `RTP/AVP`, which is what providers of telephone lines speak. It took the
    provider's own calls with plain `RTP/AVP` all the same. Right where the other side is known to be a
    WebRTC gateway.

    Bad:

        [itsp]
        type=endpoint
        webrtc=yes

    Good:

        [itsp]
        type=endpoint
        webrtc=no
    """

    code = "PJ326"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each provider's endpoint with webrtc, unless it is called over a WebSocket."""
        for endpoint in context.config.endpoints.values():
            if not endpoint.webrtc or not is_provider(context, endpoint):
                continue
            texts = (text for aor in context.config.aors_of(endpoint) for text in aor.contact)
            if any("transport=ws" in text.lower() for text in texts):
                continue
            yield self.finding(
                endpoint.where("webrtc"),
                f"webrtc=yes on {printable(endpoint.name)}, which calls a provider",
                "each call offers sound as browsers encrypt it, UDP/TLS/RTP/SAVPF, and in no other way: who "
                "speaks plain RTP turns it away",
                advice="leave it out, unless the other side is known to be a WebRTC gateway",
                subject=endpoint.name,
            )
