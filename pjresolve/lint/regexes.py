"""Extended regular expressions (POSIX) that nothing can fit, found without running them.

Rules of this file: only what is certain is said; an expression is scanned once, from left to right.
"""

from __future__ import annotations


def never_matches(pattern: str) -> str:
    """Why no text can fit the pattern, or the empty text.

    Seen are brackets and groups that do not close, a `^` that something must stand before, and a `$` that
    something must stand behind. With groups and alternatives nothing but the first is certain.
    """
    anchors = Anchors()
    depth, at = 0, 0
    while at < len(pattern):
        char, end = pattern[at], at
        if char == "\\":
            end = at + 1
            if end == len(pattern):
                return "it ends with a backslash"
        elif char == "[":
            end = _closing(pattern, at)
            if end < 0:
                return "a [ is never closed"
        elif char == "(":
            depth += 1
        elif char == ")" and depth:
            depth -= 1
        anchors.see(char, pattern[end + 1 : end + 2])
        at = end + 1
    return "a ( is never closed" if depth else anchors.why


class Anchors:
    """What must be consumed so far, and whether the end was asked for; from the signs as they come."""

    def __init__(self) -> None:
        self.contradiction = ""
        self.consumed = self.ended = self.unsure = False

    @property
    def why(self) -> str:
        return "" if self.unsure else self.contradiction

    def see(self, char: str, following: str) -> None:
        """Take up one sign, and the one behind it, which may make it optional."""
        if char in "()|{}" or (char in "^$" and following and following in "*+?"):
            self.unsure = True
        elif char == "^":
            self.contradiction = self.contradiction or (
                "something must stand before ^" if self.consumed else ""
            )
        elif char == "$":
            self.ended = True
        elif char not in "*+?" and (not following or following not in "*?"):
            self.contradiction = self.contradiction or ("something must stand behind $" if self.ended else "")
            self.consumed = True


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
