"""The rule PJ503."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.values import escaped
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.lint.sections import misfits
from pjresolve.migration.names import Name, foreign
from pjresolve.migration.source import PEER_TYPES, SECRETS


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
                became, fix = _became(row, kind, section.name, entry.value)
                yield self.finding(
                    entry.where,
                    f"{printable(entry.name)} is sip.conf's: {became}",
                    f"Asterisk refuses the {kind} {printable(section.name)} for it",
                    fix,
                    subject=section.name,
                )
        for section in context.config.document.sections:
            if not section.template and section.type in PEER_TYPES:
                name = printable(section.name)
                yield self.finding(
                    section.last("type").where if section.last("type") else section.where,  # type: ignore[union-attr]
                    f"type={section.type} is sip.conf's: here it is an endpoint, an aor and an auth",
                    f"Asterisk passes over [{name}] in silence",
                    f"[{name}]\ntype=endpoint\naors={name}\nauth={name}\n[{name}]\ntype=aor\n[{name}]\ntype=auth",
                    subject=section.name,
                )


def _became(row: Name, kind: str, section: str, value: str) -> tuple[str, str]:
    """What an option of sip.conf became, in words and as the lines to write in a section of type `kind`."""
    away = f";{row.old}="
    if not row.option:
        return row.reason, away
    place = "" if row.type == kind else f" of type={row.type}"
    try:
        pairs = [(row.option, "…")] if row.old in SECRETS else row.pairs(value)
    except ValueError as exc:
        return f"here it is {row.option}{place}; {exc}", away
    lines = [printable(f"{option}={escaped(new)}", 200) for option, new in pairs] or [away]
    head = [f"[{printable(section)}]", f"type={row.type}"] if place else []
    return f"here it is {row.option}{place}", "\n".join([*head, *lines])
