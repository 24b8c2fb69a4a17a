"""Every printed fix is applied, and the configuration judged anew: what a fix promises.

The finding is gone, nothing new of the same or a higher severity appears, and no registration does worse: it
registers where it did and no later, over TLS where that was so, and with no fewer addresses to fail over to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pjresolve.config.objects import load_path
from pjresolve.lint.context import Context
from pjresolve.lint.edits import applied
from pjresolve.lint.finding import Finding
from pjresolve.lint.run import findings
from pjresolve.lint.sections import objects
from pjresolve.lint.versions import CURRENT, Version
from pjresolve.model import Protocol, addresses
from pjresolve.scenario.format import Scenario

Key = tuple[str, str, str]


@dataclass(frozen=True)
class Judged:
    """A configuration as `check` sees it: its findings, and what becomes of each registration.

    `objects` holds type and name of every section of a known type, and whether Asterisk loads it. `registers`
    holds for each registration that registers the time in seconds, whether over TLS, and how many addresses
    there are; None for one that loads and does not register, or whose answers are not known.
    """

    findings: tuple[Finding, ...]
    registers: dict[str, tuple[float, bool, int] | None]
    objects: frozenset[tuple[str, str, bool]]

    @property
    def counts(self) -> Counter[tuple[str, str]]:
        return Counter((f.code, f.subject) for f in self.findings)


def judged(main: Path, world: Scenario | None, version: Version = CURRENT) -> Judged:
    """The configuration in the file `main`, with the answers of `world`, or without DNS."""
    config = load_path(main, goes_on=True)
    context = Context(config, version=version) if world is None else Context.in_world(config, world, version)
    registers: dict[str, tuple[float, bool, int] | None] = {}
    for trunk in context.trunks:
        if trunk.plan is None:
            continue
        success = trunk.predict(duration=3600).registered if trunk.has_answers else None
        registers[trunk.name] = success and (
            success.t,
            success.target.transport.protocol is Protocol.TLS,
            len(addresses(trunk.targets)),
        )
    names = {(kind, s.name, config.refusal(kind, s.name) is None) for kind, s in objects(context)}
    names |= {("sends", trunk.name, True) for trunk in context.loaded}
    return Judged(tuple(findings(context)), registers, frozenset(names))


def broken_promises(main: Path, world: Scenario | None, version: Version = CURRENT) -> Iterator[str]:
    """What each fix that is printed for a configuration breaks, one line for each; nothing where all hold."""
    before = judged(main, world, version)
    names = load_path(main, goes_on=True).document.files
    files = {name: Path(name).read_bytes().decode("utf-8", "surrogateescape") for name in names}
    for finding in before.findings:
        if not finding.edits:
            continue
        try:
            for name, text in applied(finding.edits, files).items():
                Path(name).write_bytes(text.encode("utf-8", "surrogateescape"))
            after = judged(main, world, version)
        finally:
            for name, text in files.items():
                Path(name).write_bytes(text.encode("utf-8", "surrogateescape"))
        for wrong in _compared(finding, before, after):
            yield f"{finding.code} {finding.subject}: {wrong}; the fix was:\n{finding.fix}"


def _compared(finding: Finding, before: Judged, after: Judged) -> Iterator[str]:
    key = (finding.code, finding.subject)
    if after.counts[key] >= before.counts[key]:
        still = [f.statement for f in after.findings if (f.code, f.subject) == key]
        yield f"the finding is still there: {still}"
    judged_anew = after.objects - before.objects
    for (code, subject), count in (after.counts - before.counts).items():
        new = [f for f in after.findings if (f.code, f.subject) == (code, subject)]
        if subject in {name for _, name, _ in judged_anew}:
            continue  # what did not load could not be judged
        worst = [f for f in new if f.severity.reaches(finding.severity)]
        if worst:
            yield f"{count} new {code}: {worst[0].statement}"
    for name, was in before.registers.items():
        will = after.registers.get(name)
        if name not in after.registers:
            yield f"{name} is refused"
        elif was is not None and will is None:
            yield f"{name} no longer registers"
        elif was is not None and will is not None:
            if will[0] > was[0] + 0.001:
                yield f"{name} registers after {will[0]} s instead of {was[0]} s"
            if was[1] and not will[1]:
                yield f"{name} registers in the clear instead of over TLS"
            if will[2] < was[2]:
                yield f"{name} has {will[2]} addresses instead of {was[2]}"


def without_expectations(world: Scenario) -> Scenario:
    """A world of `scenarios/` or of a recording, for configurations that differ from its own."""
    return replace(world, expect=None)
