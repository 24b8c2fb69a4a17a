"""The rule PJ507."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.reader import Section
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule


class TemplateUnused(Rule):
    """A template that no section inherits.

    A section marked `(!)` is only there to be named in the brackets of others. One that nobody names does
    nothing. Files keep spare templates, which is no harm; this rule speaks of those that hold all that a
    registration, identify or transport of its own needs, and were perhaps meant to be one.

    Bad:

        [backup](!)
        type=registration
        server_uri=sip:sip.example.net
        client_uri=sip:account@sip.example.net
        outbound_auth=itsp

    Good:

        [patient](!)
        type=registration
        max_retries=20000
        retry_interval=20
    """

    code = "PJ507"
    severity = Severity.INFO
    absent = ("template",)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each template that is nobody's parent."""
        sections = context.config.document.sections
        parents = {parent.lower() for section in sections for parent in section.parents}
        for section in sections:
            if section.template and section.name.lower() not in parents and _is_whole(section):
                yield self.finding(
                    section.where,
                    f"no section inherits the template {printable(section.name)}",
                    f"Asterisk makes no {section.type} of it",
                    advice="take (!) away where it is meant to be one",
                    subject=section.name,
                )


_WHOLE = {
    "registration": ("server_uri", "client_uri"),
    "identify": ("endpoint", "match"),
    "transport": ("bind",),
}


def _is_whole(section: Section) -> bool:
    """Whether it holds what an object of its type needs."""
    needs = _WHOLE.get(section.type)
    return needs is not None and all(section.last(option) for option in needs)
