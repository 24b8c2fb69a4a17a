"""The rule PJ202."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pjresolve.config.reader import Entry, Section
from pjresolve.errors import printable
from pjresolve.lint.comparison import no_worse
from pjresolve.lint.context import Context
from pjresolve.lint.edits import set_entry
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule


class UnescapedSemicolon(Rule):
    """An unescaped `;transport=` is a comment.

    In Asterisk's files a bare semicolon starts a comment: `sip:sip.example.net;transport=tcp` is read as
    `sip:sip.example.net`. Recording `unescaped`.

    Bad:

        [itsp]
        type=aor
        contact=sip:sip.example.net;transport=tcp

    Good:

        [itsp]
        type=aor
        contact=sip:sip.example.net
    """

    code = "PJ202"
    severity = Severity.ERROR
    _tail = re.compile(r";(transport|lr|user|maddr|ttl|method|ob|line)\b(=\S*)?", re.IGNORECASE)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each URI option whose line goes on with a parameter where its value ends."""
        for section in context.config.document.sections:
            for entry in section.own:
                if entry.name.lower() not in ("server_uri", "client_uri", "outbound_proxy", "contact"):
                    continue
                line = context.line(entry.where)
                place = (
                    line.find(entry.value) + len(entry.value) if entry.value and entry.value in line else -1
                )
                tail = self._tail.match(line, place) if place >= 0 else None
                if tail is None:
                    continue
                meant = entry.value + tail[0]
                yield self.finding(
                    entry.where,
                    f"{printable(tail[0], 40)} is a comment here, since its semicolon is not escaped",
                    f"Asterisk reads {entry.name}={printable(entry.value, 80)}",
                    set_entry(entry, meant) if _as_meant(context, section, entry, meant) else (),
                    advice="write \\; where the parameter is meant, and a space before a comment",
                    subject=section.name,
                )


def _as_meant(context: Context, section: Section, entry: Entry, value: str) -> bool:
    """Whether the registration does no worse with the parameter that its owner meant to write."""
    option = entry.name.lower()
    trunk = next((t for t in context.trunks if t.registration.section is section), None)
    if section.type != "registration" or option not in ("server_uri", "outbound_proxy"):
        return True
    return trunk is not None and no_worse(trunk, trunk.with_options(**{option: value}))
