"""The caller ID that an endpoint has.

Rules of this file: it reads a text as Asterisk 22 reads it, character for character (`st-callerid2`).
"""

from __future__ import annotations

import re

_NUMBER = re.compile(r"[0-9*#+]+")
_REMOVED = "( )"


def caller_number(text: str) -> str:
    """The number of a `callerid`, "" where it has none.

    It stands behind the last `<`; a text without one is a number if it looks like one.
    """
    bare = text.strip()
    if len(bare) > 1 and bare[0] == bare[-1] == '"':
        bare = bare[1:-1]
    _, opened, rest = bare.rpartition("<")
    if opened:
        return _shrunk(rest.rpartition(">")[0] if ">" in rest else rest)
    number = _shrunk(bare)
    return number if _NUMBER.fullmatch(number) else ""


def _shrunk(text: str) -> str:
    """A number without blanks, parentheses, dashes and dots: but for a dot at its end, and for a dash
    between brackets.
    """
    kept: list[str] = []
    bracketed = 0
    for place, char in enumerate(text):
        bracketed += {"[": 1, "]": -1}.get(char, 0)
        dash, dot = char == "-" and not bracketed, char == "." and place < len(text) - 1
        if not dash and not dot and char not in _REMOVED:
            kept.append(char)
    return "".join(kept)
