"""Whether a TLS handshake succeeds, from the client's settings and what the server presents.

Rules of this file:
- one function, one reason; None means that the connection is up;
- settings are Asterisk's own (`method`, `verify_server`, `allow_wildcard_certs`, `ca_list_file`,
  `ca_list_path`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

VERSIONS = ("1.0", "1.1", "1.2", "1.3")
"""Of TLS, the oldest first."""
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
"""Lowest and highest version that each `method=` speaks with a current OpenSSL; None where every handshake
fails. No method at all is TLS 1.0 (recordings `tls-default-method`, `tls-nomethod-plainserver`,
`tls-sslv23-13`, `tls-12-vs-13`, `tls-old`)."""


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """A transport's TLS options. `trusts`: a `ca_list_file` or `ca_list_path` is set."""

    method: str = ""
    verify_server: bool = False
    allow_wildcard_certs: bool = False
    trusts: bool = False


def name_matches(host: str, names: Sequence[str], wildcards: bool) -> bool:
    """Whether a certificate for `names` covers `host`, exactly or by `*.` for one label (RFC 5922, RFC 2818).

    Recordings `tls-hostname`, `tls-wild1`, `tls-wild2`, `tls-wild-noallow`.
    """
    host = host.lower()
    for name in (n.lower() for n in names):
        if name == host:
            return True
        if wildcards and name.startswith("*.") and "." in host and host.split(".", 1)[1] == name[2:]:
            return True
    return False


def versions(settings: TlsSettings) -> tuple[str, str] | None:
    """Lowest and highest version the client can speak, or None where it can speak none."""
    return METHODS.get(settings.method.lower(), METHODS[""])


def handshake(
    settings: TlsSettings,
    host: str,
    names: Sequence[str],
    *,
    self_signed: bool,
    expired: bool,
    lowest: str,
    highest: str,
) -> str | None:
    """Why the handshake fails, or None. `lowest` and `highest` are the server's versions.

    `host` is the host of `server_uri`: never the SRV target (recording `tls-hostname`).
    """
    speaks = versions(settings)
    if speaks is None:
        return f"method={settings.method} is a version that current OpenSSL refuses"
    if max(speaks[0], lowest) > min(speaks[1], highest):
        spoken = f"the client speaks {speaks[0]} to {speaks[1]}, the server {lowest} to {highest}"
        return f"no common TLS version: {spoken}"
    if not settings.verify_server:
        return None
    if not settings.trusts:
        return "verify_server=yes without ca_list_file or ca_list_path: no certificate can be trusted"
    if self_signed:
        return "the certificate is self-signed"
    if expired:
        return "the certificate has expired"
    if not name_matches(host, names, settings.allow_wildcard_certs):
        held = ", ".join(names) or "no name"
        return f"the certificate is for {held}, not for {host}, the host of server_uri"
    return None
