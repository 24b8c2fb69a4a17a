"""The rule PJ529."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.loading import SINGLE
from pjresolve.config.schema import takes
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import comment_out
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.refusals import UNKNOWN_OPTION
from pjresolve.lint.rule import Rule


class DroppedGlobal(Rule):
    """`[global]` or `[system]` without `type` that is dropped as a whole.

    These two names are read without a `type`. One option that the type does not have, and the whole
    section is dropped; with `type=global` Asterisk would log which one, without it nothing is logged at
    all, and every setting is back at its default (recording `wi-untyped-global`).

    Bad:

        ; without [global] global
        [global]
        user_agent=PBX
        disable_tcp_switch=yes

    Good:

        ; without [global] global
        [global]
        user_agent=PBX

        [system]
        type=system
        disable_tcp_switch=yes
    """

    code = "PJ529"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """Each such section without a type, at the option that it is dropped for."""
        untyped = {s.name: s for s in context.config.document.sections if not s.type and not s.template}
        for refusal in context.config.refusals:
            section = untyped.get(refusal.name)
            if refusal.type not in SINGLE or refusal.name != refusal.type or section is None:
                continue
            entry = next((e for e in section.entries if e.where == refusal.where), None)
            option = printable(entry.name) if entry is not None else ""
            why = (
                f"{option} is no option of it"
                if refusal.message.startswith(UNKNOWN_OPTION)
                else f"{option} is unfit"
            )
            yield self.finding(
                refusal.where,
                f"[{refusal.name}] has no type, and {why}",
                f"Asterisk drops the whole section without a line in its log: "
                f"{len(section.entries)} settings are back at their defaults",
                [comment_out(e) for e in section.entries if e is entry or not takes(refusal.type, e.name)],
                subject=refusal.name,
            )
