"""What a check comes to: findings, and a verdict on each registration."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pjresolve.errors import Location


class Severity(StrEnum):
    """How bad a finding is: an error keeps something from working, a warning will one day, info is worth
    knowing.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    def reaches(self, least: Severity) -> bool:
        """Whether it is at least as bad as `least`."""
        order = list(Severity)
        return order.index(self) <= order.index(least)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found in a configuration.

    `statement` says what is so, `consequence` what comes of it as the simulation measured it, `fix` is text
    to paste (it may have several lines). `subject` names the section it is about.
    """

    code: str
    severity: Severity
    where: Location
    statement: str
    consequence: str = ""
    fix: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class RegistrationVerdict:
    """What will become of one registration of a file. `registers` is None where it was not predicted."""

    registration: str
    where: Location
    registers: bool | None
    text: str
