"""How an attempt ends, and what each ending counts as.

Rules of this file: an outcome is one word, defined here and nowhere else; the contract's JSON uses it as
it is.
"""

from __future__ import annotations

from typing import NamedTuple

REGISTERED = "registered"
"""A 200 answer."""
ANSWERED = "answered"
"""Any other final answer; its status tells."""
TIMEOUT = "timeout"
"""Timer F without a final answer; counts as 408 (recording `udp-drop1`)."""
BLOCKED = "blocked"
"""Timer F with nothing sent, as the message still waits on another socket; counts as 408 (`tcp-drop1`)."""
REFUSED = "refused"
"""The connection was refused or reset; counts as 503 (`tcp-closed1`)."""
CLOSED = "closed"
"""The connection was closed before an answer; counts as 503 (`tcp-close1`)."""
LOST = "lost"
"""The far end closed the connection that registered under a refresh: a new round starts (`ca-tcp-12-exp15`).
"""
UNREACHABLE = "unreachable"
"""No route, or a local error in sending; counts as 503 (`udp-noipv6route`)."""
NO_CONNECT = "no-connect"
"""The kernel gave the connect up while this attempt waited for it; counts as 503 (`tcp-drop1`)."""
TLS_FAILED = "tls-failed"
"""The TLS handshake or the check of the certificate failed; counts as 503 (`tls-selfsigned`)."""
UNSUITABLE = "unsuitable"
"""The target's type is not that of the pinned transport; counts as 503 (`v4pin-v6dns`)."""
NO_TARGET = "no-target"
"""There was nothing to try; counts as 503 (`dns-nxdomain`, `v4pin-v6dns`)."""

_COUNTS_AS = {TIMEOUT: 408, BLOCKED: 408}


class Outcome(NamedTuple):
    """The end of an attempt. `status` is that of the answer or what the ending counts as.

    `retry_after` and `expires` in seconds, from the answer where it has them.
    """

    kind: str
    status: int
    retry_after: int | None = None
    expires: int | None = None

    @property
    def moves_on(self) -> bool:
        """Whether the next target is tried: after 408 and 503 alone (recordings `udp-500`, `status-408`)."""
        return self.status in (408, 503)


def local(kind: str) -> Outcome:
    """The outcome of an attempt that no answer ended."""
    return Outcome(kind, _COUNTS_AS.get(kind, 503))
