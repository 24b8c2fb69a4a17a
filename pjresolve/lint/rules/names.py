"""PJ502, PJ503, PJ505 and PJ509: names that Asterisk does not know, or knows already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from pjresolve.config.loading import SINGLE
from pjresolve.config.reader import Entry, Section
from pjresolve.config.schema import (
    closest,
    closest_type,
    option,
    schema,
    takes,
)
from pjresolve.config.values import escaped
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.rule import Rule
from pjresolve.lint.rules.syntax import DUPLICATE, UNKNOWN_OPTION, objects
from pjresolve.migration.names import Name, foreign
from pjresolve.migration.source import PEER_TYPES, SECRETS
from pjresolve.model import Finding, Severity


def misfits(context: Context) -> Iterator[tuple[str, Section, Entry]]:
    """Every option that its section's type does not have; one that a template gives, once."""
    seen: set[Entry] = set()
    for kind, section in objects(context):
        known = schema()[kind]
        for entry in section.entries:
            if entry.name.lower() not in known and entry not in seen and not takes(kind, entry.name):
                seen.add(entry)
                yield kind, section, entry


class UnknownOption(Rule):
    """An option that the section's type does not have.

    Asterisk refuses the whole object for it: `Could not find option suitable for category 'NAME'
    named 'OPTION'`.

    Bad:

        [itsp]
        type=registration
        retry_intervall=20

    Good:

        [itsp]
        type=registration
        retry_interval=20
    """

    code = "PJ502"
    severity = Severity.ERROR

    def check(self, context: Context) -> Iterable[Finding]:
        """Each such option that sip.conf does not have either."""
        for kind, section, entry in misfits(context):
            if entry.name.lower() in foreign():
                continue
            near, name, line = (
                context.guess(partial(closest, kind, entry.name)),
                printable(section.name),
                printable(entry.name),
            )
            other = [t for t in schema() if option(t, entry.name)]
            hint = (
                f"{near}={printable(entry.value)}"
                if near
                else f";{printable(entry.name)}={printable(entry.value)}"
            )
            if not near and other:
                hint = f"[{name}]\ntype={other[0]}\n{line}={printable(entry.value)}"
            yield self.found(
                entry.where,
                f"type={kind} has no option {printable(entry.name)}",
                f"Asterisk refuses the {kind} {name}: {UNKNOWN_OPTION} '{name}' "
                f"named '{printable(entry.name)}'",
                hint,
                subject=section.name,
            )


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
                yield self.found(
                    entry.where,
                    f"{printable(entry.name)} is sip.conf's: {became}",
                    f"Asterisk refuses the {kind} {printable(section.name)} for it",
                    fix,
                    subject=section.name,
                )
        for section in context.config.document.sections:
            if not section.template and section.type in PEER_TYPES:
                name = printable(section.name)
                yield self.found(
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


class UnknownType(Rule):
    """A section of no type that Asterisk knows.

    It is passed over in silence: no object, no line in the log. Template sections need no type.

    Bad:

        [itsp-2]
        type=registraton
        server_uri=sip:sip.example.net

    Good:

        [itsp-2](!)
        server_uri=sip:sip.example.net

        [itsp-3](itsp-2)
        type=registration
        client_uri=sip:account@sip.example.net
        auth_rejection_permanent=no
        max_retries=20000
        outbound_auth=itsp
    """

    code = "PJ505"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each such section; one of sip.conf's types is PJ503."""
        for section in context.config.document.sections:
            kind = section.type
            if (
                section.template
                or kind in schema()
                or kind in PEER_TYPES
                or (not kind and section.name in SINGLE)
            ):
                continue
            entry = section.last("type")
            near = context.guess(partial(closest_type, kind)) if kind else ""
            yield self.found(
                entry.where if entry else section.where,
                f"[{printable(section.name)}] has "
                + (f"the unknown type {printable(kind, 60)}" if kind else "no type"),
                "Asterisk passes over the section in silence",
                f"type={near or 'endpoint'}"
                if near or not kind
                else f"type=   ; one of {', '.join(list(schema())[:7])}",
                subject=section.name,
            )


class DuplicateObject(Rule):
    """Two objects of one type with the same name.

    Asterisk then refuses every object of that type: `configuration contains a duplicate object`. To
    add to a section, write `[name](+)`.

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
        if not any(DUPLICATE in r.message for r in context.config.refusals):
            return
        seen: dict[tuple[str, str], Section] = {}
        for kind, section in objects(context):
            first = seen.setdefault((kind, section.name), section)
            if first is not section:
                lost = [r for r in context.config.refusals if r.type == kind]
                yield self.found(
                    section.where,
                    f"a second {kind} {printable(section.name)}; the first is at line {first.where.line}",
                    f"Asterisk refuses every {kind}, {len(lost)} in all",
                    f"[{printable(section.name)}](+)   ; to add to the first",
                    subject=section.name,
                )


RULES = (UnknownOption, SipConfName, UnknownType, DuplicateObject)
