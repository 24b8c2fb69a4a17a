"""The rule PJ511."""

from __future__ import annotations

from collections.abc import Iterable

from pjresolve.config.schema import (
    integer,
)
from pjresolve.errors import printable
from pjresolve.lint.context import Context
from pjresolve.lint.edits import set_entry
from pjresolve.lint.finding import Finding
from pjresolve.lint.rule import Rule


class CorrectedTimer(Rule):
    """`timer_t1` or `timer_b` that Asterisk corrects.

    `timer_t1` is at least 100 ms and `timer_b` at least 64 times `timer_t1`. Lower values are
    raised. Recording `timers`.

    Bad:

        [system]
        type=system
        timer_b=5000

    Good:

        [system]
        type=system
        timer_t1=100
        timer_b=6400
    """

    code = "PJ511"

    def check(self, context: Context) -> Iterable[Finding]:
        """Each timer whose written value is not the one used."""
        system = context.config.system
        for name in ("timer_t1", "timer_b"):
            entry = system.section.last(name)
            used = getattr(system, name)
            if entry is not None and integer(entry.value) != used:
                yield self.finding(
                    entry.where,
                    f"{name}={printable(entry.value, 30)} is too low",
                    f"Asterisk uses {used} ms",
                    set_entry(entry, str(used)),
                    subject="system",
                )
