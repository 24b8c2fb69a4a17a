"""What Asterisk 22 makes of a transport's TLS options, with a current OpenSSL.

Rules of this file: each quirk names the recording that shows it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pjresolve.config.objects import Transport
from pjresolve.sip.ciphers import known
from pjresolve.sip.tls import TlsSettings

LEVELS = tuple(f"@SECLEVEL={level}" for level in range(6))
"""What else than ciphers `cipher=` takes, beside `DEFAULT` (`pjsip list ciphers`)."""
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
        ciphers=_ciphers(transport.cipher, versions(method)),
    )


def _ciphers(written: Sequence[str], spoken: tuple[str, str] | None) -> frozenset[str] | None:
    """The ciphers of every `cipher=` together (recording `ci7-12-twolines`), or None for OpenSSL's own.

    `DEFAULT` is OpenSSL's own list (recording `ci-default`). A `@SECLEVEL` adds none
    (recording `ci7-seclevel`), and one above 0 leaves none to TLS 1.0 and 1.1 (recording `ci7-seclevel-v1`).
    """
    if not written or "DEFAULT" in written:
        return None
    level = max((int(text.removeprefix("@SECLEVEL=")) for text in written if text in LEVELS), default=0)
    if level and spoken is not None and spoken[1] < "1.2":
        return frozenset()
    return frozenset(name for text in written if (name := known(text)) is not None)
