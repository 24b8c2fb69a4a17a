"""The rule PJ314."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.access import is_provider, is_telephone
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.words import listed


class TrunkWithPhones(Rule):
    """A provider in the telephones' context.

    The context says what a caller may dial. Where the provider's endpoint has that of the telephones,
    every call from outside may dial what a telephone may: also back out, through the provider, at the
    owner's cost. In the recording `wi-trunk-in-phones-context` a call from the provider's address for
    0900123 reaches that extension in the telephones' context, and so does a stranger's that says the
    endpoint's name. Endpoints at private addresses are left out.

    Bad:

        [itsp]
        type=endpoint
        context=phones

        [desk]
        type=endpoint
        context=phones
        auth=desk
        aors=desk
        allow=alaw

        [desk]
        type=auth
        username=desk
        password=not-so-secret

        [desk]
        type=aor
        max_contacts=1

    Good:

        [itsp]
        type=endpoint
        context=from-itsp

        [desk]
        type=endpoint
        context=phones
        auth=desk
        aors=desk
        allow=alaw

        [desk]
        type=auth
        username=desk
        password=not-so-secret

        [desk]
        type=aor
        max_contacts=1
    """

    code = "PJ314"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each provider's endpoint without auth whose context is also a telephone's."""
        phones: dict[str, list[str]] = {}
        for endpoint in context.config.endpoints.values():
            if is_telephone(context, endpoint):
                phones.setdefault(endpoint.context, []).append(endpoint.name)
        for endpoint in context.config.endpoints.values():
            beside = phones.get(endpoint.context)
            if beside and not endpoint.auth and is_provider(context, endpoint):
                yield self.finding(
                    endpoint.where("context"),
                    f"endpoint {printable(endpoint.name)} is in the context {printable(endpoint.context)}, "
                    f"with {listed(beside)}",
                    "whoever calls from outside may dial what a telephone may, paid numbers included",
                    subject=endpoint.name,
                )
