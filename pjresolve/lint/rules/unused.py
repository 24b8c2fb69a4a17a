"""PJ506 to PJ508: what is written and does nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.rule import Rule
from pjresolve.lint.rules.syntax import objects
from pjresolve.model import Finding, Severity


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
                yield self.found(
                    section.where,
                    f"nothing uses the {kind} {printable(section.name)}",
                    "it loads, and does nothing",
                    f"{self.naming[kind][0]}={printable(section.name)}   ; in the endpoint that is meant",
                    subject=section.name,
                )


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
                yield self.found(
                    section.where,
                    f"no section inherits the template {printable(section.name)}",
                    "it does nothing",
                    f"[NAME]({printable(section.name)})",
                    subject=section.name,
                )


class LineIgnored(Rule):
    """A line that Asterisk passes over.

    No `=`, an unknown directive, a comment block that swallows the rest of the file, a file that is
    not there: what the reader notices and Asterisk does not refuse. What `#exec` would print is not
    known here, since nothing is run.

    Bad:

        [itsp]
        type=aor
        remove_existing

    Good:

        [itsp]
        type=aor
        remove_existing=yes
    """

    code = "PJ508"
    severities: ClassVar[dict[str, Severity]] = {
        "exec": Severity.INFO,
        "tryinclude": Severity.INFO,
        "broken-file": Severity.ERROR,
    }

    def check(self, context: Context) -> Iterable[Finding]:
        """Everything that the reader noticed."""
        for notice in context.config.document.notices:
            yield self.found(
                notice.where,
                notice.what,
                "",
                notice.hint,
                severity=self.severities.get(notice.code, self.severity),
            )


RULES = (NeverUsed, TemplateUnused, LineIgnored)
