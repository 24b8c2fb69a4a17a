"""Whether a name is another one misspelt: what a fix may take for certain.

Rules of this file:
- one slip of the hand is a misspelling: a letter too much, too few, wrong, or two that changed places;
- names that differ in a digit or in a protocol are two names (`trunk1`, `trunk2`; `transport-ws`, `-wss`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from pjresolve.errors import printable

SHORTEST = 4
"""Letters that a name needs for a slip in it to be certain."""
CANDIDATES = 2000
"""Names that are compared at most."""
_PROTOCOLS = ("udp", "tcp", "tls", "ws", "wss", "flow")


def misspelt(name: str, others: Iterable[str]) -> str:
    """The one of `others` that `name` must have meant, or the empty text where none or several could be."""
    if not SHORTEST <= len(name) <= 100:
        return ""
    near = [o for o in islice(others, CANDIDATES) if o != name and _is_slip(name, o)]
    return near[0] if len(set(near)) == 1 and printable(near[0]) == near[0] else ""


def _is_slip(one: str, other: str) -> bool:
    if re.sub(r"\D", "", one) != re.sub(r"\D", "", other):
        return False
    a, b = (re.sub(r"[_\-\s]", "", text.lower()) for text in (one, other))
    tails = [re.split(r"[_\-\d]", text.lower().rstrip("0123456789"))[-1] for text in (one, other)]
    if tails[0] != tails[1] and all(tail in _PROTOCOLS for tail in tails):
        return False
    return a == b or _one_slip(a, b)


def _one_slip(a: str, b: str) -> bool:
    """Whether one insertion, deletion, substitution or swap of neighbours makes `a` of `b`."""
    if abs(len(a) - len(b)) > 1 or min(len(a), len(b)) < SHORTEST - 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    return (
        rest_a[1:] == rest_b
        or rest_a == rest_b[1:]
        or rest_a[1:] == rest_b[1:]
        or (rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:])
    )
