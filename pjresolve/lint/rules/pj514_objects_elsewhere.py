"""The rule PJ514."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import PurePath

from pjresolve.config.sorcery import Mapping
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.words import listed


class ObjectsElsewhere(Rule):
    """Objects that sorcery.conf or extconfig.conf take from elsewhere.

    The file beside pjsip.conf names a database, the memory or another file for some types: what is in
    pjsip.conf is not all there is. Nothing is said there of objects of these types that do not exist, or
    that nobody uses. A type with such a line in sorcery.conf is read from pjsip.conf as well only where
    another line says so, as `endpoint=config,pjsip.conf,criteria=type=endpoint`. A table under `[res_pjsip]`
    that extconfig.conf does not name keeps all of res_pjsip from loading.

    Bad:

        ; beside a sorcery.conf with aor=realtime,ps_aors under [res_pjsip]
        [itsp]
        type=endpoint
        aors=itsp

    Good:

        ; with no sorcery.conf and no extconfig.conf beside it
        [itsp]
        type=endpoint
        aors=itsp
    """

    code = "PJ514"
    severity = Severity.INFO
    also = (Severity.WARNING, Severity.ERROR)

    def check(self, context: Context) -> Iterable[Finding]:
        """One for each file that takes objects from elsewhere, and one for sections that are not read."""
        found = context.config.mapped
        for file, group in groupby(found, key=lambda m: m.where.file):
            mappings = list(group)
            sources = dict.fromkeys(m.source for m in mappings)
            yield self.finding(
                mappings[0].where,
                f"{PurePath(file).name} takes {listed(dict.fromkeys(m.type for m in mappings))} objects from "
                f"{listed(sources, 3)}",
                "what stands in the configuration is not all there is",
            )
        for mapping in found:
            if mapping.unknown:
                table = printable(mapping.unknown, 60)
                yield self.finding(
                    mapping.where,
                    f"extconfig.conf does not name the table {table}",
                    "nothing of res_pjsip loads: no transport, no endpoint, no registration",
                    advice=f"name it there under [settings]: {table} => DRIVER,DATABASE",
                    severity=Severity.ERROR,
                )
        yield from self._unread(context, {m.type: m for m in found if m.alone})

    def _unread(self, context: Context, alone: dict[str, Mapping]) -> Iterable[Finding]:
        for section in context.config.document.sections:
            if section.template or section.type not in alone:
                continue
            mapping = alone.pop(section.type)
            yield self.finding(
                section.where,
                f"[{printable(section.name)}] and every other {section.type} section is not read",
                f"sorcery.conf takes {section.type} objects from {printable(mapping.source)} alone",
                advice=f"add {section.type}=config,pjsip.conf,criteria=type={section.type} to sorcery.conf",
                subject=section.name,
                severity=Severity.WARNING,
            )
