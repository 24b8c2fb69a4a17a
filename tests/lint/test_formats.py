"""What a check prints: each format by its own standard, with hostile names in it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest
from lxml import etree

from pjresolve.errors import Location
from pjresolve.lint.edits import Edit
from pjresolve.lint.finding import Finding, RegistrationVerdict, Severity
from pjresolve.lint.manual import manual
from pjresolve.lint.registry import rules
from pjresolve.render.findings import nagios
from pjresolve.render.findings.formats import FORMATS
from pjresolve.render.findings.report import Report, RuleWords

SCHEMAS = Path(__file__).parent / "schemas"
HOSTILE = "a\x1b[31mb\x00c\u202ed]]><x>&\"'|%,:\ud800é"
ONE = (Edit(Location("pjsip.conf", 54), "one\ntwo", True),)
WILD = (Edit(Location(f"{HOSTILE}.conf", 0), HOSTILE),)
FINDINGS = (
    Finding("PJ201", Severity.WARNING, Location("pjsip.conf", 54), "a pin", "an outage", ONE, "", "itsp"),
    Finding("PJ504", Severity.INFO, Location("/etc/my dir/ünï.conf", 3), "twice"),
    Finding(
        "PJ501", Severity.ERROR, Location(f"{HOSTILE}.conf", 0), HOSTILE, HOSTILE, WILD, HOSTILE, HOSTILE
    ),
    Finding("PJ999", Severity.ERROR, Location("pjsip.conf", 7), "a rule that the list lacks"),
)
VERDICTS = (
    RegistrationVerdict("itsp", Location("pjsip.conf", 52), True, "registers at once"),
    RegistrationVerdict(HOSTILE, Location("pjsip.conf", 60), False, f"refused: {HOSTILE}"),
    RegistrationVerdict("other", Location("pjsip.conf", 70), None, "not known"),
)
WORDS = {
    m.code: RuleWords(m.code, m.name, m.severity, m.title, m.text)
    for m in (manual(r) for r in rules().values())
}


def report(**changes: Any) -> Report:
    values: dict[str, Any] = {
        "findings": FINDINGS,
        "verdicts": VERDICTS,
        "files": ("pjsip.conf", "/etc/my dir/ünï.conf"),
        "rules": WORDS,
        "answers": "without DNS",
        "when": "2026-01-02T03:04:05",
        "version": "1.2.3",
    }
    return Report(**{**values, **changes})


EMPTY = report(findings=(), verdicts=())


@pytest.mark.parametrize("name", FORMATS)
def test_no_control_character_passes(name: str) -> None:
    text = FORMATS[name](report())
    assert text.endswith("\n")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", text)
    text.encode("utf-8")


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_found_is_shown_as_well(name: str) -> None:
    assert FORMATS[name](EMPTY).isprintable() is False or name == "github"


def test_text_has_place_code_severity_consequence_and_fix() -> None:
    lines = FORMATS["text"](report()).splitlines()
    assert lines[:4] == [
        "pjsip.conf:54: PJ201 warning a pin",
        "    an outage",
        "    fix: one",
        "         two",
    ]
    assert lines[-1] == "2 errors, 1 warning, 1 info in 2 files, without DNS"
    assert max(map(len, lines)) <= 80


def test_text_is_coloured_only_where_asked_for() -> None:
    assert "\x1b" not in FORMATS["text"](report())
    assert "\x1b[33m" in FORMATS["text"](report(colour=True))


def test_json_holds_all_of_it() -> None:
    whole = json.loads(FORMATS["json"](report()))
    assert whole["format"] == "pjresolve.findings/1"
    assert whole["findings"][0] == {
        "code": "PJ201",
        "severity": "warning",
        "file": "pjsip.conf",
        "line": 54,
        "subject": "itsp",
        "statement": "a pin",
        "consequence": "an outage",
        "fix": "one\ntwo",
        "edits": [{"file": "pjsip.conf", "line": 54, "replaces": True, "text": "one\ntwo"}],
        "advice": "",
    }
    assert whole["findings"][2]["statement"] == HOSTILE
    assert [v["registers"] for v in whole["verdicts"]] == [True, False, None]
    assert whole["summary"] == {"error": 2, "warning": 1, "info": 1}
    assert whole["failed"] is True


@pytest.mark.parametrize("given", [report(), EMPTY], ids=["findings", "nothing"])
def test_sarif_is_valid(given: Report) -> None:
    log = json.loads(FORMATS["sarif"](given))
    schema = json.loads((SCHEMAS / "sarif-2.1.0-subset.json").read_text())
    checker = jsonschema.Draft4Validator.FORMAT_CHECKER
    jsonschema.Draft4Validator(schema, format_checker=checker).validate(log)
    run = log["runs"][0]
    described = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(given.findings)
    for result in run["results"]:
        if "ruleIndex" in result:
            assert described[result["ruleIndex"]]["id"] == result["ruleId"]
    assert [d["id"] for d in described] == list(rules())


def test_the_sarif_schema_refuses_what_the_standard_does_not_have() -> None:
    schema = json.loads((SCHEMAS / "sarif-2.1.0-subset.json").read_text())
    log = json.loads(FORMATS["sarif"](report()))
    log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] = 0
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(log, schema)


def test_sarif_names_files_as_uri_references() -> None:
    log = json.loads(FORMATS["sarif"](report()))
    uris = [
        r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in log["runs"][0]["results"]
    ]
    assert uris[:2] == ["pjsip.conf", "file:///etc/my%20dir/%C3%BCn%C3%AF.conf"]
    assert unquote(urlsplit(uris[1]).path) == "/etc/my dir/ünï.conf"
    assert re.fullmatch(r"[A-Za-z0-9%._/~-]+", uris[2])


@pytest.mark.parametrize("given", [report(), EMPTY], ids=["findings", "nothing"])
def test_junit_is_valid(given: Report) -> None:
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / "junit-10.xsd")))
    document = etree.fromstring(FORMATS["junit"](given).encode())
    schema.assertValid(document)
    for suite in document:
        cases = suite.findall("testcase")
        assert int(suite.get("tests") or -1) == len(cases) > 0
        assert int(suite.get("failures") or 0) == len(suite.findall("testcase/failure"))
        assert int(suite.get("skipped") or 0) == len(suite.findall("testcase/skipped"))
        # Ant's schema wants them in this order, and all of them
        tags = [child.tag for child in suite]
        assert tags == ["properties", *["testcase"] * len(cases), "system-out", "system-err"]
        assert {"timestamp", "hostname", "id", "package", "errors", "time"} <= set(suite.keys())


def test_a_junit_case_keeps_its_name_when_lines_move() -> None:
    def cases(line: int) -> list[tuple[str | None, str | None]]:
        same = [Finding("PJ504", Severity.WARNING, Location("pjsip.conf", line + n), "twice") for n in (0, 1)]
        text = FORMATS["junit"](report(findings=tuple(same), took={"pjsip.conf": 0.25}))
        document = etree.fromstring(text.encode())
        assert document[0].get("time") == "0.250"
        assert f"pjsip.conf:{line}" in "".join(map(str, document.itertext()))
        return [(case.get("classname"), case.get("name")) for case in document.iter("testcase")]

    assert cases(3) == cases(40)
    assert len(set(cases(3))) == len(cases(3))


def test_github_commands_are_one_line_each_and_escaped() -> None:
    lines = FORMATS["github"](report()).splitlines()
    assert len(lines) == len(FINDINGS) + len(VERDICTS)
    assert lines[0] == "::warning file=pjsip.conf,line=54,title=PJ201::a pin%0Aan outage%0AFix:%0Aone%0Atwo"
    pattern = r"::(error|warning|notice) file=[^:,]+(,line=\d+)?,title=[^:,]+::.*"
    assert all(re.fullmatch(pattern, line) for line in lines)


def test_nagios_has_one_status_line_with_performance_data() -> None:
    first, *others = FORMATS["nagios"](report()).splitlines()
    assert first.startswith("PJRESOLVE CRITICAL - 2 errors, 1 warning, 1 info in 2 files")
    assert first.count("|") == 1
    assert first.endswith(" | errors=2 warnings=1 infos=1 registrations=3 registering=1")
    assert not any("|" in line for line in others)


@pytest.mark.parametrize(
    ("severity", "registers", "fail_on", "state"),
    [
        (Severity.ERROR, True, Severity.WARNING, nagios.CRITICAL),
        (Severity.WARNING, True, Severity.WARNING, nagios.WARNING),
        (Severity.WARNING, True, Severity.ERROR, nagios.OK),
        (Severity.INFO, True, Severity.INFO, nagios.WARNING),
        (Severity.INFO, True, Severity.WARNING, nagios.OK),
        (Severity.INFO, False, Severity.WARNING, nagios.CRITICAL),
    ],
)
def test_nagios_states(severity: Severity, registers: bool, fail_on: Severity, state: int) -> None:
    given = report(
        findings=(Finding("PJ1", severity, Location("f", 1), "x"),),
        verdicts=(RegistrationVerdict("r", Location("f", 1), registers, "y"),),
        fail_on=fail_on,
    )
    assert nagios.state(given) == state
