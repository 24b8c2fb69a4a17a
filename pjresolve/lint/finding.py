"""What a check comes to: findings, and a verdict on each registration."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pjresolve.errors import Location
from pjresolve.lint.edits import Edit, text_of


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

    `statement` says what is so, `consequence` what comes of it as the simulation measured it, `edits` what
    mends it. Where that cannot be known for certain there are no edits, and `advice` says in words what to
    look at. `subject` names the section it is about.
    """

    code: str
    severity: Severity
    where: Location
    statement: str
    consequence: str = ""
    edits: tuple[Edit, ...] = ()
    advice: str = ""
    subject: str = ""

    @property
    def fix(self) -> str:
        """The lines that `edits` write, as they are printed; empty where there are none."""
        return text_of(self.edits)


@dataclass(frozen=True, slots=True)
class RegistrationVerdict:
    """What will become of one registration of a file. `registers` is None where it was not predicted;
    `unanswered` is the host that the answers at hand do not hold, where that is why.
    """

    registration: str
    where: Location
    registers: bool | None
    text: str
    unanswered: str = ""
