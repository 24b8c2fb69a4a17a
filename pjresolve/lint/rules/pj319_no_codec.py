"""The rule PJ319."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.objects import Endpoint
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import Edit, add_line, set_option
from pjresolve.lint.endpoints import ANONYMOUS, OUTBOUND
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule


class NoCodec(Rule):
    """An endpoint without a codec.

    `allow` has no default. Without it every call from the endpoint is answered 488 Not Acceptable Here
    (recordings `wi-no-allow` and `wi-disallow-only`), and a call to it is hung up in the moment in which it
    is answered (recording `wi-no-allow-calling`).

    Bad:

        [itsp]
        type=endpoint
        disallow=all
        ; without allow

    Good:

        [itsp]
        type=endpoint
        disallow=all
        allow=alaw
    """

    code = "PJ319"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """Each endpoint that can have calls and no codec for them."""
        for endpoint in context.config.endpoints.values():
            if endpoint.allow or endpoint.name in (*ANONYMOUS, OUTBOUND):
                continue
            yield self.finding(
                endpoint.where("disallow"),
                f"endpoint {printable(endpoint.name)} has no codec: there is no allow",
                "its calls are answered 488, and calls to it end when they are answered",
                [set_option(endpoint.section, "disallow", "all"), *_codecs(endpoint)],
                subject=endpoint.name,
            )


def _codecs(endpoint: Endpoint) -> list[Edit]:
    """The two codecs that every telephone and provider has."""
    return [add_line(endpoint.section, "allow=ulaw"), add_line(endpoint.section, "allow=alaw")]
