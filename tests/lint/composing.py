"""A good configuration with some lines changed: what the rules' examples and cases are written against.

A section of the change that has the name and the type of one in the good configuration is merged
into it: an option that the change gives replaces all lines of that option, and `; without OPTION`
removes them. Other sections, and text that is no section, are added. A line `; without [NAME] TYPE`
before the first section removes a whole one.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

from pjresolve.config.objects import load_path
from pjresolve.lint.context import Context
from pjresolve.lint.finding import Finding
from pjresolve.lint.registry import rules
from pjresolve.lint.run import Selection, findings
from pjresolve.lint.versions import Version
from pjresolve.scenario.format import Scenario

GOOD = Path(__file__).parent / "good"
TRUNK = (GOOD / "trunk.conf").read_text()
ZONE = (GOOD / "trunk.zone").read_text()
_HEADER = re.compile(r"^\[", re.MULTILINE)
_REMOVED = re.compile(r"^; without (\[\S+\]) (\S+)$", re.MULTILINE)


def sections(text: str) -> list[str]:
    """The text cut before every section header; the first piece is what stands before them all."""
    starts = [0, *(m.start() for m in _HEADER.finditer(text)), len(text)]
    return [text[a:b] for a, b in pairwise(starts)]


def key(section: str) -> tuple[str, str]:
    """Header and type of a section's text."""
    kind = re.search(r"^type\s*=\s*(\S+)", section, re.MULTILINE)
    return section.split("\n", 1)[0].strip(), kind[1] if kind else ""


def options(section: str) -> set[str]:
    """The options that a section's text gives, or removes with a line `; without OPTION`."""
    return {m[1] for m in re.finditer(r"^(?:; without )?([\w-]+)\s*(?:\+?=|$)", section, re.MULTILINE)}


def composed(change: str, base: str = TRUNK) -> str:
    """The good configuration with the change."""
    removed = set(_REMOVED.findall(sections(change)[0]))
    pieces = [piece for piece in sections(base) if key(piece) not in removed]
    places = {key(piece): i for i, piece in enumerate(pieces) if piece.startswith("[")}
    merged: set[tuple[str, str]] = set()
    for piece in sections(change):
        place = places.get(key(piece)) if piece.startswith("[") else None
        if place is None or key(piece) in merged:
            pieces.append("\n" + piece)
            continue
        merged.add(key(piece))
        given = options(piece) - {"type"}
        old = pieces[place].splitlines()
        kept = [line for line in old if line.strip() and line.partition("=")[0].strip() not in given]
        new = [line for line in piece.splitlines()[1:] if line.strip() and not re.match(r"type\s*=", line)]
        pieces[place] = "\n".join([*kept, *new]) + "\n\n"
    return "".join(pieces)


def found(
    folder: Path,
    text: str,
    *,
    zone: str | None = ZONE,
    world: Scenario | None = None,
    version: Version = (22,),
    selection: Selection | None = None,
    beside: dict[str, str] | None = None,
) -> list[Finding]:
    """The findings on a configuration text. `zone` None leaves the DNS out; `world` replaces it. `beside` are
    the files that stand beside it. A file called `missing…` is not on the machine.
    """
    path = folder / "pjsip.conf"
    for name, content in (beside or {}).items():
        (folder / name).write_text(content)
    path.write_text(text)
    config = load_path(path, goes_on=True)
    if world is None and zone is not None:
        world = Scenario("zone", zone=zone)
    context = Context(config, version=version) if world is None else Context.in_world(config, world, version)
    context.exists = lambda path: "missing" not in path
    out = findings(context, selection or Selection())
    for finding in out:
        assert finding.severity in (rules()[finding.code].severity, *rules()[finding.code].also), finding
    return out
