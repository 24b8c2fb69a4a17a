"""Every rule against its manual's own examples, its cases, and the good configurations."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from pjresolve.lint import rules as package
from pjresolve.lint.finding import Finding, Severity
from pjresolve.lint.manual import manual, manual_page, manual_text
from pjresolve.lint.registry import rules
from pjresolve.lint.rule import FAMILIES, Rule
from pjresolve.lint.run import Selection
from pjresolve.scenario.examples import bundled
from pjresolve.scenario.format import Scenario, load_scenario, parse_scenario
from tests.conftest import ROOT
from tests.lint.composing import GOOD, TRUNK, ZONE, composed, found
from tests.lint.examples import BESIDE, VERSIONS, WORLDS
from tests.lint.said import said
from tests.recordings.library import CALL_NAMES, NAMES

CASES = Path(__file__).parent / "cases"
RULES = list(rules().values())


def cases() -> list[Any]:
    out = []
    for path in sorted(CASES.glob("*.yaml")):
        for case in yaml.safe_load(path.read_text()):
            out.append(pytest.param(path.stem, case, id=f"{path.stem}: {case['case']}"))
    return out


def shown(finding: Finding) -> str:
    return "\n".join((finding.statement, finding.consequence, finding.fix, finding.advice))


@pytest.mark.parametrize(("code", "case"), cases())
def test_a_case(code: str, case: dict[str, Any], tmp_path: Path) -> None:
    text = composed(case.get("change", ""))
    version = tuple(int(p) for p in case.get("asterisk", "22").split("."))
    world = None
    if "hosts" in case:
        world = parse_scenario(
            yaml.safe_dump({"zone": case["zone"], "hosts": case["hosts"]}), name="w", folder=None
        )
    zone = None if case.get("dns") is False else case.get("zone", ZONE)
    here = list(
        found(
            tmp_path,
            text,
            zone=zone,
            world=world,
            version=version,
            selection=Selection((code,)),
            beside=case.get("beside"),
        )
    )

    if case["finds"] == "nothing":
        assert here == []
        return
    matching = [f for f in here if case["finds"] in shown(f)]
    assert matching, [shown(f) for f in here]
    if "line" in case:
        assert case["line"] in {text.splitlines()[f.where.line - 1] for f in matching}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_has_a_manual_examples_and_cases(rule: type[Rule]) -> None:
    words = manual(rule)
    assert words.title.endswith(".")
    assert "\n" not in words.title
    assert rule.code[:3] in FAMILIES
    assert {"Bad", "Bad zone"} & set(words.examples)
    assert {"Good", "Good zone"} & set(words.examples)
    written = yaml.safe_load((CASES / f"{rule.code}.yaml").read_text())
    results = [case["finds"] == "nothing" for case in written]
    assert True in results
    assert False in results


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_manual_says_each_severity_that_its_rule_prints(rule: type[Rule]) -> None:
    source = re.sub(r"    also = .*\n", "", Path(str(inspect.getsourcefile(rule))).read_text())
    printed = {Severity[name] for name in re.findall(r"Severity\.([A-Z]+)", source)} | {rule.severity}
    assert printed == {rule.severity, *rule.also}
    assert rule.severity not in rule.also
    assert str(rule.severity) in manual_text(manual(rule))
    assert all(str(severity) in manual_text(manual(rule)) for severity in rule.also)


def test_no_cases_are_left_of_rules_that_are_gone() -> None:
    assert {path.stem for path in CASES.glob("*.yaml")} == set(rules())


def test_a_rule_is_found_by_its_code() -> None:
    """One rule a file, which its code and name lead to; none is left out."""

    def file_of(rule: type[Rule]) -> str:
        return f"{rule.code.lower()}_{re.sub('(?<!^)(?=[A-Z])', '_', rule.__name__).lower()}"

    files = sorted(path.stem for path in Path(package.__path__[0]).glob("pj*.py"))
    assert [rule.__module__.rpartition(".")[2] for rule in RULES] == files
    assert [file_of(rule) for rule in RULES] == files
    assert list(rules()) == [rule.code for rule in RULES] == sorted(rules())


def test_a_file_without_its_rule_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pj999_nothing.py").write_text("")
    monkeypatch.setattr(package, "__path__", [str(tmp_path)])
    with pytest.raises(ValueError, match=r"pj999_nothing\.py holds no rule with the code PJ999"):
        rules.__wrapped__()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_bad_example_triggers_its_rule_and_the_good_one_does_not(
    rule: type[Rule], tmp_path: Path
) -> None:
    examples = manual(rule).examples
    version = VERSIONS.get(rule.code, (22,))
    for label, expected in (("Bad", True), ("Good", False)):
        world = parse_scenario(WORLDS[rule.code], name="w", folder=None) if rule.code in WORLDS else None
        zone = examples.get(f"{label} zone", examples.get("Bad zone", ZONE))
        if label == "Good" and "Good zone" not in examples and "Bad zone" not in examples:
            zone = ZONE
        here = found(
            tmp_path,
            composed(examples.get(label, "")),
            zone=zone,
            world=world,
            version=version,
            selection=Selection((rule.code,)),
            beside=BESIDE.get(rule.code) if label == "Bad" else None,
        )
        for name in BESIDE.get(rule.code, {}):
            (tmp_path / name).unlink(missing_ok=True)
        assert any(f.code == rule.code for f in here) is expected, label


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_recordings_that_a_manual_names_exist(rule: type[Rule]) -> None:
    for sentence in re.findall(r"[Rr]ecordings? (?:`[\w-]+`[, and]*)+", manual(rule).text.replace("\n", " ")):
        for name in re.findall(r"`([\w-]+)`", sentence):
            assert name in {*NAMES, *CALL_NAMES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_no_rule_triggers_on_a_good_configuration(rule: type[Rule], tmp_path: Path) -> None:
    published = (GOOD / "published.conf").read_text()
    snapshot = bundled("sip6.voipgrid.nl")
    assert snapshot is not None
    world = load_scenario(snapshot)
    for text, given, zone in (
        (TRUNK, None, ZONE),
        (TRUNK, None, None),
        (published, world, None),
        (published, None, None),
    ):
        here = found(tmp_path, text, zone=zone, world=given, selection=Selection((rule.code,)))
        # this provider publishes TCP before UDP, at one address
        assert [f.code for f in here] == (["PJ416"] if given and rule.code == "PJ416" else [])


def test_a_good_configuration_is_predicted_and_not_passed_over(tmp_path: Path) -> None:
    """Else a rule could be silent because nothing was known."""
    from pjresolve.config.objects import load_text
    from pjresolve.lint.context import Context
    from pjresolve.lint.run import verdicts

    snapshot = bundled("sip6.voipgrid.nl")
    assert snapshot is not None
    world = load_scenario(snapshot)
    context = Context.in_world(load_text((GOOD / "published.conf").read_text()), world)
    (verdict,) = verdicts(context)
    assert verdict.registers
    assert "over TCP/IPv6" in verdict.text


def test_the_page_of_rules_is_in_step() -> None:
    assert (ROOT / "docs" / "rules.md").read_text() == manual_page(said()), (
        "run: python tests/lint/write_rules_page.py"
    )


def test_a_snapshot_s_hosts_decide_over_health(tmp_path: Path) -> None:
    world = Scenario("w", zone=ZONE, hosts=dict.fromkeys(("203.0.113.1", "2001:db8:5::1"), "down"))
    dead = Scenario("w", zone=ZONE, hosts={**world.hosts, "198.51.100.2": "down", "2001:db8:6::2": "down"})
    assert not [f for f in found(tmp_path, TRUNK, world=world) if f.code == "PJ410"]
    assert [f for f in found(tmp_path, TRUNK, world=dead) if f.code == "PJ410"]
