"""How `chan_sip` treats sockets, queries and TLS.

Rules of this file: what no recording shows is what Asterisk 22 does in the same place.
"""

from __future__ import annotations

from pjresolve.config.objects import Config, Transport
from pjresolve.model import Protocol, TransportType
from pjresolve.sip.timers import microseconds
from pjresolve.sip.tls import TlsSettings
from pjresolve.stacks.asterisk22 import tls
from pjresolve.stacks.protocol import Policy
from pjresolve.stacks.resolvers import GLIBC, LIBUNBOUND

POLICY = Policy(
    client_name="Asterisk",
    holds_messages=True,
    turnaround=microseconds(0.012),
    resolver=GLIBC,
    unbound_resolver=LIBUNBOUND,
)
DEFAULT_METHOD = "sslv23"
"""sip.conf's `tlsclientmethod` where it is not written."""


def tls_settings(config: Config, pin: Transport | None) -> dict[TransportType, TlsSettings]:
    """The TLS settings for each type. sip.conf has the names of pjsip.conf's methods, and the same
    OpenSSL.
    """
    out: dict[TransportType, TlsSettings] = {}
    for transport in ([pin] if pin else []) + list(config.bound.values()):
        if transport.type and transport.type.protocol is Protocol.TLS:
            out.setdefault(transport.type, tls.tls_settings(transport, DEFAULT_METHOD))
    return out
