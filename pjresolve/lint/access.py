"""Who a request is taken for: what leads to an endpoint, and whether that is a telephone or a provider.

Rules of this file:
- an endpoint is found by `line`, address, header, request URI or the name in From;
- `endpoint_identifier_order` only orders these: what it leaves out counts too (`wi-order-ip-only`);
- `identify_by` closes the ways by name and leaves the others open, whatever else it says (recordings
  `wi-identify-by-ip`, `wi-line-by-ip`, `wi-header-by-ip`, `wi-request-uri-by-ip`);
- what another file may say is not guessed: a named ACL counts as one that restricts.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator

from pjresolve.config.objects import Endpoint, Identify
from pjresolve.config.values import split_list
from pjresolve.lint.context import Context, uri_or_none
from pjresolve.lint.networks import network
from pjresolve.model import canonical_address
from pjresolve.sip.uri import SipUri

BY_NAME = {"username": "From", "auth_username": "Authorization"}
"""Values of `identify_by` with which a name that anybody can write leads to the endpoint, and where it is."""
LOCAL = ("local", "lan", "internal", "localdomain", "home")
"""Last labels of host names in networks of one's own."""
SHARED = ipaddress.ip_network("100.64.0.0/10")
"""What providers number their customers with behind a NAT of their own (RFC 6598)."""
NEARLY_ALL = 1 / 256
"""Share of an address space, private networks apart, from which a list of networks is no provider's."""
_PRIVATE = {
    4: [ipaddress.ip_network(n) for n in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8")],
    6: [ipaddress.ip_network(n) for n in ("fc00::/7", "fe80::/10")],
}


def open_by_name(endpoint: Endpoint) -> bool:
    """Whether a request that only says the endpoint's name is taken for it without a password."""
    return not endpoint.auth and any(way in endpoint.identify_by for way in BY_NAME)


def restricted(context: Context, endpoint: Endpoint) -> bool:
    """Whether an ACL, the endpoint's or that of a section `type=acl`, keeps strangers out (recordings
    `wi-deny`, `wi-acl-section`).
    """
    return (
        bool(endpoint.acl)
        or _denies_all(endpoint.deny)
        or context.once("strangers kept out", lambda: _guarded(context))
    )


def _guarded(context: Context) -> bool:
    """Whether a section `type=acl` keeps strangers out, or may."""
    sections = [s for s in context.config.document.sections if s.type == "acl" and not s.template]
    return any(
        s.last("acl") is not None or _denies_all([p for e in s.all("deny") for p in split_list(e.value)])
        for s in sections
    )


def _denies_all(networks: Iterable[str]) -> bool:
    return any(net is not None and net.version == 4 and net.prefixlen == 0 for net in map(network, networks))


def identifies(context: Context, endpoint: Endpoint) -> list[Identify]:
    """The identify sections that lead to the endpoint."""
    found: list[Identify] = context.once("identifies", lambda: _by_endpoint(context)).get(endpoint.name, [])
    return found


def _by_endpoint(context: Context) -> dict[str, list[Identify]]:
    out: dict[str, list[Identify]] = {}
    for identify in context.config.identifies.values():
        out.setdefault(identify.endpoint, []).append(identify)
    return out


def accepts_registrations(context: Context, endpoint: Endpoint) -> bool:
    """Whether a telephone can register at one of the endpoint's AoRs."""
    return any(aor.max_contacts > 0 for aor in context.config.aors_of(endpoint))


def contacts(context: Context, endpoint: Endpoint) -> Iterator[SipUri]:
    """The fixed contacts of the endpoint's AoRs, as far as they are SIP URIs."""
    for aor in context.config.aors_of(endpoint):
        for text in aor.contact:
            uri = uri_or_none(text)
            if uri is not None:
                yield uri


def is_telephone(context: Context, endpoint: Endpoint) -> bool:
    """Whether the endpoint is one that registers here and has a password for it."""
    return bool(endpoint.auth) and accepts_registrations(context, endpoint)


def is_provider(context: Context, endpoint: Endpoint) -> bool:
    """Whether the endpoint is one beyond the own network: nothing registers at it, and it has a registration,
    or a contact or `match` that is public.
    """
    if accepts_registrations(context, endpoint):
        return False
    return bool(context.trunks_of(endpoint)) or any(map(is_public, hosts(context, endpoint)))


def hosts(context: Context, endpoint: Endpoint) -> list[str]:
    """What the fixed contacts and the `match` of an endpoint name: addresses, networks' first ones, names."""
    matched = [text.partition("/")[0] for i in identifies(context, endpoint) for text in i.match]
    return [uri.host for uri in contacts(context, endpoint)] + matched


def is_public(host: str) -> bool:
    """Whether a host is an address of the public Internet, or a name of several labels that is not said to be
    local. Addresses kept for documentation count as public.
    """
    address = canonical_address(host.strip("[]"))
    if address is None:
        labels = host.strip(".").lower().split(".")
        alphabetic = labels[-1].isalpha() or labels[-1].startswith("xn--")
        return len(labels) > 1 and alphabetic and labels[-1] not in LOCAL
    ip = ipaddress.ip_address(address)
    shared = ip in SHARED
    return not (
        any(ip in net for net in _PRIVATE[ip.version]) or shared or ip.is_link_local or ip.is_unspecified
    )


def share_of_all(networks: Iterable[str]) -> float:
    """The largest share of the addresses of IPv4 or IPv6 that networks hold together, private ones apart."""
    known = [net for net in map(network, (n for n in networks if not n.startswith("!"))) if net is not None]
    best = 0.0
    for version in (4, 6):
        own = [net for net in known if net.version == version]
        public = [
            net
            for net in ipaddress.collapse_addresses(own)  # type: ignore[type-var]
            if not any(net.subnet_of(private) for private in _PRIVATE[version])  # type: ignore[arg-type]
        ]
        best = max(best, sum(2.0**-net.prefixlen for net in public))
    return best


def reachable(context: Context) -> bool:
    """Whether somebody else's request can arrive: not where every transport is bound to this machine alone.

    A configuration without any transport may be part of one, so that nothing is known.
    """
    addresses = [canonical_address(t.bind_address) for t in context.config.transports.values()]
    return not addresses or any(a is None or not ipaddress.ip_address(a).is_loopback for a in addresses)
