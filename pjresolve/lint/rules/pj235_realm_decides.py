"""The rule PJ235."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context, Trunk, uri_or_none
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule


class RealmDecides(Rule):
    """`realm=` is none of the server's names: whether it registers depends on the server's realm.

    An auth with a `realm=` answers challenges for that realm alone. Where the server challenges for
    another, the request is not repeated with credentials, and the 401 counts as a rejected password.
    Most servers take a name of their own as realm, of which nothing is said here. Which realm a
    server has stands in no configuration and in no DNS; it is in the challenge that
    `pjsip set logger on` shows. An auth without `realm=` answers for every realm. Recordings
    `realm-other`, `realm-case`, `realm-empty`.

    Bad:

        [itsp]
        type=auth
        username=me
        password=s3cr3t-Pa55
        realm=asterisk

    Good:

        [itsp]
        type=auth
        username=me
        password=s3cr3t-Pa55
    """

    code = "PJ235"
    severity = Severity.INFO

    def check(self, context: Context) -> Iterable[Finding]:
        """Each registration whose auth sections answer some realms alone."""
        for trunk in context.loaded:
            if trunk.plan is None or not trunk.plan.realms:
                continue
            auths = [context.config.auths.get(name) for name in trunk.registration.outbound_auth]
            first = next(auth for auth in auths if auth is not None)
            if any(_is_named(realm, trunk) for realm in trunk.plan.realms):
                continue
            realms = " or ".join(f'"{printable(realm, 60)}"' for realm in trunk.plan.realms[:4])
            yield self.finding(
                first.where("realm"),
                f"{trunk.name} answers challenges for the realm {realms} alone",
                "a server with another realm rejects it, and only the server's challenge says which it has",
                subject=trunk.name,
            )


def _is_named(realm: str, trunk: Trunk) -> bool:
    """Whether a realm is a host of the registration, or a domain above one."""
    registration = trunk.registration
    written = (registration.server_uri, registration.client_uri, registration.outbound_proxy)
    hosts = [uri.host.lower() for text in written if (uri := uri_or_none(text)) is not None]
    return any(host == realm.lower() or host.endswith(f".{realm.lower()}") for host in hosts)
