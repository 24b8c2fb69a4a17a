"""Findings for a terminal: place, code, severity and statement, consequence and fix; then the verdicts."""

from __future__ import annotations

from pjresolve.lint.finding import RegistrationVerdict, Severity
from pjresolve.render.findings.report import Report
from pjresolve.render.terminal import Page
from pjresolve.story.lines import Tone
from pjresolve.words import listed, plural

TONES = {Severity.ERROR: Tone.BAD, Severity.WARNING: Tone.WARN, Severity.INFO: Tone.HEAD}
FIX_LINES = 12
"""Lines of a fix that are shown at most."""


def render(report: Report) -> str:
    """The report as text, as wide as it says where words allow."""
    page = Page(report.colour, report.width)
    for finding in report.findings:
        head = f"{finding.where}: {finding.code} {finding.severity} {finding.statement}"
        page.put(head, TONES[finding.severity], hang=8)
        if finding.consequence:
            page.put(finding.consequence, indent=4, hang=0)
        if finding.advice and not finding.edits:
            page.put(f"advice: {finding.advice}", Tone.QUIET, indent=4, hang=8)
        lines = finding.fix.splitlines()
        for number, line in enumerate(lines[:FIX_LINES]):
            page.paste(("fix: " if number == 0 else "     ") + line, Tone.QUIET, indent=4)
        if len(lines) > FIX_LINES:
            page.put(f"     … and {plural(len(lines) - FIX_LINES, 'more line')}", Tone.QUIET, indent=4)
    page.gap()
    for verdict in report.verdicts:
        page.put(f"{verdict.registration}: {verdict.text}", _tone(verdict), hang=4)
    page.gap()
    page.put(summary(report), Tone.HEAD)
    return page.text()


def _tone(verdict: RegistrationVerdict) -> Tone:
    return {True: Tone.GOOD, False: Tone.BAD, None: Tone.QUIET}[verdict.registers]


def summary(report: Report) -> str:
    """How many findings of which severity, and what was not checked."""
    counts = [(report.count(s), s.value) for s in Severity]
    parts = [plural(n, word) if word != "info" else f"{n} info" for n, word in counts if n]
    files = plural(len(report.files), "file")
    answers = f", {report.answers}" if report.answers else ""
    text = f"{', '.join(parts) or 'nothing found'} in {files}{answers}"
    if report.unanswered:
        text += f"; not checked: {listed(report.unanswered)}, which they do not hold"
    return text
