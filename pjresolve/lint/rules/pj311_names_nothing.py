"""The rule PJ311."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pjresolve.config.objects import Endpoint
from pjresolve.config.reader import Section
from pjresolve.errors import Location, printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import set_entry
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.rule import Rule
from pjresolve.lint.spelling import misspelt


class NamesNothing(Rule):
    """A name that no section has.

    `aors`, `auth`, `outbound_auth`, `transport` of an endpoint, `endpoint` of an identify or a
    registration: each must be the name of a section of that type, spelt alike. Asterisk loads the
    object all the same and fails when it needs the other.

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
        refused = {(r.type, r.name) for r in context.config.refusals}
        for section, where, option, kind, name in _references(context):
            names: Iterable[str] = getattr(context.config, _TABLES[kind])
            if name in names or (kind, name) in refused or kind in context.elsewhere:
                continue
            near = misspelt(name, names)
            entry = section.last(option)
            yield self.finding(
                where,
                f"{option}={printable(name)} names no {kind} section",
                _FAILS[kind],
                set_entry(entry, ",".join(near if p.strip() == name else p for p in entry.value.split(",")))
                if near and entry
                else (),
                subject=section.name,
            )


_TABLES = {"aor": "aors", "auth": "auths", "transport": "transports", "endpoint": "endpoints"}
_FAILS = {
    "aor": "nothing can be sent to the endpoint",
    "auth": "Asterisk logs that the auth object could not be found, and fails where it needs it",
    "transport": "calls to the endpoint fail",
    "endpoint": "incoming calls find no endpoint",
}


def _references(context: Context) -> Iterator[tuple[Section, Location, str, str, str]]:
    """Every name that an object gives of another: section, place, option, type, name."""

    def of(endpoint: Endpoint, option: str, kind: str) -> Iterator[tuple[Section, Location, str, str, str]]:
        value = getattr(endpoint, option)
        for name in [value] if isinstance(value, str) else value:
            if name:
                yield endpoint.section, endpoint.where(option), option, kind, name

    for endpoint in context.config.endpoints.values():
        for option, kind in (
            ("aors", "aor"),
            ("auth", "auth"),
            ("outbound_auth", "auth"),
            ("transport", "transport"),
        ):
            yield from of(endpoint, option, kind)
    for identify in context.config.identifies.values():
        yield identify.section, identify.where("endpoint"), "endpoint", "endpoint", identify.endpoint
    for registration in context.config.registrations.values():
        if registration.endpoint:
            yield (
                registration.section,
                registration.where("endpoint"),
                "endpoint",
                "endpoint",
                registration.endpoint,
            )
