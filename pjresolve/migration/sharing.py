"""Templates of sip.conf that stay templates: what all peers of one say alike is written once.

Rules of this file:
- only lines that every peer of the template has are moved, so that what a section is does not change;
- of options whose order counts, only the beginning that is the same in all is moved, since what a section
  inherits comes before its own lines.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from pjresolve.migration.output import Line, Output, OutSection
from pjresolve.migration.peer import Peer

FAMILIES = {
    "allow": "codecs", "disallow": "codecs",
    "deny": "acl", "permit": "acl",
    "contact_deny": "contact_acl", "contact_permit": "contact_acl",
}  # fmt: skip
"""Options whose order among each other counts."""
COST = 3
"""Lines that a template needs beside those that are shared."""


def share(out: Output, peers: Iterable[Peer]) -> None:
    """Write a template for the endpoints, and one for the aors, of the peers that had the same template."""
    having = [p for p in peers if p.options.parents]
    having.sort(key=lambda p: p.options.parents)
    for parents, group in groupby(having, key=lambda p: p.options.parents):
        members = list(group)
        for kind in ("endpoint", "aor"):
            sections = [s for p in members for s in p.written if s.kind == kind]
            _template(out, f"{parents[-1].lstrip('+!')}-{kind}", sections)


def _template(out: Output, name: str, sections: list[OutSection]) -> None:
    alike = _alike([s.lines for s in sections]) if len(sections) > 1 else []
    if len(alike) * (len(sections) - 1) <= COST:
        return
    template = OutSection(sections[0].kind, out.template_name(name), template=True, parent=sections[0].parent)
    template.lines, moved = alike, len(alike)
    out.sections.append(template)
    for section in sections:
        section.parent, rest = template.name, list(section.lines)
        for line in alike:
            rest.remove(line)
        assert len(rest) + moved == len(section.lines)
        section.lines = rest


def _alike(sections: list[list[Line]]) -> list[Line]:
    """The lines that all have, of each family of options the beginning that is the same."""
    families = [_by_family(lines) for lines in sections]
    kept: set[tuple[str, int]] = set()
    for family, lines in families[0].items():
        for place, line in enumerate(lines):
            if any(other.get(family, [])[place : place + 1] != [line] for other in families):
                break
            kept.add((family, place))
    alike, seen = [], dict.fromkeys(families[0], 0)
    for line in sections[0]:
        family = _family(line)
        if (family, seen[family]) in kept:
            alike.append(line)
        seen[family] += 1
    return alike


def _by_family(lines: list[Line]) -> dict[str, list[Line]]:
    families: dict[str, list[Line]] = {}
    for line in lines:
        families.setdefault(_family(line), []).append(line)
    return families


def _family(line: Line) -> str:
    return FAMILIES.get(line.option, line.option)
