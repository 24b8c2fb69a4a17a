"""One status line with performance data for Nagios and its kin, and a line a finding below it.

Rules of this file:
- CRITICAL for errors and for registrations that will not register, WARNING for what else fails the check,
  UNKNOWN where nothing does and the answers at hand do not hold the host of a registration;
- `|` starts performance data, so none passes in the text.
"""

from __future__ import annotations

from pjresolve.errors import printable
from pjresolve.lint.finding import Severity
from pjresolve.render.findings.report import Report
from pjresolve.render.findings.text import summary

OK, WARNING, CRITICAL, UNKNOWN = range(4)
STATES = ("OK", "WARNING", "CRITICAL", "UNKNOWN")


def state(report: Report) -> int:
    """The plugin's exit code."""
    lost = any(v.registers is False for v in report.verdicts)
    if lost or any(f.severity is Severity.ERROR for f in report.failures):
        return CRITICAL
    if report.failures:
        return WARNING
    return UNKNOWN if report.unanswered else OK


def render(report: Report) -> str:
    """The plugin's output."""
    worst = next((v for v in report.verdicts if v.registers is False), None)
    head = f"PJRESOLVE {STATES[state(report)]} - {summary(report)}"
    if worst is not None:
        head += f"; {worst.registration}: {worst.text}"
    counts = [
        f"{name}={report.count(s)}"
        for s, name in ((Severity.ERROR, "errors"), (Severity.WARNING, "warnings"))
    ]
    counts.append(f"infos={report.count(Severity.INFO)}")
    counts.append(f"registrations={len(report.verdicts)}")
    counts.append(f"registering={sum(v.registers is True for v in report.verdicts)}")
    lines = [f"{_plain(head)} | {' '.join(counts)}"]
    lines += [_plain(f"{f.where}: {f.code} {f.severity} {f.statement}") for f in report.findings]
    lines += [_plain(f"{v.registration}: {v.text}") for v in report.verdicts]
    return "".join(f"{line}\n" for line in lines)


def unknown(message: str) -> str:
    """The output where the check itself could not be made."""
    return f"PJRESOLVE UNKNOWN - {_plain(message)}\n"


def _plain(text: str) -> str:
    return printable(text, 500).replace("|", "/")
