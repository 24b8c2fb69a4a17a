"""Extended regular expressions (POSIX) that nothing can fit, found without running them.

Rules of this file: only what is certain is said; an expression is scanned once, from left to right.
"""

from __future__ import annotations


def never_matches(pattern: str) -> str:
    """Why no text can fit the pattern, or the empty text.

    Seen are brackets that do not close, a `^` that something must stand before, and a `$` that something must
    stand behind.
    """
    if "{" in pattern:
        return ""  # repetitions by number are left alone
    depth, at, consumed, ended = 0, 0, False, False
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            if at + 1 == len(pattern):
                return "it ends with a backslash"
            at += 1
        elif char == "[":
            at = _closing(pattern, at)
            if at < 0:
                return "a [ is never closed"
        elif char in "()|":
            depth += {"(": 1, ")": -1, "|": 0}[char]
            if depth < 0:
                return ""  # an extra ) is an ordinary character
            # an alternative begins anew; what stood before a group may be optional, so nothing is certain
            consumed = ended = False
        if char == "^" and consumed:
            return "something must stand before ^"
        if char == "$" and at + 1 < len(pattern) and pattern[at + 1] not in "|)":
            ended = True
        elif ended and char not in "()|*?^$":
            return "something must stand behind $"
        if char not in "()|^$":
            optional = pattern[at + 1 : at + 2] in ("*", "?") or char in "*?"
            consumed = consumed or not optional
        at += 1
    return "a ( is never closed" if depth else ""


def _closing(pattern: str, at: int) -> int:
    """The place of the bracket that closes the one at `at`, or -1. A `]` right behind the opening
    is ordinary.
    """
    start = at + 1 + (pattern[at + 1 : at + 2] == "^")
    if pattern[start : start + 1] == "]":
        start += 1
    while start < len(pattern):
        if pattern[start] == "[" and pattern[start + 1 : start + 2] in (":", ".", "="):
            end = pattern.find(pattern[start + 1] + "]", start + 2)
            if end < 0:
                return -1
            start = end + 2
        elif pattern[start] == "]":
            return start
        else:
            start += 1
    return -1
