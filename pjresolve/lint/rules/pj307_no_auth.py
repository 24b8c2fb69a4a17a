"""The rule PJ307."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.objects import Endpoint
from pjresolve.errors import printable
from pjresolve.lint.access import (
    BY_NAME,
    accepts_registrations,
    contacts,
    identifies,
    open_by_name,
    reachable,
    restricted,
)
from pjresolve.lint.context import Context
from pjresolve.lint.edits import Edit, append, set_option
from pjresolve.lint.endpoints import ANONYMOUS, OUTBOUND
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.words import listed


class NoAuth(Rule):
    """An endpoint that lets anybody in.

    A request is taken for the endpoint that its From names, unless `identify_by` leaves `username` out:
    the default is `username,ip`. Without `auth` nobody asks for a password. An identify section does not
    change that, nor does a registration with `line=yes`: they are further ways in. Seen with Asterisk 22,
    a stranger's INVITE from an address that nothing names:

    - From: <sip:itsp@evil.example>, with an identify section for the provider: 200, in the provider's
      context (recording `wi-identify`); with a registration and `line=yes`: 200 (recording `wi-line`);
    - the same with `identify_by=ip`: 401, and the provider's own calls go on, by address or by line
      (recordings `wi-identify-by-ip` and `wi-line-by-ip`);
    - a telephone's REGISTER without a password: 200 (recording `wi-phone`). Here `identify_by=ip` is no way
      out: with it no telephone registers, 404 (recording `wi-phone-by-ip`). It needs `auth`, and that has to
      name a section that exists: else every request gets 500 (recording `wi-phone-auth-missing`).

    Bad:

        [itsp]
        type=endpoint
        identify_by=username,ip

    Good:

        [itsp]
        type=endpoint
        identify_by=ip
    """

    code = "PJ307"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each endpoint without auth that its name identifies, where a stranger's request can arrive."""
        if not reachable(context):
            return
        for endpoint in context.config.endpoints.values():
            if endpoint.name in ANONYMOUS or not open_by_name(endpoint) or restricted(context, endpoint):
                continue
            registers = accepts_registrations(context, endpoint)
            place = next(header for way, header in BY_NAME.items() if way in endpoint.identify_by)
            then = f"calls reach the context {printable(endpoint.context)} without a password"
            yield self.finding(
                endpoint.where("identify_by" if endpoint.written("identify_by") else "auth"),
                f"endpoint {printable(endpoint.name)} has no auth, and its name alone leads to it "
                f"(identify_by={','.join(endpoint.identify_by)})",
                f"whoever says {printable(endpoint.name)} in {place} is taken for it: {then}"
                + (", and anybody registers as it" if registers else ""),
                _fix(context, endpoint, registers),
                advice="give it an auth section of its own",
                subject=endpoint.name,
            )


def _fix(context: Context, endpoint: Endpoint, registers: bool) -> list[Edit]:
    """What closes it for strangers and for nobody else; nothing where that is not known."""
    if registers:
        auth = _own_auth(context, endpoint)
        return [set_option(endpoint.section, "auth", auth)] if auth else []
    by_address = set_option(endpoint.section, "identify_by", "ip")
    if identifies(context, endpoint) or context.trunks_of(endpoint) or endpoint.name == OUTBOUND:
        return [by_address]
    peers = list(dict.fromkeys(uri.host for uri in contacts(context, endpoint)))
    addresses = [uri.address for uri in contacts(context, endpoint)]
    if None in addresses:
        note = f"and an identify section with the addresses of {listed(peers)}"
        return [set_option(endpoint.section, "identify_by", "ip", note)]
    if not addresses or endpoint.name in context.config.identifies:
        return []
    head = ["", f"[{endpoint.name}]", "type=identify", f"endpoint={endpoint.name}"]
    matches = [f"match={address}" for address in dict.fromkeys(addresses)]
    return [by_address, append(endpoint.section.where.file, [*head, *matches])]


def _own_auth(context: Context, endpoint: Endpoint) -> str:
    """The auth section that is the telephone's: of its name, or the only one with it for a username."""
    sending = {name for e in context.config.endpoints.values() for name in e.outbound_auth}
    sending |= {name for r in context.config.registrations.values() for name in r.outbound_auth}
    auths = {name: auth for name, auth in context.config.auths.items() if name not in sending}
    if endpoint.name in auths:
        return endpoint.name
    named = [name for name, auth in auths.items() if auth.username == endpoint.name]
    return named[0] if len(named) == 1 else ""
