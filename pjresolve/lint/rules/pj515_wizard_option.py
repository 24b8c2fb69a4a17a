"""The rule PJ515."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.wizard import OPTIONS, PREFIXES, wizards
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule
from pjresolve.lint.spelling import misspelt


class WizardOption(Rule):
    """An option that a wizard does not have.

    In `pjsip_wizard.conf` Asterisk passes over it in silence, unlike in `pjsip.conf`: with
    `sends_registration=yes` nothing registers. What may stand before a `/` (`endpoint/`, `aor/`,
    `inbound_auth/`, `outbound_auth/`, `identify/`, `registration/`, `phoneprov/`) is compared with its
    case; the options behind it are those of the objects, and refuse them where they are wrong.

    Bad:

        ; in pjsip_wizard.conf
        [itsp]
        type=wizard
        sends_registration=yes

    Good:

        ; in pjsip_wizard.conf
        [itsp]
        type=wizard
        sends_registrations=yes
        remote_hosts=sip.example.net
    """

    code = "PJ515"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each such option, once for a template's."""
        wizard = context.config.wizard
        known = (*OPTIONS, *(f"{prefix}/" for prefix in PREFIXES))
        for section in wizards(wizard) if wizard else ():
            for entry in section.entries:
                name = entry.name
                before, slash, after = name.partition("/")
                fits = before in PREFIXES if slash else name.lower() in OPTIONS
                if fits or name.startswith("@"):
                    continue
                near = misspelt(before + slash, known)
                yield self.finding(
                    entry.where,
                    f"a wizard has no option {printable(name, 60)}",
                    "Asterisk passes over it in silence",
                    advice=f"write {near}{printable(after, 60)}" if near else "",
                    subject=section.name,
                )
