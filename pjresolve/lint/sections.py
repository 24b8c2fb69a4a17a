"""The sections and options of a file, as rules on its syntax look at them."""

from __future__ import annotations

from collections.abc import Iterator

from pjresolve.config.reader import Entry, Section
from pjresolve.config.schema import schema, takes
from pjresolve.lint.context import Context


def objects(context: Context) -> Iterator[tuple[str, Section]]:
    """Every section that becomes an object of a type Asterisk knows, with that type."""
    for section in context.config.document.sections:
        if not section.template and section.type in schema():
            yield section.type, section


def misfits(context: Context) -> Iterator[tuple[str, Section, Entry]]:
    """Every option that its section's type does not have; one that a template gives, once."""
    seen: set[Entry] = set()
    for kind, section in objects(context):
        options = schema()[kind]
        for entry in section.entries:
            if entry.name.lower() not in options and entry not in seen and not takes(kind, entry.name):
                seen.add(entry)
                yield kind, section, entry


def may_go(kind: str, name: str) -> bool:
    """Whether an option that Asterisk does not know can be taken out of a section for certain: not where it
    could have said who gets in, since the object loads without it.
    """
    lets_in = ("auth", "secret", "password", "permit", "deny", "acl", "identify", "insecure", "match", "host")
    return kind not in ("endpoint", "identify", "acl", "auth") or not any(w in name.lower() for w in lets_in)
