"""How an attempt ends, and what each ending counts as.

Rules of this file: an ending is one word with its sentence beside it, defined here and nowhere else; the
JSON of a prediction uses the word as it is.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Ending(StrEnum):
    """How an attempt ended. `words` says it where it needs no number; `counts_as` is the status it means."""

    words: str
    counts_as: int

    def __new__(cls, value: str, words: str, counts_as: int) -> Ending:
        """A member from its word, its sentence and its status."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.words, member.counts_as = words, counts_as
        return member

    REGISTERED = "registered", "200, registered", 200
    """A 200 answer."""
    ANSWERED = "answered", "answered", 0
    """Any other final answer; its status tells."""
    TIMEOUT = "timeout", "no answer", 408
    """Timer F without a final answer (RFC 3261 section 17.1.2.2; recording `udp-drop1`)."""
    BLOCKED = "blocked", "nothing could be sent", 408
    """Timer F with nothing sent, as the message still waits on another socket (`tcp-drop1`)."""
    REFUSED = "refused", "the connection is refused", 503
    """The connection was refused or reset (`tcp-closed1`)."""
    CLOSED = "closed", "the connection is closed before an answer", 503
    """The connection was closed before an answer (`tcp-close1`)."""
    LOST = "lost", "the connection that registered is closed", 503
    """The far end closed the connection that registered under a refresh: a new round starts
    (`ca-tcp-12-exp15`)."""
    UNREACHABLE = "unreachable", "no route", 503
    """No route, or a local error in sending (`udp-noipv6route`)."""
    NO_CONNECT = "no-connect", "the kernel gives the connect up", 503
    """The kernel gave the connect up while this attempt waited for it (`tcp-drop1`)."""
    TLS_FAILED = "tls-failed", "TLS fails", 503
    """The TLS handshake or the check of the certificate failed (`tls-selfsigned`)."""
    UNSUITABLE = "unsuitable", "not of the pinned type", 503
    """The target's type is not that of the pinned transport (`v4pin-v6dns`)."""
    CANCELLED = "cancelled", "nobody waits for it any more", 487
    """Whoever sent it has given up meanwhile: a call's timeout, a contact's `qualify_timeout`."""
    NO_TARGET = "no-target", "there is nothing to try", 503
    """There was nothing to try (`dns-nxdomain`, `v4pin-v6dns`)."""


class Outcome(NamedTuple):
    """The end of an attempt. `status` is that of the answer or what the ending counts as.

    `headers` are the answer's lines that say something of the registration, `NAME: VALUE` each.
    `held`: the message had to wait on another socket first.
    """

    kind: Ending
    status: int
    headers: tuple[str, ...] = ()
    held: bool = False


def local(kind: Ending) -> Outcome:
    """The outcome of an attempt that no answer ended."""
    return Outcome(kind, kind.counts_as)
