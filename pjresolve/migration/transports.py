"""The transports: from chan_sip's bind addresses, TLS settings and addresses behind NAT.

Rules of this file:
- chan_sip's one dual-stack socket for `::` becomes two transports, one of each IP version;
- a protocol that some peer uses gets a transport, whether or not it was enabled: without one, Asterisk
  refuses its registration.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field

from pjresolve.config.reader import Entry
from pjresolve.migration.converters import Pairs, Partly
from pjresolve.migration.names import NAMES, TLS_METHODS
from pjresolve.migration.output import Output, OutSection, source_of
from pjresolve.migration.register_line import host_and_port
from pjresolve.migration.source import Options, truth
from pjresolve.model import Protocol, canonical_address

ANY = {False: "0.0.0.0", True: "::"}
DEFAULT_PORT = {**{p.value: p.default_port for p in Protocol}, "ws": 5060, "wss": 5060}
PROTOCOLS = tuple(DEFAULT_PORT)
TLS_OPTIONS = (
    ("tlscertfile",),
    ("tlsprivatekey",),
    ("tlscafile",),
    ("tlscapath", "tlscadir"),
    ("tlsverifyclient",),
)
"""Each with its other names."""


@dataclass(slots=True)
class Transports:
    """The transports written: section names by protocol, IPv6 first, with whether each is IPv6."""

    names: dict[str, list[tuple[str, bool]]] = field(default_factory=dict)

    def suffix(self, protocol: str) -> str:
        """What a URI needs to be sent over that protocol; nothing where UDP is all there is."""
        return "" if protocol == "udp" and set(self.names) <= {"udp"} else f";transport={protocol}"

    def pin(self, protocol: str) -> str:
        """The transport that a registration must name: the only one of its protocol, where that is IPv6."""
        sections = self.names.get(protocol, [])
        return sections[0][0] if sections and all(ipv6 for _, ipv6 in sections) else ""


def transports(out: Output, general: Options, needed: dict[str, str], connects: bool) -> Transports:
    """Write the transports. `needed` are protocols that peers and registrations use, and who does.

    `connects`: whether we connect to anybody over TLS, so that it counts whether servers are verified.
    """
    written = Transports()
    for protocol in PROTOCOLS:
        enabled = general.last(f"{protocol}enable") if protocol in ("tcp", "tls") else None
        if protocol == "udp":
            why = "chan_sip always listens on UDP"
        elif enabled is not None and truth(enabled.value):
            why = source_of(enabled)
        elif protocol in needed:
            why = f"used by {needed[protocol]}"
            why += "; the HTTP server has to be enabled in http.conf" if protocol in ("ws", "wss") else ""
        else:
            continue
        host, port, origin = _bind(out, general, protocol)
        for ipv6 in (True, False) if host == "::" else (":" in host,):
            address = ANY[ipv6] if host == "::" else host
            section = out.section("transport", f"transport-{protocol}{'6' if ipv6 else ''}", remark=why)
            out.add(section, "protocol", protocol, "")
            if not out.add(section, "bind", _bind_text(address, port, protocol), origin):
                # Asterisk starts no transport without a bind
                out.add(section, "bind", _bind_text(ANY[ipv6], port, protocol), "every address instead")
            if protocol == "tls":
                _tls(out, section, general, connects)
            _sip_tos(out, section, general)
            _behind_nat(out, section, general, protocol, ipv6)
            written.names.setdefault(protocol, []).append((section.name, ipv6))
    return written


def _bind(out: Output, general: Options, protocol: str) -> tuple[str, int, Entry | str]:
    """Address, port and their source; `bindport` counts where `bindaddr` has no port."""
    own = general.last(f"{protocol}bindaddr")
    entry = own or general.last("bindaddr")
    shared_port = general.last("bindport")
    if entry is None:
        host, port = ANY[False], None
    else:
        try:
            host, port = host_and_port(entry.value)
        except ValueError as exc:
            out.left(entry, f"{exc}; every IPv4 address is bound instead")
            host, port = ANY[False], None
    if own is None and protocol != "udp":
        port = None  # the general port is that of UDP
    if port is None and protocol == "udp" and shared_port is not None:
        try:
            port = host_and_port(f"h:{shared_port.value}")[1]
        except ValueError as exc:
            out.left(shared_port, str(exc))
    return host, port or DEFAULT_PORT[protocol], entry if entry is not None else ""


def _bind_text(address: str, port: int, protocol: str) -> str:
    host = f"[{address}]" if ":" in address else address
    return host if port == DEFAULT_PORT[protocol] else f"{host}:{port}"


def _tls(out: Output, section: OutSection, general: Options, connects: bool) -> None:
    cert, key = general.last("tlscertfile"), general.last("tlsprivatekey")
    for names in TLS_OPTIONS:
        entry = general.last(*names)
        if entry is not None and entry.value:
            put(out, section, entry)
    if cert is not None and key is None:  # chan_sip expects the key in the certificate's file
        out.add(section, "priv_key_file", cert.value, cert)
    _verification(out, section, general, connects)
    method = general.last("tlsclientmethod")
    if method is not None and method.value.lower() in TLS_METHODS:
        out.add(section, "method", method.value.lower(), method)
    else:
        if method is not None:
            out.left(method, f"none of {', '.join(TLS_METHODS)}; sslv23 is written")
        out.add(section, "method", "sslv23", "chan_sip's default; without it Asterisk speaks TLS 1.0 alone")
    cipher = general.last("tlscipher")
    if cipher is not None:
        out.left(cipher, "cipher= takes single names and refuses groups such as ALL; name them if you must")


def _verification(out: Output, section: OutSection, general: Options, connects: bool) -> None:
    """Whether servers are verified. Without a CA chan_sip connects to nobody either: tls-no-ca.json."""
    lenient = general.last("tlsdontverifyserver")
    verifies = lenient is None or not truth(lenient.value)
    trusts = any(line.option in ("ca_list_file", "ca_list_path") for line in section.lines)
    if verifies and not trusts and not connects:
        if lenient is not None:
            out.left(
                lenient, "nobody is connected to over TLS, and no CA is named that could verify a server"
            )
        return
    if lenient is not None:
        put(out, section, lenient)
    else:
        out.add(section, "verify_server", "yes", "chan_sip's default")
    if verifies and not trusts:
        section.warning = "no CA is named, so that every connection over TLS fails"
        why = f"{section.warning}, as in chan_sip; name a CA in ca_list_file= or ca_list_path="
        out.warn(lenient.where if lenient is not None else general.where, f"[{section.name}]", why)


def _sip_tos(out: Output, section: OutSection, general: Options) -> None:
    for name in ("tos_sip", "cos_sip"):
        entry = general.last(name)
        if entry is not None:
            put(out, section, entry)


def put(
    out: Output, section: OutSection, entry: Entry, needed: Callable[[Pairs], Pairs] = lambda pairs: pairs
) -> None:
    """Add what an option became, as far as it is `needed`, or leave it over with the converter's reason."""
    row = NAMES[entry.name]
    try:
        pairs = row.pairs(entry.value)
    except Partly as exc:
        pairs = [(row.option, exc.value)] if exc.value else []
        out.left(entry, str(exc))
    except ValueError as exc:
        out.left(entry, str(exc))
        return
    for name, value in needed(pairs):
        out.add(section, name, value, entry)


