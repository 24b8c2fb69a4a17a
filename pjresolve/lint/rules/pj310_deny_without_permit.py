"""The rule PJ310."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.networks import covers_all
from pjresolve.lint.rule import Rule
from pjresolve.words import listed


class DenyWithoutPermit(Rule):
    """`contact_deny` without `contact_permit`, or `deny` without `permit`.

    The lists are read in order, and what nothing denies is allowed. A `deny` of everything with no
    `permit` after it shuts everybody out; denying everything of IPv4 alone leaves IPv6 open.

    Bad:

        [desk]
        type=endpoint
        aors=desk
        auth=desk
        contact_deny=0.0.0.0/0

        [desk]
        type=aor
        max_contacts=1

        [desk]
        type=auth
        username=desk
        password=secret

    Good:

        [desk]
        type=endpoint
        aors=desk
        auth=desk
        contact_deny=0.0.0.0/0
        contact_deny=::/0
        contact_permit=192.168.0.0/16

        [desk]
        type=aor
        max_contacts=1

        [desk]
        type=auth
        username=desk
        password=secret
    """

    code = "PJ310"
    also = (Severity.INFO,)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each endpoint with the one and without the other."""
        for endpoint in context.config.endpoints.values():
            for prefix, acl in (("contact_", endpoint.contact_acl), ("", endpoint.acl)):
                deny, permit = getattr(endpoint, f"{prefix}deny"), getattr(endpoint, f"{prefix}permit")
                if not deny or permit or acl:
                    continue
                shut = [f"IPv{v}" for v in (4, 6) if covers_all(list(deny), v)]
                who = "no phone can register" if prefix else "no request is taken"
                yield self.finding(
                    endpoint.where(f"{prefix}deny"),
                    f"endpoint {printable(endpoint.name)} has {prefix}deny and no {prefix}permit",
                    f"{who} over {listed(shut)}" if shut else "what is not denied is allowed",
                    advice=f"name your own networks in {prefix}permit",
                    subject=endpoint.name,
                    severity=Severity.WARNING if shut else Severity.INFO,
                )
