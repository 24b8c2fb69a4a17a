"""What a check came to, and the formats that show it.

Rules of this file:
- every format is made from one Report and shows the same findings in the same order;
- whatever came from a file or the DNS is escaped by the format's own rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module

from pjresolve.errors import printable
from pjresolve.lint.finding import Finding, RegistrationVerdict, Severity

FORMATS = ("text", "json", "sarif", "github", "junit", "nagios")


@dataclass(frozen=True, slots=True)
class RuleWords:
    """What a format may say of a rule: its name, severity, title and manual."""

    code: str
    name: str
    severity: Severity
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """The findings and verdicts of a check.

    `fail_on` is the severity from which on the check fails. `answers` says where the answers came from,
    `when` is an ISO 8601 time in UTC, `version` that of the program.
    """

    findings: tuple[Finding, ...]
    verdicts: tuple[RegistrationVerdict, ...]
    files: tuple[str, ...]
    rules: Mapping[str, RuleWords] = field(default_factory=dict)
    fail_on: Severity = Severity.WARNING
    answers: str = ""
    when: str = "1970-01-01T00:00:00"
    version: str = "0"
    colour: bool = False

    def count(self, severity: Severity) -> int:
        """How many findings are of that severity."""
        return sum(f.severity is severity for f in self.findings)

    @property
    def failures(self) -> tuple[Finding, ...]:
        """The findings for which the check fails."""
        return tuple(f for f in self.findings if f.severity.reaches(self.fail_on))

    @property
    def failed(self) -> bool:
        return bool(self.failures)


def rendered(report: Report, name: str) -> str:
    """The report in one of FORMATS."""
    render: Callable[[Report], str] = import_module(f"pjresolve.render.findings.{name}").render
    return render(report)


def clean(text: str) -> str:
    """Text of several lines, each printable: what XML and other formats can hold."""
    return "\n".join(printable(line, 1000) for line in text.splitlines())
