"""PJ303 to PJ305: calls that nobody recognises."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pjresolve.config.objects import Endpoint, Identify
from pjresolve.dns.srv import srv_name
from pjresolve.errors import printable
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.networks import covers, network
from pjresolve.lint.regexes import never_matches
from pjresolve.lint.rule import Rule
from pjresolve.model import Finding, Protocol, Severity, SrvData, addresses
from pjresolve.sip.uri import SipUri
from pjresolve.words import listed


def pairs(context: Context) -> Iterator[tuple[Endpoint, Trunk]]:
    """Every endpoint with each registration that belongs to it."""
    by_endpoint: dict[str, list[Trunk]] = {}
    for trunk in context.trunks:
        by_endpoint.setdefault(trunk.registration.endpoint, []).append(trunk)
    for endpoint in context.config.endpoints.values():
        for trunk in by_endpoint.get(endpoint.name, ()):
            yield endpoint, trunk


def asked(uri: SipUri, pin: Protocol | None) -> Protocol | None:
    """The protocol that a request is sent with, where it does not take the DNS to know."""
    return pin or uri.protocol or (Protocol.UDP if uri.address or uri.port is not None else None)


def _way(trunk: Trunk) -> str:
    return f"{trunk.targets[0].transport}" if trunk.known and trunk.targets else ""


class NotCovered(Rule):
    """Targets that `match` does not cover.

    An incoming call is recognised by its source address: `match` of the endpoint's identify
    section. A provider sends calls from its servers, usually those that one registers with; an
    address that no `match` holds is a call from a stranger. `line=yes` catches what the provider
    sends to the registered Contact.

    Bad:

        [itsp]
        type=identify
        endpoint=itsp
        match=192.0.2.0/24

    Good:

        [itsp]
        type=identify
        endpoint=itsp
        match=192.0.2.0/24
        match=203.0.113.0/24
        match=198.51.100.0/24
        match=2001:db8::/32
    """

    code = "PJ303"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each endpoint with addresses that its identify sections leave out."""
        for endpoint, trunk in pairs(context):
            own = [i for i in context.config.identifies.values() if i.endpoint == endpoint.name]
            by_address = [i for i in own if i.match]
            if not by_address or any(i.match_header or i.match_request_uri for i in own):
                continue
            held = [m for i in by_address for m in _expanded(i, trunk)]
            missing = [a for a in _sources(trunk) if not any(covers(m, a) for m in held)]
            if not missing:
                continue
            then = (
                "only the line parameter recognises calls from there"
                if trunk.registration.line
                else ("calls from there are calls from a stranger")
            )
            yield self.found(
                by_address[0].where("match"),
                f"match of {printable(by_address[0].name)} does not cover {listed(missing, 40)}",
                then,
                "\n".join(f"match={a}" for a in missing[:40]),
                subject=by_address[0].name,
            )


def _sources(trunk: Trunk) -> list[str]:
    """The addresses of the provider that are known: of all targets, also those that a pin passes over."""
    if trunk.route is not None and trunk.route.address:
        return [trunk.route.address]
    if not trunk.known or trunk.resolution is None:
        return []
    return addresses(trunk.resolution.targets)


def _expanded(identify: Identify, trunk: Trunk) -> Iterator[str]:
    """The networks of `match`, host names replaced by their addresses where the answers are at hand."""
    for text in identify.match:
        if network(text) is not None:
            yield text
        elif trunk.known:
            yield from resolved(text, identify, trunk)


def resolved(name: str, identify: Identify, trunk: Trunk) -> list[str]:
    """The addresses of a host name, and with `srv_lookups` those of its SRV targets."""
    hosts = [name]
    if identify.srv_lookups:
        for protocol in Protocol:
            answer = trunk.ask(srv_name(protocol, name), "SRV")
            hosts += [r.data.target for r in answer.records if isinstance(r.data, SrvData)]
    found = (
        r for host in dict.fromkeys(hosts) for rtype in ("AAAA", "A") for r in trunk.ask(host, rtype).records
    )
    return list(dict.fromkeys(str(r.data) for r in found))


class MatchByName(Rule):
    """`match` by host name.

    The name is resolved once, when the section is loaded. Addresses that the provider adds later
    are strangers, and while the name server does not answer, Asterisk refuses the whole section
    (`failed when adding resolution results`), the other `match` lines included. Networks do not
    change.

    Bad:

        [itsp]
        type=identify
        endpoint=itsp
        match=sip.example.net

    Good:

        [itsp]
        type=identify
        endpoint=itsp
        match=203.0.113.0/24
        match=198.51.100.0/24
        match=2001:db8::/32
    """

    code = "PJ304"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each host name in a match."""
        for identify in context.config.identifies.values():
            for name in identify.match:
                if network(name) is not None or "/" in name:
                    continue
                trunk = next(
                    (t for t in context.predicted if t.registration.endpoint == identify.endpoint), None
                )
                held = resolved(name, identify, trunk) if trunk is not None and context.holds(name) else []
                yield self.found(
                    identify.where("match"),
                    f"match={printable(name)} is resolved once, when the section is loaded",
                    f"it means {listed(held)} now, and what the DNS says later counts for nothing"
                    if held
                    else "without a DNS answer at that moment the whole section is refused",
                    "\n".join(f"match={a}" for a in held[:40])
                    or "match=203.0.113.0/24   ; the provider's networks",
                    subject=identify.name,
                )


class HeaderNeverMatches(Rule):
    """`match_header` or `match_request_uri` that cannot match.

    The value is `Header: text`, compared as a whole, or `Header: /regex/`, an extended regular
    expression. One that does not compile makes Asterisk refuse the section; an anchor in the
    middle, or the signs of a regular expression without the slashes, never fit anything.

    Bad:

        [itsp]
        type=identify
        endpoint=itsp
        match_header=To: /account$@example/

    Good:

        [itsp]
        type=identify
        endpoint=itsp
        match_header=To: /account@example/
    """

    code = "PJ305"
    severity = Severity.ERROR
    _signs = re.compile(r"\.\*|\.\+|\[[^\]]*\]|^\^|\$$|\\[.dw]|\([^)]*\|[^)]*\)")

    def check(self, context: Context) -> Iterable[Finding]:
        """Each pattern that nothing can fit."""
        for identify in context.config.identifies.values():
            for option in ("match_header", "match_request_uri"):
                text: str = getattr(identify, option)
                value = text.partition(":")[2].strip() if option == "match_header" else text.strip()
                if not value:
                    continue
                slashes = len(value) > 1 and value[0] == value[-1] == "/"
                why = never_matches(value[1:-1]) if slashes else self._bare(value)
                if why:
                    hint = re.escape(value.strip("/^$")) if slashes else printable(value)
                    header = text.partition(":")[0] + ": " if option == "match_header" else ""
                    yield self.found(
                        identify.where(option),
                        f"{option} {printable(value, 60)} can never match: {why}",
                        "calls are not recognised by it",
                        f"{option}={printable(header)}/{hint}/",
                        subject=identify.name,
                    )

    def _bare(self, value: str) -> str:
        return "a regular expression stands between slashes" if self._signs.search(value[:1000]) else ""


RULES = (NotCovered, MatchByName, HeaderNeverMatches)
