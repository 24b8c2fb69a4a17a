"""The names that objects give of others, and which of them no section has.

Rules of this file: a name is missing only where its section can stand nowhere else and was not refused. That
of a transport is not where there is none at all: that is a mistake of its own, or the file is a part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pjresolve.config.objects import Endpoint, Identify, Object, Registration
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.sections import objects

OPTIONS: dict[type[Object], tuple[tuple[str, str], ...]] = {
    Endpoint: (("aors", "aor"), ("auth", "auth"), ("outbound_auth", "auth"), ("transport", "transport")),
    Identify: (("endpoint", "endpoint"),),
    Registration: (("endpoint", "endpoint"), ("outbound_auth", "auth")),
}
"""For each class of objects the options that name others, and the type of those."""
NAMING: dict[str, tuple[str, ...]] = {"auth": ("auth", "outbound_auth"), "aor": ("aors", "aor")}
"""The types whose objects do nothing unless one of these options names them."""


class Reference(NamedTuple):
    """An object, the option that names another, the type of the other, and its name."""

    of: Object
    option: str
    kind: str
    name: str


def known(context: Context, kind: str) -> Mapping[str, Object]:
    """The objects of a type by name."""
    config = context.config
    tables: dict[str, Mapping[str, Object]] = {
        "aor": config.aors,
        "auth": config.auths,
        "transport": config.transports,
        "endpoint": config.endpoints,
    }
    return tables[kind]


def missing(context: Context) -> list[Reference]:
    """Every reference whose name no section has."""
    return context.once("names of nothing", lambda: list(_missing(context)))


def _missing(context: Context) -> Iterator[Reference]:
    refused = {(r.type, r.name) for r in context.config.refusals}
    for reference in _references(context):
        kind, name = reference.kind, reference.name
        unseen = kind in context.elsewhere or (kind == "transport" and not context.config.bound)
        if not (name in known(context, kind) or (kind, name) in refused or unseen):
            yield reference


def _references(context: Context) -> Iterator[Reference]:
    config = context.config
    tables: tuple[Mapping[str, Object], ...] = (config.endpoints, config.identifies, config.registrations)
    for of in (one for table in tables for one in table.values()):
        for option, kind in OPTIONS[type(of)]:
            value = getattr(of, option)
            for name in [value] if isinstance(value, str) else value:
                if name:
                    yield Reference(of, option, kind, name)


def without_credentials(context: Context) -> list[Trunk]:
    """The registrations that Asterisk loads and that no auth section gives a password, as far as is known."""
    return [
        trunk
        for trunk in context.trunks
        if trunk.plan is not None
        and not trunk.plan.credentials
        and not any(context.config.refusal("auth", name) for name in trunk.registration.outbound_auth)
        and not (trunk.registration.outbound_auth and "auth" in context.elsewhere)
    ]


def unused(context: Context, kind: str) -> list[Object]:
    """The objects of a type in NAMING that nothing names, whatever becomes of what could name them."""
    named: set[str] = context.once("named", lambda: _named(context))
    return [one for name, one in known(context, kind).items() if name not in named]


def _named(context: Context) -> set[str]:
    options = {name for names in NAMING.values() for name in names}
    entries = (e for _, section in objects(context) for e in section.entries if e.name.lower() in options)
    return {name.strip() for entry in entries for name in entry.value.split(",")}
