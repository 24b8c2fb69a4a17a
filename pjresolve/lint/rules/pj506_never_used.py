"""The rule PJ506."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.lint.sections import objects


class NeverUsed(Rule):
    """A section that nothing uses.

    An `auth` that no `auth=` or `outbound_auth=` names, an `aor` that is in no endpoint's `aors`:
    they load, and do nothing. Often the name is misspelt somewhere.

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
    naming: ClassVar[dict[str, tuple[str, ...]]] = {"auth": ("auth", "outbound_auth"), "aor": ("aors", "aor")}

    def check(self, context: Context) -> Iterable[Finding]:
        """Each auth and aor that no section names."""
        options = {name for names in self.naming.values() for name in names}
        named: set[str] = set()
        for _, section in objects(context):
            for entry in section.entries:
                if entry.name.lower() in options:
                    named |= {name.strip() for name in entry.value.split(",")}
        for kind, section in objects(context):
            if kind in self.naming and section.name not in named:
                yield self.finding(
                    section.where,
                    f"nothing uses the {kind} {printable(section.name)}",
                    "it loads, and does nothing",
                    advice=f"name it in {self.naming[kind][0]}= of the endpoint that it is for, or remove it",
                    subject=section.name,
                )
