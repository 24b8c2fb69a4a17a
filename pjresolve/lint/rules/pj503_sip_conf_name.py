"""The rule PJ503."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.reader import Entry, Section
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import Edit, comment_out, written
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.lint.sections import may_go, misfits
from pjresolve.migration.names import Name, foreign
from pjresolve.migration.source import PEER_TYPES, SECRETS

RENAMED = frozenset(
    (
        "authuser",
        "bindaddr",
        "defaultuser",
        "encryption",
        "forcerport",
        "localnet",
        "mailbox",
        "outboundproxy",
    )
)
"""Names that `migrate` writes together with others, and that are renamed all the same."""


class SipConfName(Rule):
    """A name of sip.conf in pjsip.conf.

    chan_sip and res_pjsip have different names for most things, and put them into different
    sections. An option that pjsip.conf does not have makes Asterisk refuse the object; a section
    with a type of sip.conf (`peer`, `friend`, `user`) is passed over in silence.

    Bad:

        [transport-tls]
        type=transport
        tlsdontverifyserver=yes

    Good:

        [transport-tls]
        type=transport
        verify_server=yes
    """

    code = "PJ503"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """Each option and each type that is sip.conf's."""
        for kind, section, entry in misfits(context):
            row = foreign().get(entry.name.lower())
            if row is not None:
                became, fix, advice = _became(row, kind, section, entry)
                yield self.finding(
                    entry.where,
                    f"{printable(entry.name)} is sip.conf's: {became}",
                    f"Asterisk refuses the {kind} {printable(section.name)} for it",
                    fix,
                    advice=advice,
                    subject=section.name,
                )
        for section in context.config.document.sections:
            if not section.template and section.type in PEER_TYPES:
                name = printable(section.name)
                yield self.finding(
                    section.last("type").where if section.last("type") else section.where,  # type: ignore[union-attr]
                    f"type={section.type} is sip.conf's: here it is an endpoint, an aor and an auth",
                    f"Asterisk passes over [{name}] in silence",
                    advice="`pjresolve migrate` converts a sip.conf",
                    subject=section.name,
                )


def _became(row: Name, kind: str, section: Section, entry: Entry) -> tuple[str, list[Edit], str]:
    """What an option of sip.conf became: in words, as edits of a section of type `kind`, or as advice."""
    gone = [comment_out(entry)] if may_go(kind, entry.name) else []
    if not row.option:
        return row.reason, gone, ""
    place = "" if row.type == kind else f" of type={row.type}"
    became = f"here it is {row.option}{place}"
    there = f"write {row.option} in the section{place}" if place else f"write {row.option}"
    if row.old == "insecure":
        return became, [], row.reason
    if row.old in SECRETS or not (row.alone or row.old in RENAMED):
        return became, [], there
    try:
        pairs = row.pairs(entry.value)
    except ValueError as exc:
        return f"{became}; {exc}", gone, there
    lines = "\n".join(written(option, new) for option, new in pairs)
    if section.last(row.option) is not None and row.alone is False:
        return became, gone, there
    if place or not lines:
        return became, gone if not lines else [], there
    return became, [Edit(entry.where, lines, True)], ""