def _behind_nat(out: Output, section: OutSection, general: Options, protocol: str, ipv6: bool) -> None:
    entry = general.last("externaddr", "externip", "externhost")
    port_entry = general.last(f"extern{protocol}port")
    try:
        host, port = host_and_port(entry.value) if entry is not None else ("", None)
    except ValueError as exc:
        host, port = "", None
        if entry is not None:
            out.left(entry, str(exc))
    if entry is not None and host and (":" in host) is ipv6:
        media = general.last("media_address")
        out.add(section, "external_signaling_address", host, entry)
        out.add(section, "external_media_address", *((media.value, media) if media else (host, entry)))
        if port_entry is not None:
            put(out, section, port_entry)
        elif port is not None and protocol == "udp":
            out.add(section, "external_signaling_port", str(port), entry)
    for local in general.all("localnet"):
        _local_net(out, section, local, ipv6)


def _local_net(out: Output, section: OutSection, entry: Entry, ipv6: bool) -> None:
    try:
        network = ipaddress.ip_network(entry.value, strict=False)
    except ValueError:
        out.left(entry, "it is no network, such as 192.168.0.0/16")
        return
    if (network.version == 6) is ipv6:
        out.add(section, "local_net", entry.value, entry)


def is_address(text: str) -> bool:
    """Whether a host is an address rather than a name."""
    return canonical_address(text) is not None
