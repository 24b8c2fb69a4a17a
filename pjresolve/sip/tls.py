"""Whether a TLS handshake succeeds, from the client's settings and what the server presents.

Rules of this file:
- one function, one reason; None means that the connection is up;
- settings are what a stack makes of its options, with the words in which it speaks of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pjresolve.sip.ciphers import CURRENT, taken

VERSIONS = ("1.0", "1.1", "1.2", "1.3")
"""Of TLS, the oldest first."""


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """A client's TLS settings.

    `versions`: the lowest and the highest that it speaks, or None where it can speak none, and `no_version`
    says why. `verify_server`: the certificate is checked; `wildcards`: one for `*.` fits one label (RFC 5922
    forbids that, RFC 2818 allows it); `trusts`: there is a list of authorities, else `untrusted` says what
    lacks. `ciphers` are the only ones that it offers below TLS 1.3, None for
    what OpenSSL offers. `host_is` says in words which host the certificate has to be for.
    """

    versions: tuple[str, str] | None = ("1.2", "1.3")
    verify_server: bool = True
    wildcards: bool = False
    trusts: bool = True
    no_version: str = "the client speaks no TLS version"
    untrusted: str = "no authority is trusted"
    host_is: str = "the host that was asked for"
    ciphers: frozenset[str] | None = None


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


def _versions(low: str, high: str) -> str:
    return f"{low} to {high}" if low != high else f"{low} only"


def handshake(
    settings: TlsSettings,
    host: str,
    names: Sequence[str],
    *,
    self_signed: bool,
    expired: bool,
    lowest: str,
    highest: str,
    takes: frozenset[str] = CURRENT,
) -> str | None:
    """Why the handshake fails, or None. `lowest` and `highest` are the server's versions, `takes` its ciphers
    below TLS 1.3.

    `host` is the host that the certificate has to be for (recording `tls-hostname`: never the SRV target).
    """
    if settings.versions is None:
        return settings.no_version
    low, high = settings.versions
    if max(low, lowest) > min(high, highest):
        both = f"the client speaks {_versions(low, high)}, the server {_versions(lowest, highest)}"
        return f"no common TLS version: {both}"
    version = min(high, highest)
    if settings.ciphers is not None and not taken(settings.ciphers, takes, version):
        offered = ", ".join(sorted(settings.ciphers)[:4]) + (" …" if len(settings.ciphers) > 4 else "")
        return (
            f"no common cipher for TLS {version}: the client offers {offered or 'none'}, "
            "and the server is taken for one with a current OpenSSL and an RSA key"
        )
    if not settings.verify_server:
        return None
    if not settings.trusts:
        return settings.untrusted
    if self_signed:
        return "the certificate is self-signed"
    if expired:
        return "the certificate has expired"
    if not name_matches(host, names, settings.wildcards):
        held = ", ".join(names) or "no name"
        return f"the certificate is for {held}, not for {host}, {settings.host_is}"
    return None
