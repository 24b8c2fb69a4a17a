"""PJ501, PJ504, PJ510 and PJ511: what Asterisk refuses, corrects or takes for something else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pjresolve.config.reader import Entry, Section
from pjresolve.config.schema import (
    FALSE_WORDS,
    TRUE_WORDS,
    integer,
    schema,
)
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.rule import Rule
from pjresolve.lint.rules.sockets import IN_USE
from pjresolve.lint.rules.transports import CONTACT_EVIDENCE
from pjresolve.lint.rules.uris import LineAndEndpoint
from pjresolve.model import Finding, Severity
from pjresolve.stacks.protocol import Refused

UNKNOWN_OPTION = "Could not find option suitable for category"
DUPLICATE = "configuration contains a duplicate object"


def objects(context: Context) -> Iterator[tuple[str, Section]]:
    """Every section that becomes an object of a type Asterisk knows, with that type."""
    for section in context.config.document.sections:
        if not section.template and section.type in schema():
            yield section.type, section


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
        for trunk in context.trunks:
            if isinstance(trunk.loaded, Refused) and trunk.loaded.evidence != CONTACT_EVIDENCE:
                yield self.found(
                    trunk.registration.section.where,
                    f"Asterisk refuses the registration {printable(trunk.name)}",
                    trunk.loaded.why,
                    subject=trunk.name,
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
            known = schema()[kind]
            held: dict[str, Entry] = {}
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
                    f"{printable(void.name)}={printable(void.value, 60)} does not count: "
                    f"line {counts.where.line} has "
                    f"{printable(counts.value, 60) or 'an empty value'}",
                    "Asterisk says nothing about it",
                    f";{printable(void.name)}={printable(void.value)}",
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


RULES = (RefusedObject, DuplicateKey, NotABoolean, CorrectedTimer)
