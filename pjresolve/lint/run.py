"""All rules over one configuration, and the verdict on each of its registrations.

Rules of this file:
- findings stand in the order of the files, then lines, then codes, and none stands twice;
- a comment `; noqa: CODE` on the line of a finding leaves it out, `; noqa` all of the line's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pjresolve.errors import BadInput, Location, printable
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.rule import Rule, rules
from pjresolve.lint.words import fate, target
from pjresolve.model import Finding, Verdict, addresses
from pjresolve.stacks.protocol import Refused
from pjresolve.words import span

_NOQA = re.compile(r";\s*noqa(?P<codes>\s*:\s*PJ\d+(?:[\s,]+PJ\d+)*)?\s*(?:[;,.)-].*)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rules apply: codes or the beginnings of codes (`PJ4`); nothing selected means all."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def takes(self, code: str) -> bool:
        """Whether the rule applies. The longer prefix decides, and of equals `ignore`."""
        chosen = max((len(p) for p in self.select if code.startswith(p)), default=-1 if self.select else 0)
        left_out = max((len(p) for p in self.ignore if code.startswith(p)), default=-1)
        return chosen >= 0 and chosen > left_out


def parse_codes(texts: Iterable[str], option: str) -> tuple[str, ...]:
    """Codes and families from `PJ201,PJ4`. Raises BadInput for one that fits no rule."""
    codes = [c.strip().upper() for text in texts for c in text.split(",") if c.strip()]
    for code in codes:
        if code != "ALL" and not any(known.startswith(code.rstrip("X")) for known in rules()):
            near = ", ".join(closest_codes(code))
            raise BadInput(f"no rule is called {printable(code, 40)}", where=option, hint=f"there is {near}")
    return tuple("" if c == "ALL" else c.rstrip("X") for c in codes)


def closest_codes(code: str) -> list[str]:
    """The known codes that are spelt most like `code`."""
    import difflib

    digits = str.maketrans("OIL", "011")
    return difflib.get_close_matches(code.upper()[:20].translate(digits), list(rules()), 3, 0.0)


def findings(context: Context, selection: Selection = Selection()) -> list[Finding]:
    """What is wrong with the configuration."""
    quiet = _quiet(context.config.document.noqa)
    found = {f: None for rule in rules().values() if selection.takes(rule.code) for f in _of(rule, context)}
    kept = [f for f in found if not _silenced(f, quiet)]
    order = {name: i for i, name in enumerate(context.config.document.files)}
    return sorted(kept, key=lambda f: (order.get(f.where.file, 0), f.where.line, f.code, f.statement))


def _of(rule: type[Rule], context: Context) -> Iterator[Finding]:
    if context.source is not None or not rule.needs_dns:
        yield from rule().check(context)


def _quiet(comments: Iterable[tuple[Location, str]]) -> dict[Location, frozenset[str]]:
    """For each line with a `noqa`: the codes it names, or none where it means all."""
    out: dict[Location, frozenset[str]] = {}
    for where, comment in comments:
        found = _NOQA.search(comment)
        if found:
            out[where] = frozenset(re.findall(r"PJ\d+", (found["codes"] or "").upper()))
    return out


def _silenced(finding: Finding, quiet: dict[Location, frozenset[str]]) -> bool:
    codes = quiet.get(finding.where)
    return codes is not None and (not codes or any(finding.code.startswith(code) for code in codes))


def verdicts(context: Context) -> list[Verdict]:
    """What will become of each registration, those that are refused included; in the order of the file."""
    found = [_verdict(trunk) for trunk in context.trunks]
    for refusal in context.config.refusals:
        if refusal.type == "registration":
            found.append(Verdict(refusal.name, refusal.where, False, f"refused: {refusal.message}"))
    order = {s.where: i for i, s in enumerate(context.config.document.sections)}
    names = {(s.name, s.type): order[s.where] for s in context.config.document.sections}
    return sorted(found, key=lambda v: names.get((v.registration, "registration"), 0))


def _verdict(trunk: Trunk) -> Verdict:
    where, name = trunk.registration.section.where, trunk.name
    if isinstance(trunk.loaded, Refused):
        return Verdict(name, where, False, f"refused: {trunk.loaded.why}")
    if trunk.loaded.dead_end:
        return Verdict(name, where, False, f"never registers: {trunk.loaded.dead_end}")
    if trunk.context.source is None:
        return Verdict(name, where, None, "loads; without DNS it is not known where it registers")
    if not trunk.known:
        host = printable(trunk.route.host) if trunk.route else "its host"
        return Verdict(name, where, None, f"loads; the answers at hand do not hold {host}")
    baseline = trunk.baseline
    if baseline.registered is None:
        return Verdict(
            name, where, False, f"does not register ({trunk.why_not()}): {fate(baseline, 'this is mended')}"
        )
    own = addresses(trunk.targets)
    after = "" if baseline.registered.t < 1 else f" after {span(baseline.registered.t)}"
    text = f"registers at {target(baseline.registered.target)}{after}"
    if len(own) == 1:
        outage = trunk.predict(down=own, duration=3600.0)
        return Verdict(name, where, True, f"{text}, its only address; while that is down: {fate(outage)}")
    moved = trunk.predict(down=[baseline.registered.target.address], duration=3600.0)
    return Verdict(name, where, True, f"{text}; while that address is down: {fate(moved)}")
