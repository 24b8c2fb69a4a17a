"""The rule PJ505."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.loading import SINGLE
from pjresolve.config.schema import schema
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import set_entry
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.lint.spelling import misspelt
from pjresolve.migration.source import PEER_TYPES


class UnknownType(Rule):
    """A section of no type that Asterisk knows.

    It is passed over in silence: no object, no line in the log. Template sections need no type; nor do
    those that another section inherits from, and empty ones, of which nothing is lost.

    Bad:

        [itsp-2]
        type=registraton
        server_uri=sip:sip.example.net

    Good:

        [itsp-2](!)
        server_uri=sip:sip.example.net

        [itsp-3](itsp-2)
        type=registration
        client_uri=sip:account@sip.example.net
        auth_rejection_permanent=no
        max_retries=20000
        outbound_auth=itsp
    """

    code = "PJ505"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each such section; one of sip.conf's types is PJ503."""
        sections = context.config.document.sections
        inherited = {parent for section in sections for parent in section.parents}
        for section in sections:
            kind = section.type
            if (
                section.template
                or (not kind and (not section.entries or section.name in inherited))
                or kind in schema()
                or kind in PEER_TYPES
                or (not kind and section.name in SINGLE)
            ):
                continue
            entry = section.last("type")
            near = misspelt(kind, schema())
            yield self.finding(
                entry.where if entry else section.where,
                f"[{printable(section.name)}] has "
                + (f"the unknown type {printable(kind, 60)}" if kind else "no type"),
                "Asterisk passes over the section in silence",
                set_entry(entry, near) if near and entry else (),
                subject=section.name,
            )
