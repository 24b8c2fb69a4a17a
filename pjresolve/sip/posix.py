"""POSIX extended regular expressions, run as Python's (IEEE Std 1003.1 chapter 9, with GNU's word anchors).

Rules of this file:
- an expression comes from a file and a text from the wire: what could take for ever is not run, and said so;
- what cannot be translated is not guessed.
"""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST_TEXT = 4_096
"""Characters of a text that an expression is held against at most."""
_REPEATS_NOTHING = re.compile(r"(?:^|[|(^])(?:[*+?]|\{)")
_NESTED = re.compile(r"[*+}]\)*[*+{]|[*+}][^()]*\)[*+{]")
_CLASSES = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z",
    "space": r"\s", "blank": r" \t", "punct": r"!-/:-@\[-`{-~", "xdigit": "0-9A-Fa-f",
    "print": " -~", "graph": "!-~", "cntrl": r"\x00-\x1f",
}  # fmt: skip
_ESCAPES = {
    "<": r"\b(?=\w)", ">": r"\b(?<=\w)", "b": r"\b", "B": r"\B",
    "w": r"\w", "W": r"\W", "s": r"\s", "S": r"\S",
}  # fmt: skip


def search(pattern: str, text: str) -> bool | None:
    """Whether the pattern fits somewhere in the text; None where that is not known.

    Not known are patterns that repeat what repeats, which can take for ever, and back references.
    """
    compiled = _compiled(pattern)
    return None if compiled is None else compiled.search(text[:LONGEST_TEXT]) is not None


def is_refused(pattern: str) -> bool:
    """Whether regcomp(3) surely takes it for no expression.

    Such are brackets and parentheses that nothing closes, a backslash at the end, repetitions of nothing.
    """
    signs = bare(pattern)
    if signs is None or _REPEATS_NOTHING.search(signs) is not None:
        return True
    open_ = 0
    for char in signs:  # a `)` too many is a character
        open_ = max(0, open_ + (char == "(") - (char == ")"))
    return open_ > 0


def bare(pattern: str) -> str | None:
    """The pattern with an `x` for each escaped sign and bracket expression; None where one is not whole."""
    out, at = [], 0
    while at < len(pattern):
        char, end = pattern[at], at
        if char == "\\":
            end = at + 1
        elif char == "[":
            end = _closing(pattern, at + 1 + (pattern[at + 1 : at + 2] == "^"))
        if end < 0 or end == len(pattern):
            return None
        out.append("x" if char in "\\[" else char)
        at = end + 1
    return "".join(out)


def _closing(pattern: str, at: int) -> int:
    """Where a bracket expression ends whose items begin at `at`, or -1. A `]` that comes first is an item."""
    at += pattern[at : at + 1] == "]"
    while at < len(pattern) and pattern[at] != "]":
        if pattern[at : at + 2] in ("[:", "[.", "[="):
            end = pattern.find(pattern[at + 1] + "]", at + 2)
            if end < 0:
                return -1
            at = end + 1
        at += 1
    return at if at < len(pattern) else -1


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    if _NESTED.search(pattern):
        return None
    translated = translate(pattern)
    try:
        return None if translated is None else re.compile(translated, re.ASCII | re.DOTALL)
    except (re.error, OverflowError, RecursionError):
        return None


def translate(pattern: str) -> str | None:
    """The same expression as Python spells it, or None."""
    out, at = [], 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            following = pattern[at + 1 : at + 2]
            if not following or following.isdigit():
                return None
            out.append(_ESCAPES.get(following, re.escape(following)))
            at += 2
        elif char == "[":
            bracket = _bracket(pattern, at)
            if bracket is None:
                return None
            text, at = bracket
            out.append(text)
        else:
            # a ( right before ? would be Python's own extension; { that begins no bound is a character
            bound = char == "{" and not re.match(r"\{\d+(,\d*)?\}", pattern[at:])
            out.append("\\{" if bound else "(?:" if char == "(" else char)
            at += 1
    return "".join(out)


def _bracket(pattern: str, at: int) -> tuple[str, int] | None:
    """A bracket expression translated, and the place behind it."""
    at += 1
    negated = pattern[at : at + 1] == "^"
    at += negated
    out: list[str] = []
    first = True
    while at < len(pattern) and (pattern[at] != "]" or first):
        if pattern[at : at + 2] == "[:":
            name, closed, _ = pattern[at + 2 :].partition(":]")
            if not closed or name not in _CLASSES:
                return None
            out.append(_CLASSES[name])
            at += len(name) + 4
        else:
            char = pattern[at]
            ranges = char == "-" and not first and pattern[at + 1 : at + 2] not in ("", "]")
            out.append("-" if ranges else re.escape(char))
            at += 1
        first = False
    if at >= len(pattern):
        return None
    return f"[{'^' if negated else ''}{''.join(out)}]", at + 1
