"""The rule PJ313."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.access import is_telephone
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.words import listed


class AnonymousWithPhones(Rule):
    """Strangers in the telephones' context.

    The endpoint `anonymous` takes every call that nothing else takes. In the context of the telephones
    each stranger dials what a telephone may dial, the provider's paid numbers included: a call from an
    unknown address reached the context `phones` (recording `wi-anonymous-with-phones`), and leaving
    `anonymous` out of `endpoint_identifier_order` changes nothing (recording
    `wi-anonymous-order-without`).

    Bad:

        [anonymous]
        type=endpoint
        context=phones
        allow=alaw

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

        [anonymous]
        type=endpoint
        context=from-strangers
        allow=alaw

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

    code = "PJ313"

    def check(self, context: Context) -> Iterable[Finding]:
        """The endpoint anonymous, where telephones with a password have its context."""
        anonymous = context.config.endpoints.get("anonymous")
        if anonymous is None or anonymous.auth:
            return
        phones = [
            e.name
            for e in context.config.endpoints.values()
            if e.context == anonymous.context and is_telephone(context, e)
        ]
        if phones:
            yield self.finding(
                anonymous.where("context"),
                f"endpoint anonymous is in the context {printable(anonymous.context)}, with {listed(phones)}",
                "any stranger dials what these telephones may dial",
                subject=anonymous.name,
            )
