"""The rule PJ503."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.lint.sections import misfits
from pjresolve.lint.sipconf import TYPES, renamed


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
            new = renamed().get(entry.name.lower())
            if new is None:
                continue
            line = printable(new.line(entry.name.lower(), entry.value), 200)
            here = new.type == kind
            yield self.finding(
                entry.where,
                f"{printable(entry.name)} is sip.conf's: "
                + (new.words or f"here it is {new.option}" + ("" if here else f" of type={new.type}")),
                f"Asterisk refuses the {kind} {printable(section.name)} for it",
                f";{printable(entry.name)}="
                if new.words
                else line
                if here
                else f"[{printable(section.name)}]\ntype={new.type}\n{line}",
                subject=section.name,
            )
        for section in context.config.document.sections:
            if not section.template and section.type in TYPES:
                name = printable(section.name)
                yield self.finding(
                    section.last("type").where if section.last("type") else section.where,  # type: ignore[union-attr]
                    f"type={section.type} is sip.conf's: here it is an endpoint, an aor and an auth",
                    f"Asterisk passes over [{name}] in silence",
                    f"[{name}]\ntype=endpoint\naors={name}\nauth={name}\n[{name}]\ntype=aor\n[{name}]\ntype=auth",
                    subject=section.name,
                )
