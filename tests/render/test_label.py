"""Foreign text made fit to be shown."""

from __future__ import annotations

import pytest

from pjresolve.render.label import (
    cells,
    cut,
    isolated,
    left_to_right,
    safe,
    sans_cut,
    sans_width,
    sans_wrap,
    xml,
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain.example.net", "plain.example.net"),
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("line\nbreak\u2028", "line\\nbreak\\u2028"),
        ("\u202etxt", "\\u202etxt"),
        ("\ud800", "\\ud800"),
        ("é", "é"),
        ("e" + "\u0301" * 3, "e\u0301\\u0301\\u0301"),
    ],
)
def test_what_could_disturb_is_escaped(text: str, shown: str) -> None:
    assert safe(text) == shown


def test_a_long_name_keeps_both_its_ends() -> None:
    name = "a" * 200 + ".example.net"
    assert cut(name, 21) == "aaaaaaaaaa…xample.net"
    assert cells(cut(name, 20)) == 20
    assert cut("short", 5) == "short"
    assert [cut("abc", n) for n in (0, 1, 2)] == ["", "…", "a…"]


def test_wide_and_combining_letters_are_counted_in_cells() -> None:
    assert cells("日本") == 4
    assert cells("e\u0301") == 1
    assert cells(cut("日本語日本語", 5)) <= 5


def test_right_to_left_text_is_isolated_in_pictures_and_escaped_in_a_terminal() -> None:
    hebrew = "\u05d0\u05d1"
    assert isolated(f"x{hebrew}") == f"\u2068x{hebrew}\u2069"
    assert isolated("x") == "x"
    assert left_to_right(f"x{hebrew}") == "x\\u05d0\\u05d1"


def test_words_are_wrapped_and_the_last_line_is_cut() -> None:
    lines = sans_wrap("one two three four five six", 12, 60, 2)
    assert lines[0] == "one two"
    assert lines[1].endswith("…")
    assert all(sans_width(line, 12) <= 60 for line in lines)
    assert sans_cut("", 12, 60) == ""


def test_markup_is_escaped_in_text_and_attributes() -> None:
    assert xml("<a b=\"c\" d='e'>&") == "&lt;a b=&quot;c&quot; d=&#x27;e&#x27;&gt;&amp;"
