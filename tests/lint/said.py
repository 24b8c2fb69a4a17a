"""What a check says of the rules' own bad examples: simulated anew whenever the page of rules is written."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from pjresolve.lint.manual import manual
from pjresolve.lint.registry import rules
from pjresolve.lint.rule import Rule
from pjresolve.lint.run import Selection
from pjresolve.scenario.format import parse_scenario
from tests.lint.composing import ZONE, composed, found
from tests.lint.examples import BESIDE, VERSIONS, WORLDS


def said() -> dict[str, str]:
    """The first finding of each rule in its `Bad` example, by code: severity, statement, consequence."""
    with TemporaryDirectory() as folder:
        return {rule.code: _first(rule, Path(folder) / rule.code) for rule in rules().values()}


def _first(rule: type[Rule], folder: Path) -> str:
    folder.mkdir()
    examples = manual(rule).examples
    world = parse_scenario(WORLDS[rule.code], name="w", folder=None) if rule.code in WORLDS else None
    finding = found(
        folder,
        composed(examples.get("Bad", "")),
        zone=examples.get("Bad zone", ZONE),
        world=world,
        version=VERSIONS.get(rule.code, (22,)),
        selection=Selection((rule.code,)),
        beside=BESIDE.get(rule.code),
    )[0]
    lines = (f"{finding.severity}: {finding.statement}", finding.consequence)
    return "\n".join(line for line in lines if line).replace(f"{folder}/", "")
