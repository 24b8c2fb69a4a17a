"""The rule PJ506."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.references import NAMING, missing, unused
from pjresolve.lint.rule import Rule


class NeverUsed(Rule):
    """A section that nothing uses.

    An `auth` that no `auth=` or `outbound_auth=` names, an `aor` that is in no endpoint's `aors`:
    they load, and do nothing. Where some endpoint names a section of that type that there is not, PJ311 says
    so, and which sections are left over.

    Bad:

        [old-account]
        type=auth
        username=old
        password=secret

    Good:

        [itsp]
        type=auth
        username=account
        password=secret
    """

    code = "PJ506"
    severity = Severity.INFO
    absent = ("endpoint", "registration")

    def check(self, context: Context) -> Iterable[Finding]:
        """Each auth and aor that no section names."""
        told = {reference.kind for reference in missing(context)}
        for kind in NAMING:
            for one in unused(context, kind) if kind not in told else ():
                endpoint = context.config.endpoints.get(one.name)
                if endpoint is not None and kind == "aor" and not endpoint.aors:
                    continue  # PJ306 says that the endpoint does not name it
                yield self.finding(
                    one.section.where,
                    f"nothing uses the {kind} {printable(one.name)}",
                    "it loads, and does nothing",
                    advice=f"name it in {NAMING[kind][0]}= of the endpoint that it is for, or remove it",
                    subject=one.name,
                )
