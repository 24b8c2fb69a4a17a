"""The rule PJ507."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule


class TemplateUnused(Rule):
    """A template that no section inherits.

    A section marked `(!)` is only there to be named in the brackets of others. One that nobody names does
    nothing; often its name is misspelt where it is used, which Asterisk refuses.

    Bad:

        [phone](!)
        type=endpoint
        context=lan

    Good:

        [phone](!)
        type=endpoint
        context=lan

        [desk](phone)
        aors=desk
        auth=desk

        [desk]
        type=aor
        max_contacts=1

        [desk]
        type=auth
        username=desk
        password=secret
    """

    code = "PJ507"
    severity = Severity.INFO

    def check(self, context: Context) -> Iterable[Finding]:
        """Each template that is nobody's parent."""
        sections = context.config.document.sections
        parents = {parent.lower() for section in sections for parent in section.parents}
        for section in sections:
            if section.template and section.name.lower() not in parents:
                yield self.finding(
                    section.where,
                    f"no section inherits the template {printable(section.name)}",
                    "it does nothing",
                    subject=section.name,
                )
