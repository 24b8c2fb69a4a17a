"""The rule PJ103."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import set_entry
from pjresolve.lint.finding import Finding
from pjresolve.lint.networks import network
from pjresolve.lint.rule import Rule
from pjresolve.lint.versions import opens_dual_stack


class MappedAddress(Rule):
    """An IPv4-mapped IPv6 address (`::ffff:10.20.30.40`) that nothing will match.

    Asterisks from before 2017 showed IPv4 peers that way where a transport was bound to `[::]`. Later ones
    open IPv6-only sockets, so that the peer shows as `10.20.30.40` and an access list, `match` or `local_net`
    with the mapped form never fits.

    Bad:

        [lan-phone]
        type=endpoint
        aors=lan-phone
        auth=lan-phone
        contact_deny=0.0.0.0/0
        contact_permit=::ffff:10.20.30.40

        [lan-phone]
        type=aor
        max_contacts=1

        [lan-phone]
        type=auth
        username=lan-phone
        password=secret

    Good:

        [lan-phone]
        type=endpoint
        aors=lan-phone
        auth=lan-phone
        contact_deny=0.0.0.0/0
        contact_permit=10.20.30.40

        [lan-phone]
        type=aor
        max_contacts=1

        [lan-phone]
        type=auth
        username=lan-phone
        password=secret
    """

    code = "PJ103"
    options = ("match", "permit", "deny", "contact_permit", "contact_deny", "local_net", "bind")

    def check(self, context: Context) -> Iterable[Finding]:
        """Each such address in an option that holds addresses."""
        if opens_dual_stack(context.version):
            return
        for section in context.config.document.sections:
            for entry in section.own:
                if entry.name.lower() not in self.options or "::ffff:" not in entry.value.lower():
                    continue
                parts = entry.value.split(",")
                for text in parts:
                    mapped = _mapped(text)
                    if mapped:
                        yield self.finding(
                            entry.where,
                            f"{entry.name} holds the IPv4-mapped address {printable(text.strip())}",
                            "IPv4 peers show with their plain address, so this matches nobody",
                            set_entry(entry, ",".join(mapped if p == text else p for p in parts)),
                            subject=section.name,
                        )


def _mapped(text: str) -> str:
    """The IPv4 network that a mapped one stands for, or the empty text."""
    net = network(text.strip().strip("[]"))
    if not isinstance(net, ipaddress.IPv6Network) or net.prefixlen < 96:
        return ""
    four = net.network_address.ipv4_mapped
    if four is None:
        return ""
    return str(four) if net.prefixlen == 128 else f"{four}/{net.prefixlen - 96}"
