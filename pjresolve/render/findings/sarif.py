"""Findings as SARIF 2.1.0 (OASIS), for code scanning services."""

from __future__ import annotations

import json
import os
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from pjresolve.errors import Location
from pjresolve.lint.finding import Finding, Severity
from pjresolve.render.findings.report import Report, clean

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(report: Report) -> str:
    """The report as a SARIF log of one run."""
    codes = list(report.rules)
    rules = [
        {
            "id": words.code,
            "name": words.name,
            "shortDescription": {"text": words.title},
            "fullDescription": {"text": words.text},
            "help": {"text": words.text, "markdown": words.text},
            "defaultConfiguration": {"level": LEVELS[words.severity]},
        }
        for words in report.rules.values()
    ]
    driver = {"name": "pjresolve", "version": report.version, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True}],
        "artifacts": [{"location": {"uri": uri(name)}} for name in report.files],
        "results": [_result(f, codes) for f in report.findings],
        "columnKind": "utf16CodeUnits",
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(finding: Finding, codes: list[str]) -> dict[str, Any]:
    words = [
        finding.statement,
        finding.consequence,
        f"Fix:\n{finding.fix}" if finding.fix else finding.advice,
    ]
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": LEVELS[finding.severity],
        "message": {"text": clean("\n".join(w for w in words if w))},
        "locations": [{"physicalLocation": _place(finding.where)}],
    }
    if finding.code in codes:
        result["ruleIndex"] = codes.index(finding.code)
    return result


def _place(where: Location) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": uri(where.file)}}
    if where.line:
        place["region"] = {"startLine": where.line}
    return place


def uri(name: str) -> str:
    """A file's name as a URI reference: relative as it was given, or `file:` where it is absolute."""
    text = PurePath(name).as_posix()
    try:
        path = quote(os.fsencode(text))
    except UnicodeEncodeError:
        path = quote(text, errors="replace")
    return f"file://{path}" if path.startswith("/") else path
