"""What a check came to: the one thing that every format shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pjresolve.errors import printable
from pjresolve.lint.finding import Finding, RegistrationVerdict, Severity


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

    `fail_on` is the severity from which on the check fails. `answers` says in words where those of
    the DNS come from, `when` is an ISO 8601 time in UTC, `version` that of the program. `width` is how many
    columns a text has; `took` says of each configuration, by its first file, how many seconds the rules took.
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
    width: int = 80
    took: Mapping[str, float] = field(default_factory=dict)

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

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The hosts of registrations that the answers at hand do not hold: what was not checked."""
        return tuple(dict.fromkeys(v.unanswered for v in self.verdicts if v.unanswered))


def clean(text: str) -> str:
    """Text of several lines, each printable: what XML and other formats can hold."""
    return "\n".join(printable(line, 1000) for line in text.splitlines())
