"""The rule PJ509."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.reader import Section
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import Edit
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.refusals import DUPLICATE
from pjresolve.lint.rule import Rule
from pjresolve.lint.sections import objects
from pjresolve.words import listed


class DuplicateObject(Rule):
    """Two objects of one type with the same name.

    Asterisk then refuses every object of that type: `configuration contains a duplicate object`. To
    add to a section, write `[name](+)`. Transports that stand before the second of two are bound and
    send all the same, but `transport=` finds none of them, and `pjsip show transports` says that there
    are none; those behind do not exist. Recordings `td-tcp-between`, `td-pin-first`, `td-tcp-after`.

    Bad:

        [itsp]
        type=auth
        username=account
        password=secret

        [other]
        type=auth
        username=account
        password=secret

        [other]
        type=auth
        username=account
        password=secret

    Good:

        [itsp]
        type=auth
        username=account
        password=secret
    """

    code = "PJ509"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """The second section of each name, with what it costs."""
        kinds = {r.type for r in context.config.refusals if DUPLICATE in r.message}
        if not kinds:
            return
        seen: dict[tuple[str, str], Section] = {}
        for kind, section in objects(context):
            first = seen.setdefault((kind, section.name), section)
            if kind in kinds and first is not section:
                yield self.finding(
                    section.where,
                    f"a second {kind} {printable(section.name)}; the first is at line {first.where.line}",
                    _lost(context, kind),
                    _fix(context, section),
                    advice="write [name](+) to add to the first, or give it another name",
                    subject=section.name,
                )


def _lost(context: Context, kind: str) -> str:
    """What does not exist."""
    config = context.config
    lost = [r.name for r in config.refusals if r.type == kind]
    if kind != "transport" or not config.bound:
        return f"Asterisk refuses every {kind}, {len(lost)} in all"
    gone = dict.fromkeys(name for name in lost if name not in config.bound)
    behind = f", not from {listed(gone)}" if gone else ""
    return f"Asterisk sends from {listed(config.bound)} alone{behind}, and no transport= finds any of them"


def _fix(context: Context, section: Section) -> list[Edit]:
    """The section as an addition to the first, where no other could be meant."""
    same = [s for s in context.config.document.sections if s.name == section.name]
    if section.parents or section.type == "transport" or len({(s.template, s.type) for s in same}) != 1:
        return []
    return [Edit(section.where, f"[{section.name}](+)", True)]
