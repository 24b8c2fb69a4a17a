"""The timers of a non-INVITE client transaction, in microseconds (RFC 3261 section 17.1.2 and table 4)."""

from __future__ import annotations

from dataclasses import dataclass

MICROSECONDS = 1_000_000
"""Microseconds in a second: every simulated time is a whole number of these, so that runs repeat exactly."""


def microseconds(seconds: float) -> int:
    """Seconds as a whole number of microseconds."""
    return round(seconds * MICROSECONDS)


def seconds(t: int) -> float:
    """A whole number of microseconds as seconds."""
    return t / MICROSECONDS


@dataclass(frozen=True, slots=True)
class Timers:
    """T1, T2 and Timer F in microseconds. The defaults are the RFC's (recording `udp-drop-all`)."""

    t1: int = 500_000
    t2: int = 4_000_000
    f: int = 32_000_000

    def e(self, number: int) -> int:
        """The wait after transmission `number` (from 0): T1, doubling, at most T2 (section 17.1.2.2)."""
        return min(self.t1 << min(number, 32), self.t2)
