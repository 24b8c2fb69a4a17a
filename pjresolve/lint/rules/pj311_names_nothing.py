"""The rule PJ311."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import Edit, set_entry
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.references import NAMING, Reference, known, missing, unused, without_credentials
from pjresolve.lint.rule import Rule
from pjresolve.lint.spelling import misspelt
from pjresolve.words import listed


class NamesNothing(Rule):
    """A name that no section has.

    `aors`, `auth`, `outbound_auth`, `transport` of an endpoint, `endpoint` of an identify or a
    registration: each must be the name of a section of that type, spelt alike. Asterisk loads the
    object all the same and fails when it needs the other. A missing section that several objects name is
    told of once, and by PJ213 where it is a registration's password.

    Bad:

        [itsp]
        type=endpoint
        aors=itps

    Good:

        [itsp]
        type=endpoint
        aors=itsp
    """

    code = "PJ311"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """Each such name, unless the section exists and was refused: that is a finding of its own."""
        # what comes of a registration without a password is measured by PJ213
        measured = {n for t in without_credentials(context) for n in t.registration.outbound_auth[:1]}
        together: dict[tuple[str, str, str], list[Reference]] = {}
        for reference in missing(context):
            key = reference.option if reference.kind != "auth" else ""
            together.setdefault((key, reference.kind, reference.name), []).append(reference)
        for (_, kind, name), found in together.items():
            if kind == "auth" and name in measured:
                continue
            first = found[0]
            places = {
                r.of.where(r.option): r.of.name for r in reversed(found)
            }  # a template gives one to several
            others = list(dict.fromkeys(name for name in reversed(places.values()) if name != first.of.name))
            also = f", here and in {listed(others, 3)}" if others else ""
            edits = [_respelt(context, r) for r in found]
            fix = list(dict.fromkeys(edit for one in edits for edit in one)) if all(edits) else []
            yield self.finding(
                first.of.where(first.option),
                f"{first.option}={printable(name)} names no {kind} section{also}",
                _FAILS[kind],
                fix,
                advice=_advice(context, kind),
                subject=first.of.name,
            )


_FAILS = {
    "aor": "nothing can be sent to the endpoint",
    "auth": "Asterisk logs that the auth object could not be found, and fails where it needs it",
    "transport": "calls to the endpoint fail",
    "endpoint": "incoming calls find no endpoint",
}


def _respelt(context: Context, reference: Reference) -> list[Edit]:
    """The edit that gives the name that was meant, where one alone can be."""
    _, option, kind, name = reference
    near, entry = misspelt(name, known(context, kind)), reference.of.section.last(option)
    if not near or entry is None:
        return []
    return [set_entry(entry, ",".join(near if p.strip() == name else p for p in entry.value.split(",")))]


def _advice(context: Context, kind: str) -> str:
    """The sections that could have been meant: those that nothing names."""
    left = [one.name for one in unused(context, kind)] if kind in NAMING else []
    return f"nothing names the {kind} {listed(left, 3)}" if left else ""
