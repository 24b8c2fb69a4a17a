"""A configuration that several files make, as one text: what a scenario keeps of it.

Rules of this file:
- each object is written out with all that it inherits; templates, comments and what makes no object go;
- a text is returned only where it reads back as the same objects and the same refusals, else None.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeAlias

from pjresolve.config.objects import Config, load_text
from pjresolve.config.sections import Section
from pjresolve.errors import BadInput, Location

_Written: TypeAlias = tuple[str, list[tuple[str, str]]]
"""A section's name and its options."""
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_@/.-]{0,70}")
_VALUE = re.compile(r"(?:[^\x00-\x20\x7f-\U0010ffff](?:[\x20-\x7e]{0,1000}[^\x00-\x20\x7f-\U0010ffff])?)?")
"""Names and values of which nothing is cut or passed over."""
_NOWHERE = Section("", Location(""), False, (), (), ())


def whole_text(config: Config) -> str | None:
    """One text for the configuration, with the `transport=` that its registrations have; None where Asterisk
    would not make the same of it.
    """
    sections = _sections(config)
    text = "\n".join(map(_written, sections))
    if config.wizard is None and not config.unread and all(map(_plain, sections)):
        return text  # the same sections in the same order make the same objects
    try:
        again = load_text(text)
    except BadInput:
        return None
    same = _sections(again) == sections and _objects(again) == _objects(config)
    return text if same else None


def _plain(section: _Written) -> bool:
    """Whether a section reads back as it is, without a look."""
    name, options = section
    return _NAME.fullmatch(name) is not None and all(
        _NAME.fullmatch(option) and _VALUE.fullmatch(value) for option, value in options
    )


def _sections(config: Config) -> list[_Written]:
    """The sections that count: name and options, with the `transport=` that each registration has."""
    pins = {id(r.section): r.transport for r in config.registrations.values()}
    found = []
    for section in config.document.sections:
        if section.template or section.type in config.unread:
            continue
        options = [(entry.name, entry.value) for entry in section.entries]
        last, pin = section.last("transport"), pins.get(id(section), "")
        if pin and (last is None or last.value != pin):
            options.append(("transport", pin))
        found.append((section.name, options))
    return found


def _written(section: _Written) -> str:
    name, options = section
    # of a value that begins with > the first is passed over
    lines = [f"{option}={'>' * value.startswith('>')}{value}" for option, value in options]
    return "\n".join((f"[{name}]", *lines, "")).replace(";", "\\;")


def _objects(config: Config) -> tuple[object, ...]:
    """The objects and the refusals, without the places that they stand in."""
    kinds = (
        config.transports, config.bound, config.registrations, config.endpoints, config.aors, config.auths,
        config.identifies, config.acls, {"": config.system}, {"": config.global_},
    )  # fmt: skip
    objects = [[replace(one, section=_NOWHERE) for one in kind.values()] for kind in kinds]
    refused = [(r.type, r.name, re.sub(r" at line \d+$", "", r.message)) for r in config.refusals]
    return objects, refused, config.looked_up
