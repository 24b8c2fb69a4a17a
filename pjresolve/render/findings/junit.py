"""Findings as JUnit XML: a suite for each file, a case for each finding and for each registration.

Rules of this file:
- it keeps to what the common schemas (Ant's and Jenkins') both accept;
- a case's name holds no line number: whoever follows a case over time finds it again;
- a finding below the severity that fails the check is a skipped case, and a verdict without DNS, too;
- a registration whose host the answers at hand do not hold is an error: it was not checked.
"""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree as xml

from pjresolve.errors import printable
from pjresolve.lint.finding import Finding, RegistrationVerdict
from pjresolve.render.findings.report import Report, clean


def render(report: Report) -> str:
    """The report as an XML document."""
    suites = xml.Element("testsuites")
    names = list(dict.fromkeys([*report.files, *(f.where.file for f in report.findings)]))
    for number, name in enumerate(names):
        findings = [f for f in report.findings if f.where.file == name]
        verdicts = [v for v in report.verdicts if v.where.file == name]
        _suite(suites, report, number, name, findings, verdicts)
    xml.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + xml.tostring(suites, encoding="unicode") + "\n"


def _suite(
    suites: xml.Element,
    report: Report,
    number: int,
    name: str,
    findings: list[Finding],
    verdicts: list[RegistrationVerdict],
) -> None:
    suite = xml.SubElement(
        suites, "testsuite", name=printable(name), package="pjresolve", id=str(number), hostname="localhost"
    )
    suite.set("timestamp", report.when)
    xml.SubElement(suite, "properties")
    failures = sum(f.severity.reaches(report.fail_on) for f in findings)
    failures += sum(v.registers is False for v in verdicts)
    for finding, case_name in zip(findings, _names(findings), strict=True):
        case = _case(suite, finding.code, case_name)
        said = (str(finding.where), finding.consequence, finding.fix or finding.advice)
        words = "\n".join(w for w in said if w)
        if finding.severity.reaches(report.fail_on):
            failure = xml.SubElement(case, "failure", type=finding.code, message=clean(finding.statement))
            failure.text = clean(words)
        else:
            xml.SubElement(case, "skipped")
    for verdict in verdicts:
        case = _case(suite, "registration", verdict.registration)
        if verdict.registers is False:
            xml.SubElement(case, "failure", type="registration", message=clean(verdict.text))
        elif verdict.unanswered:
            xml.SubElement(case, "error", type="registration", message=clean(verdict.text))
        elif verdict.registers is None:
            xml.SubElement(case, "skipped")
    if not findings and not verdicts:
        _case(suite, "check", "nothing found")
    cases = len(suite.findall("testcase"))
    skipped = len(suite.findall("testcase/skipped"))
    errors = len(suite.findall("testcase/error"))
    for key, value in (("tests", cases), ("failures", failures), ("errors", errors), ("skipped", skipped)):
        suite.set(key, str(value))
    suite.set("time", f"{report.took.get(name, 0.0):.3f}")
    xml.SubElement(suite, "system-out").text = clean(
        "\n".join(f"{v.registration}: {v.text}" for v in verdicts)
    )
    xml.SubElement(suite, "system-err")


def _names(findings: list[Finding]) -> list[str]:
    """A name for each finding that stays the same when lines move: what it says, numbered where it is said
    more than once.
    """
    said: Counter[tuple[str, str]] = Counter()
    names = []
    for finding in findings:
        key = finding.code, finding.statement
        said[key] += 1
        names.append(finding.statement if said[key] == 1 else f"{finding.statement} ({said[key]})")
    return names


def _case(suite: xml.Element, classname: str, name: str) -> xml.Element:
    return xml.SubElement(suite, "testcase", classname=classname, name=printable(name, 300), time="0")
