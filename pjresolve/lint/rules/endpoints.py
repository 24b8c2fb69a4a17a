"""PJ306, PJ308 and PJ311: what an endpoint needs, and what it says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pjresolve.config.objects import Endpoint
from pjresolve.errors import Location, printable
from pjresolve.lint.context import Context, uri_or_none
from pjresolve.lint.rule import Rule
from pjresolve.model import Finding, Severity
from pjresolve.sip.uri import related
from pjresolve.words import listed

ANONYMOUS = ("anonymous", "default_outbound_endpoint", "dpma_endpoint")
"""Endpoints that exist for callers without account, or for sending alone."""


class NoAor(Rule):
    """An endpoint without `aors`.

    The AoR holds where the endpoint can be reached. Without one nothing can be sent to it:
    `Dial(PJSIP/name)` fails, and a phone cannot register.

    Bad:

        [desk]
        type=endpoint
        auth=desk

        [desk]
        type=auth
        username=desk
        password=secret

    Good:

        [desk]
        type=endpoint
        auth=desk
        aors=desk

        [desk]
        type=aor
        max_contacts=1

        [desk]
        type=auth
        username=desk
        password=secret
    """

    code = "PJ306"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each such endpoint, but for those that only ever call or are called as nobody."""
        for endpoint in context.config.endpoints.values():
            if not endpoint.aors and endpoint.name not in ANONYMOUS:
                yield self.found(
                    endpoint.where("aors"),
                    f"endpoint {printable(endpoint.name)} has no aors",
                    "it cannot be called, and no phone can register for it",
                    f"aors={printable(endpoint.name)}",
                    subject=endpoint.name,
                )


class FromDomain(Rule):
    """`from_domain` that the provider will not know.

    Calls carry `from_domain` in From; without it, this machine's own address. Providers find the
    account by user and domain of From, and turn away what they do not know. Expected is the domain
    that the account is registered with, or one above or beside it.

    Bad:

        [itsp]
        type=endpoint
        from_domain=pbx.my-company.example

    Good:

        [itsp]
        type=endpoint
        from_domain=example.net
    """

    code = "PJ308"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each endpoint of a registration whose domain is missing, strange or no host name."""
        for endpoint in context.config.endpoints.values():
            hosts = [
                uri.host
                for trunk in context.trunks_of(endpoint)
                for uri in (uri_or_none(trunk.registration.client_uri), trunk.server)
                if uri is not None
            ]
            if not hosts:
                continue
            domain = endpoint.from_domain.lower()
            if not domain:
                said = "no from_domain: calls say this machine's own address in From"
            elif set(domain) & set(":@/ <>"):
                said = f"from_domain={printable(domain)} is no bare host name"
            elif not any(related(domain, host) for host in hosts):
                said = (
                    f"from_domain={printable(domain)} has nothing to do with {listed(dict.fromkeys(hosts))}"
                )
            else:
                continue
            yield self.found(
                endpoint.where("from_domain"),
                f"endpoint {printable(endpoint.name)}: {said}",
                "a provider that finds the account by From turns the call away",
                f"from_domain={printable(hosts[0])}",
                subject=endpoint.name,
            )


class NamesNothing(Rule):
    """A name that no section has.

    `aors`, `auth`, `outbound_auth`, `transport` of an endpoint, `endpoint` of an identify or a
    registration: each must be the name of a section of that type, spelt alike. Asterisk loads the
    object all the same and fails when it needs the other.

    Bad:

        [itsp]
        type=endpoint
        aors=itps

    Good:

        [itsp]
        type=endpoint
        aors=itsp
    """

    code = "PJ311"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """Each such name, unless the section exists and was refused: that is a finding of its own."""
        refused = {(r.type, r.name) for r in context.config.refusals}
        for subject, where, option, kind, name in _references(context):
            known: Iterable[str] = getattr(context.config, _TABLES[kind])
            if name in known or (kind, name) in refused:
                continue
            near = context.closest(name, known)
            yield self.found(
                where,
                f"{option}={printable(name)} names no {kind} section",
                _FAILS[kind],
                f"{option}={near}" if near else f"[{printable(name)}]\ntype={kind}",
                subject=subject,
            )


_TABLES = {"aor": "aors", "auth": "auths", "transport": "transports", "endpoint": "endpoints"}
_FAILS = {
    "aor": "nothing can be sent to the endpoint",
    "auth": "Asterisk logs that the auth object could not be found, and fails where it needs it",
    "transport": "calls to the endpoint fail",
    "endpoint": "incoming calls find no endpoint",
}


def _references(context: Context) -> Iterator[tuple[str, Location, str, str, str]]:
    """Every name that an object gives of another: subject, place, option, type, name."""

    def of(endpoint: Endpoint, option: str, kind: str) -> Iterator[tuple[str, Location, str, str, str]]:
        value = getattr(endpoint, option)
        for name in [value] if isinstance(value, str) else value:
            if name:
                yield endpoint.name, endpoint.where(option), option, kind, name

    for endpoint in context.config.endpoints.values():
        for option, kind in (
            ("aors", "aor"),
            ("auth", "auth"),
            ("outbound_auth", "auth"),
            ("transport", "transport"),
        ):
            yield from of(endpoint, option, kind)
    for identify in context.config.identifies.values():
        yield identify.name, identify.where("endpoint"), "endpoint", "endpoint", identify.endpoint
    for registration in context.config.registrations.values():
        if registration.endpoint:
            yield (
                registration.name,
                registration.where("endpoint"),
                "endpoint",
                "endpoint",
                registration.endpoint,
            )


RULES = (NoAor, FromDomain, NamesNothing)
