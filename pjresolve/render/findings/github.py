"""Findings as GitHub workflow commands, which show them beside the lines of a pull request."""

from __future__ import annotations

from pjresolve.errors import printable
from pjresolve.lint.finding import Severity
from pjresolve.render.findings.report import Report

KINDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report) -> str:
    """One command a finding, then one notice a registration."""
    lines = []
    for f in report.findings:
        words = [f.statement, f.consequence, f"Fix:\n{f.fix}" if f.fix else f.advice]
        line = f",line={f.where.line}" if f.where.line else ""
        title = prop(f.code)
        lines.append(
            f"::{KINDS[f.severity]} file={prop(f.where.file)}{line},title={title}::"
            + data("\n".join(w for w in words if w))
        )
    for v in report.verdicts:
        line = f",line={v.where.line}" if v.where.line else ""
        place = f"file={prop(v.where.file)}{line},title={prop(v.registration)}"
        lines.append(f"::notice {place}::{data(v.text)}")
    return "".join(f"{line}\n" for line in lines)


def data(text: str) -> str:
    """The message of a command: only `%` and line ends mean something in it; the rest is made printable."""
    shown = "\n".join(printable(line, 1000) for line in text.splitlines())
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def prop(text: str) -> str:
    """A property of a command, where `:` and `,` mean something, too."""
    return data(text).replace(":", "%3A").replace(",", "%2C")
