"""Errors are one printable line, whatever text got into them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pjresolve.errors import SHOWN, BadInput, DnsUnavailable, Location, PjresolveError, printable


@given(st.text(max_size=300), st.integers(2, 200))
def test_what_is_shown_is_printable_and_bounded(text: str, limit: int) -> None:
    shown = printable(text, limit)
    assert shown.isprintable()
    assert len(shown) <= limit


@given(st.text(alphabet=st.characters(categories=["L", "N", "P"]), max_size=SHOWN))
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    assert printable(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a\nb", r"a\nb"), ("\x1b[31m", r"\x1b[31m"), ("\u202e", r"\u202e"), ("\ud800", r"\ud800")],
)
def test_what_could_fool_a_terminal_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (BadInput("is bad"), "is bad"),
        (BadInput("is bad", where="--pin"), "--pin: is bad"),
        (BadInput("is bad", where=Location("f", 3), hint="mend it"), "f:3: is bad (mend it)"),
        (BadInput("is bad", where=Location("f")), "f: is bad"),
    ],
)
def test_an_error_says_where_what_and_how_to_mend_it(error: PjresolveError, line: str) -> None:
    assert str(error) == line


@given(st.text(), st.text(), st.text())
def test_an_error_is_one_printable_line(what: str, where: str, hint: str) -> None:
    assert str(BadInput(what, where=where, hint=hint)).isprintable()


def test_exit_codes() -> None:
    assert (BadInput.exit_code, DnsUnavailable.exit_code) == (2, 3)


def test_locations_sort_by_file_then_line() -> None:
    assert sorted([Location("b", 1), Location("a", 9), Location("a", 2)])[0] == Location("a", 2)
