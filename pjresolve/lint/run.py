"""All rules over one configuration, and the verdict on each of its registrations.

Rules of this file:
- findings stand in the order of the files, then lines, then codes, and none stands twice;
- a comment `; noqa: CODE` on the line of a finding leaves it out, `; noqa` all of the line's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pjresolve.config.objects import Config
from pjresolve.config.sections import Section
from pjresolve.errors import BadInput, Location, printable
from pjresolve.lint.context import Context, Trunk
from pjresolve.lint.edits import is_sure
from pjresolve.lint.finding import Finding, RegistrationVerdict
from pjresolve.lint.placeholders import WHATEVER_THE_VALUE, held, is_placeholder
from pjresolve.lint.registry import rules
from pjresolve.lint.rule import FAMILIES, Rule
from pjresolve.lint.versions import is_newer
from pjresolve.lint.words import UNTIL_FIXED, result, target
from pjresolve.model import addresses
from pjresolve.scenario.format import Scenario
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
        if code != "ALL" and not any(rule.startswith(code.rstrip("X")) for rule in rules()):
            raise BadInput(f"no rule is called {printable(code, 40)}", where=option, hint=other_codes(code))
    return tuple("" if c == "ALL" else c.rstrip("X") for c in codes)


def other_codes(code: str) -> str:
    """What to write instead of a code that no rule has, as a hint."""
    import difflib

    word = code.strip().upper()[:20].removeprefix("PJ").translate(str.maketrans("OIL", "011"))
    near = difflib.get_close_matches(f"PJ{word}", list(rules()), 3, 0.7) if len(word) >= 3 else []
    families = f"families are {', '.join(FAMILIES)}, and `pjresolve rule` lists all"
    return f"did you mean {' or '.join(near)}? {families}" if near else families


def findings(context: Context, selection: Selection = Selection()) -> list[Finding]:
    """What is wrong with the configuration."""
    silenced = _silenced(context.config.document.noqa)
    selected = [rule for code, rule in rules().items() if selection.takes(code)]
    unique: dict[tuple[object, ...], Finding] = {}
    for rule in selected:
        for finding in _of(rule, context):
            # what a template gives to several is said once
            key = (finding.code, finding.where, finding.statement, finding.consequence, finding.edits)
            unique.setdefault(key, finding)
    order = {name: i for i, name in enumerate(context.config.document.files)}
    return sorted(
        (
            _sure(f, context)
            for f in unique.values()
            if not _is_silenced(f, silenced) and not _is_unfilled(f, context)
        ),
        key=lambda f: (order.get(f.where.file, 0), f.where.line, f.code, f.statement),
    )


def findings_in(world: Scenario, config: Config) -> tuple[Finding, ...]:
    """What every rule finds in `config` with the answers of `world`, in that world. Raises BadInput for
    a bad zone.
    """
    return tuple(findings(Context.in_world(config, world)))


def _of(rule: type[Rule], context: Context) -> Iterator[Finding]:
    told = context.elsewhere.isdisjoint(rule.absent)
    if told and (context.source is not None or not rule.needs_dns):
        yield from rule().check(context)


def _sure(finding: Finding, context: Context) -> Finding:
    """The finding, without a fix that its files leave no room for, or that its Asterisk would refuse."""
    lines = [line for edit in finding.edits for line in edit.text.split("\n")]
    if context.placeholders and any(map(is_placeholder, lines)):
        return replace(finding, edits=())
    wizard = context.config.wizard
    if wizard is not None and any(edit.where.file in wizard.files for edit in finding.edits):
        return replace(finding, edits=())  # a wizard's options have other names
    if is_sure(finding.edits, context.line) and not any(is_newer(line, context.version) for line in lines):
        return finding
    return replace(finding, edits=())


def _silenced(comments: Iterable[tuple[Location, str]]) -> dict[Location, frozenset[str]]:
    """For each line with a `noqa`: the codes it names, or none where it means all."""
    out: dict[Location, frozenset[str]] = {}
    for where, comment in comments:
        noqa = _NOQA.search(comment)
        if noqa:
            out[where] = frozenset(re.findall(r"PJ\d+", (noqa["codes"] or "").upper()))
    return out


def _is_unfilled(finding: Finding, context: Context) -> bool:
    """Whether a finding speaks of a value that is still to be filled in."""
    return finding.where in context.placeholders and finding.code not in WHATEVER_THE_VALUE


def _is_silenced(finding: Finding, silenced: dict[Location, frozenset[str]]) -> bool:
    codes = silenced.get(finding.where)
    return codes is not None and (not codes or any(finding.code.startswith(code) for code in codes))


def verdicts(context: Context) -> list[RegistrationVerdict]:
    """What will become of each registration, those that are refused included; in the order of the file."""
    missing = next((n.where for n in context.config.document.notices if n.code == "missing-include"), None)
    out = [_verdict(trunk, missing) for trunk in context.trunks]
    for refusal in context.config.refusals:
        if refusal.type == "registration":
            text = f"refused: {refusal.message}"
            out.append(RegistrationVerdict(refusal.name, refusal.where, False, text))
    unfilled = {s.name: s for s in context.config.document.sections if s.type == "registration"}
    out = [_unfilled(v, unfilled.get(v.registration)) for v in out]
    order = {s.where: i for i, s in enumerate(context.config.document.sections)}
    places = {(s.name, s.type): order[s.where] for s in context.config.document.sections}
    return sorted(out, key=lambda v: places.get((v.registration, "registration"), 0))


def _verdict(trunk: Trunk, missing: Location | None) -> RegistrationVerdict:
    registers, text = _registers(trunk)
    if missing is not None:
        registers, text = False, f"not loaded: Asterisk refuses the file for its line {missing.line}"
    elif registers is False and not _is_whole(trunk.context):
        registers, text = None, f"not known, since objects may stand elsewhere; from the file alone: {text}"
    where = trunk.registration.section.where
    asked = trunk.plan is not None and not trunk.plan.dead_end and trunk.context.source is not None
    unanswered = _host(trunk) if registers is None and asked and not trunk.has_answers else ""
    return RegistrationVerdict(trunk.name, where, registers, text, unanswered)


def _host(trunk: Trunk) -> str:
    return printable(trunk.route.host) if trunk.route else "its host"


def _unfilled(verdict: RegistrationVerdict, section: Section | None) -> RegistrationVerdict:
    """The verdict, or that there is none where an option it depends on is still to be filled in."""
    decisive = ("server_uri", "client_uri", "outbound_proxy", "transport", "outbound_auth")
    names = [e.name for e in held(section) if e.name.lower() in decisive] if section else []
    if not names:
        return verdict
    return replace(
        verdict, registers=None, text=f"not predicted: {names[0]} is still to be filled in", unanswered=""
    )


def _is_whole(context: Context) -> bool:
    """Whether all transports and passwords that a registration may use stand in the files."""
    return context.elsewhere.isdisjoint(("transport", "auth"))


def _registers(trunk: Trunk) -> tuple[bool | None, str]:
    """Whether it registers (None: not predicted), and how, in a sentence."""
    plan = trunk.plan
    if plan is None:
        return False, f"refused: {trunk.refusal.why if trunk.refusal else ''}"
    if plan.dead_end:
        return False, f"never registers: {plan.dead_end}"
    if trunk.context.source is None:
        return None, "loads; without DNS it is not known where it registers"
    if not trunk.has_answers:
        return None, f"loads; the answers at hand do not hold {_host(trunk)}"
    success = trunk.baseline.registered
    if success is None:
        return False, f"does not register ({trunk.why_not()}): {result(trunk.baseline, UNTIL_FIXED)}"
    own = addresses(trunk.targets)
    after = "" if success.t < 1 else f" after {span(success.t)}"
    text = f"registers at {target(success.target)}{after}"
    if len(own) == 1:
        return True, f"{text}, its only address; while that is down: {result(trunk.outage(own))}"
    outage = trunk.outage([success.target.address])
    return True, f"{text}; while that address is down: {result(outage)}"
