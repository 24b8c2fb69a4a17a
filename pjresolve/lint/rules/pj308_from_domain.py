"""The rule PJ308."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context, uri_or_none
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.model import canonical_address
from pjresolve.sip.uri import related
from pjresolve.words import listed


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
    also = (Severity.INFO,)

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
            domain, severity = endpoint.from_domain.lower(), Severity.WARNING
            if not domain:
                if not any(map(is_domain, hosts)):
                    continue  # a gateway, which knows nobody by a domain
                problem, severity = (
                    "no from_domain: calls say this machine's own address in From",
                    Severity.INFO,
                )
            elif set(domain) & set(":@/ <>"):
                problem = f"from_domain={printable(domain)} is no bare host name"
            elif not any(related(domain, host) for host in hosts):
                problem = (
                    f"from_domain={printable(domain)} has nothing to do with {listed(dict.fromkeys(hosts))}"
                )
            else:
                continue
            yield self.finding(
                endpoint.where("from_domain"),
                f"endpoint {printable(endpoint.name)}: {problem}",
                "a provider that finds the account by From turns the call away",
                advice=f"from_domain={printable(hosts[0])}, where the account is registered",
                subject=endpoint.name,
                severity=severity,
            )


def is_domain(host: str) -> bool:
    """Whether it is the name of a host on the Internet: no address, and no single label."""
    return canonical_address(host) is None and "." in host
