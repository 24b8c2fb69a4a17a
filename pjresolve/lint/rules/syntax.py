"""PJ501 to PJ505 and PJ509 to PJ511: what Asterisk refuses, corrects or takes for something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pjresolve.config.loading import SINGLE
from pjresolve.config.reader import Entry, Section
from pjresolve.config.schema import (
    FALSE_WORDS,
    TRUE_WORDS,
    closest,
    closest_type,
    integer,
    option,
    schema,
    takes,
)
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.rule import Rule
from pjresolve.lint.rules.sockets import IN_USE
from pjresolve.lint.rules.uris import LineAndEndpoint
from pjresolve.lint.sipconf import TYPES, renamed
from pjresolve.model import Finding, Severity

UNKNOWN_OPTION = "Could not find option suitable for category"
DUPLICATE = "configuration contains a duplicate object"


def objects(context: Context) -> Iterator[tuple[str, Section]]:
    """Every section that becomes an object of a type Asterisk knows, with that type."""
    for section in context.config.document.sections:
        if not section.template and section.type in schema():
            yield section.type, section


def misfits(context: Context) -> Iterator[tuple[str, Section, Entry]]:
    """Every option that its section's type does not have; one that a template gives, once."""
    seen: set[Entry] = set()
    for kind, section in objects(context):
        known = schema()[kind]
        for entry in section.entries:
            if entry.name.lower() not in known and entry not in seen and not takes(kind, entry.name):
                seen.add(entry)
                yield kind, section, entry


class RefusedObject(Rule):
    """Asterisk refuses the object.

    A value that the option cannot have, or a section that lacks what it needs: the object is not created, and
    everything that names it fails. The words are those of Asterisk's log.

    Bad:

        [itsp]
        type=auth
        username=

    Good:

        [itsp]
        type=auth
        username=account
    """

    code = "PJ501"
    severity = Severity.ERROR
    elsewhere = (UNKNOWN_OPTION, *LineAndEndpoint.messages)

    def check(self, context: Context) -> Iterable[Finding]:
        """Each refused object, but for those that a rule of their own explains better."""
        for refusal in context.config.refusals:
            message = refusal.message
            if message.startswith(self.elsewhere) or message.endswith(IN_USE) or DUPLICATE in message:
                continue
            yield self.found(
                refusal.where,
                f"Asterisk refuses the {refusal.type} {printable(refusal.name)}",
                f"it logs: {message}",
                subject=refusal.name,
            )


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
            if entry.name.lower() in renamed():
                continue
            near = closest(kind, entry.name)
            other = [t for t in schema() if option(t, entry.name)]
            mend = (
                f"{near}={printable(entry.value)}"
                if near
                else f";{printable(entry.name)}={printable(entry.value)}"
            )
            if not near and other:
                mend = f"[{printable(section.name)}]\ntype={other[0]}\n{printable(entry.name)}={printable(entry.value)}"
            yield self.found(
                entry.where,
                f"type={kind} has no option {printable(entry.name)}",
                f"Asterisk refuses the {kind} {printable(section.name)}: {UNKNOWN_OPTION} '{printable(section.name)}' "
                f"named '{printable(entry.name)}'",
                mend,
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
            new = renamed().get(entry.name.lower())
            if new is None:
                continue
            line = printable(new.line(entry.name.lower(), entry.value), 200)
            here = new.type == kind
            yield self.found(
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
                yield self.found(
                    section.last("type").where if section.last("type") else section.where,  # type: ignore[union-attr]
                    f"type={section.type} is sip.conf's: here it is an endpoint, an aor and an auth",
                    f"Asterisk passes over [{name}] in silence",
                    f"[{name}]\ntype=endpoint\naors={name}\nauth={name}\n[{name}]\ntype=aor\n[{name}]\ntype=auth",
                    subject=section.name,
                )


class DuplicateKey(Rule):
    """An option that stands twice, where one wins.

    Of an option that takes one value, the last line counts and the others do nothing; of `type`,
    the first. Options that take a list keep every line. Recording `r7-051`.

    Bad:

        [itsp]
        type=registration
        expiration=600
        expiration=3600

    Good:

        [itsp]
        type=registration
        expiration=3600
    """

    code = "PJ504"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each line that another line of the same section makes void."""
        for kind, section in objects(context):
            known, held = schema()[kind], {}
            for entry in section.own:
                name = entry.name.lower()
                found = known.get(name)
                if found is None or found.repeats:
                    continue
                before: Entry | None = held.get(name)
                held[name] = entry if before is None or name != "type" else before
                if before is None or "+=" in context.line(entry.where):
                    continue
                void, counts = (entry, before) if name == "type" else (before, entry)
                yield self.found(
                    void.where,
                    f"{printable(void.name)}={printable(void.value, 60)} does not count: line {counts.where.line} has "
                    f"{printable(counts.value, 60) or 'an empty value'}",
                    "Asterisk says nothing about it",
                    f";{printable(void.name)}={printable(void.value)}",
                    subject=section.name,
                )


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
            if section.template or kind in schema() or kind in TYPES or (not kind and section.name in SINGLE):
                continue
            entry = section.last("type")
            near = closest_type(kind) if kind else ""
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


class NotABoolean(Rule):
    """A word for yes or no that is neither.

    Yes is `yes`, `true`, `on`, `y`, `t` or `1`. Whatever else stands there means no, and nothing is logged.

    Bad:

        [itsp]
        type=registration
        support_path=enabled

    Good:

        [itsp]
        type=registration
        support_path=yes
    """

    code = "PJ510"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each such value; one that a template gives, once."""
        seen: set[Entry] = set()
        for kind, section in objects(context):
            known = schema()[kind]
            for entry in section.entries:
                found = known.get(entry.name.lower())
                if found is None or found.kind != "bool" or entry in seen:
                    continue
                seen.add(entry)
                if entry.value.lower() not in TRUE_WORDS | FALSE_WORDS:
                    yield self.found(
                        entry.where,
                        f"{found.name}={printable(entry.value, 60)} means no",
                        "Asterisk says nothing about it",
                        f"{found.name}=yes   ; or no",
                        subject=section.name,
                    )


class CorrectedTimer(Rule):
    """`timer_t1` or `timer_b` that Asterisk corrects.

    `timer_t1` is at least 100 ms and `timer_b` at least 64 times `timer_t1`. Lower values are
    raised. Recording `timers`.

    Bad:

        [system]
        type=system
        timer_b=5000

    Good:

        [system]
        type=system
        timer_t1=100
        timer_b=6400
    """

    code = "PJ511"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each timer whose written value is not the one used."""
        system = context.config.system
        for name in ("timer_t1", "timer_b"):
            entry = system.section.last(name)
            used = getattr(system, name)
            if entry is not None and integer(entry.value) != used:
                yield self.found(
                    entry.where,
                    f"{name}={printable(entry.value, 30)} is too low",
                    f"Asterisk uses {used} ms",
                    f"{name}={used}",
                    subject="system",
                )


RULES = (
    RefusedObject, UnknownOption, SipConfName, DuplicateKey, UnknownType, DuplicateObject, NotABoolean, CorrectedTimer,
)  # fmt: skip
