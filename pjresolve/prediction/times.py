"""Lengths of time as people write them: `90`, `20m`, `1h30m`."""

from __future__ import annotations

import re

from pjresolve.errors import BadInput, Parameter, printable
from pjresolve.scenario.behaviour import YEAR

_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]*)")


def read_time(text: str, where: Parameter) -> float:
    """Seconds: `90`, `1.5`, `20m`, `1h30m`, `2d`; 0 to a year. Raises BadInput."""
    bare = text.strip().lower()
    parts = _LENGTH.findall(bare)
    if _LENGTH.sub("", bare).strip() or not parts or any(u and u not in _UNITS for _, u in parts):
        what = (
            f"{printable(text, 40)!r} is no length of time"
            if not bare.startswith("-")
            else f"{printable(text, 40)} is negative"
        )
        raise BadInput(what, where=where, hint="write seconds, or e.g. 20m, 1h30m, 2d")
    if len(parts) > 1 and any(not unit for _, unit in parts):
        raise BadInput(
            f"{printable(text, 40)!r} is no length of time", where=where, hint="give each number a unit"
        )
    seconds = sum(float(number[:20]) * _UNITS[unit or "s"] for number, unit in parts)
    if seconds > YEAR:
        raise BadInput(f"{printable(text, 40)} is more than a year", where=where, hint="at most 365d")
    return seconds


def read_until(given: str | float | None) -> float | None:
    """How many seconds to simulate, from seconds or a text as `read_time` takes; None leaves it open.

    Raises BadInput, for a run of no time too.
    """
    if given is None:
        return None
    until = Parameter("until")
    seconds = read_time(str(given), until)
    if not seconds:
        raise BadInput("a run of no time shows nothing", where=until, hint="write e.g. 20m")
    return seconds
