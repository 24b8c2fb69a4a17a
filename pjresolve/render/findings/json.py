"""Findings as one JSON object, `pjresolve.findings/1`. Members may be added; these keep their names."""

from __future__ import annotations

import json

from pjresolve.lint.finding import Severity
from pjresolve.render.findings.report import Report

FORMAT = "pjresolve.findings/1"


def render(report: Report) -> str:
    """The report as JSON."""
    whole = {
        "format": FORMAT,
        "files": list(report.files),
        "answers": report.answers,
        "findings": [
            {
                "code": f.code,
                "severity": f.severity.value,
                "file": f.where.file,
                "line": f.where.line or None,
                "subject": f.subject,
                "statement": f.statement,
                "consequence": f.consequence,
                "fix": f.fix,
                "edits": [
                    {
                        "file": e.where.file,
                        "line": e.where.line or None,
                        "replaces": e.replaces,
                        "text": e.shown or e.text,
                    }
                    for e in f.edits
                ],
                "advice": f.advice,
            }
            for f in report.findings
        ],
        "verdicts": [
            {
                "registration": v.registration,
                "file": v.where.file,
                "line": v.where.line or None,
                "registers": v.registers,
                "text": v.text,
            }
            for v in report.verdicts
        ],
        "summary": {s.value: report.count(s) for s in Severity},
        "fail_on": report.fail_on.value,
        "failed": report.failed,
        "unanswered": list(report.unanswered),
    }
    return json.dumps(whole, indent=2) + "\n"
