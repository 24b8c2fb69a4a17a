"""Extended regular expressions (POSIX) that compile, and that nothing can fit: found without running them.

Rules of this file: only what is certain is said; an expression is scanned once, from left to right.
"""

from __future__ import annotations

import re

from pjresolve.sip.posix import bare

_NO_WIDTH = re.compile(r"\\[<>bB`']")


def never_matches(pattern: str) -> str:
    """Why no text can fit the pattern, or the empty text.

    Seen are a `^` that something must stand before, and a `$` that something must stand behind. With groups,
    alternatives and anchors at words nothing is certain; what does not compile is refused elsewhere.
    """
    signs = bare(pattern)
    if signs is None or _NO_WIDTH.search(pattern):
        return ""
    anchors = Anchors()
    for at, char in enumerate(signs):
        anchors.see(char, signs[at + 1 : at + 2])
    return anchors.why


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
