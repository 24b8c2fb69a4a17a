"""What Asterisk 22 makes of a transport's TLS options, with a current OpenSSL.

Rules of this file: each quirk names the recording that shows it.
"""

from __future__ import annotations

from pjresolve.config.objects import Transport
from pjresolve.sip.tls import TlsSettings

METHODS: dict[str, tuple[str, str] | None] = {
    "": ("1.0", "1.0"),
    "default": ("1.0", "1.0"),
    "unspecified": ("1.0", "1.0"),
    "tlsv1": ("1.0", "1.0"),
    "tlsv1_1": ("1.1", "1.1"),
    "tlsv1_2": ("1.2", "1.2"),
    "tlsv1_3": ("1.3", "1.3"),
    "sslv23": ("1.2", "1.3"),
    "sslv2": None,
    "sslv3": None,
}
"""Lowest and highest version that each `method=` speaks; None where every handshake fails. No method at all
is TLS 1.0 (recordings `tls-default-method`, `tls-nomethod-plainserver`, `tls-sslv23-13`, `tls-12-vs-13`,
`tls-old`)."""


def versions(method: str) -> tuple[str, str] | None:
    """Lowest and highest version that a `method=` speaks, or None where it can speak none."""
    return METHODS.get(method.lower(), METHODS[""])


def tls_settings(transport: Transport, default_method: str = "") -> TlsSettings:
    """The settings of a transport; `default_method` stands for one that is not written."""
    method = transport.method or default_method
    return TlsSettings(
        versions=versions(method),
        verify_server=transport.verify_server,
        wildcards=transport.allow_wildcard_certs,
        trusts=bool(transport.ca_list_file or transport.ca_list_path),
        no_version=f"method={method} is a version that current OpenSSL refuses",
        untrusted="verify_server=yes without ca_list_file or ca_list_path: no certificate can be trusted",
        host_is="the host of server_uri",
    )
