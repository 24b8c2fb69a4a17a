"""Expressions of POSIX: which regcomp(3) refuses, and what the others fit."""

from __future__ import annotations

import pytest

from pjresolve.sip import posix


@pytest.mark.parametrize(
    "pattern", ["[", "(", "*a", "(*a)", "a|*b", "a\\", "+", "[a", "^*a", "a^*", "{1}", "[[:a", "x(y"]
)
def test_what_regcomp_refuses_is_refused(pattern: str) -> None:
    assert posix.is_refused(pattern)


@pytest.mark.parametrize(
    "pattern", ["", ")", "a**", "()", "[]a]", "a|", "\\[", "\\(", "[*(]", "[[:alpha:]]", "[^]]", "a)b"]
)
def test_what_regcomp_takes_is_not_refused(pattern: str) -> None:
    assert not posix.is_refused(pattern)


@pytest.mark.parametrize(
    ("pattern", "text", "fits"),
    [
        ("100", "sip:100@x", True),
        ("^100", "sip:100@x", False),
        ("[[:digit:]]+@", "sip:100@x", True),
        ("\\<10\\>", "100", False),
        ("(a|b)c", "xbc", True),
        ("(a*)*", "aaa", None),
        ("(a)\\1", "aa", None),
    ],
)
def test_whether_it_fits(pattern: str, text: str, fits: bool | None) -> None:
    assert posix.search(pattern, text) is fits
