"""Versions and options: the order of releases, and that the table speaks of options that there are."""

from __future__ import annotations

from pathlib import Path

import pytest

from pjresolve.config.schema import option
from pjresolve.lint.versions import firsts, has, releases
from tests.lint.composing import composed, found


@pytest.mark.parametrize(
    "same_day",
    [
        [(13, 15), (14, 4)],
        [(13, 26), (16, 3)],
        [(13, 38), (16, 15), (17, 9), (18, 1)],
        [(16, 26), (18, 12), (19, 4)],
        [(18, 22), (20, 7), (21, 2)],
        [(20, 12), (21, 7), (22, 2)],
        [(20, 17), (22, 7), (23, 1)],
    ],
    ids=str,
)
def test_releases_of_one_day_have_the_same_options(same_day: list[tuple[int, int]]) -> None:
    """The days are those of options that came to all branches at once, by Asterisk's documentation."""
    for first in same_day:
        for version in same_day:
            assert has(version, first)
            assert not has((version[0], version[1] - 1), first)


def test_a_branch_without_a_minor_version_is_its_newest() -> None:
    assert has((22,), (22, 11))
    assert has((13,), (13, 38))
    assert not has((13,), (18, 4)), "the branch was closed before"
    assert not has((12,), (13, 1))
    assert has((99,), (23, 5))


def test_what_came_with_a_new_branch_never_came_to_an_older_one() -> None:
    assert not has((20, 20), (21, 0))
    assert has((21, 0), (21, 0))
    assert releases((21, 0)) == "21.0"


def test_every_option_of_the_table_is_one() -> None:
    """All but those that are newer than the recorded Asterisk."""
    unknown = {(kind, name) for kind, name in firsts() if option(kind, name.partition("=")[0]) is None}
    assert unknown == {("transport", "external_signaling_hostname")}
    for kind, name in firsts():
        known, value = option(kind, name.partition("=")[0]), name.partition("=")[2]
        assert known is None or not value or value in known.choices


NEW = "[transport-tls]\ntype=transport\nexternal_signaling_hostname=pbx.example.net\n"


def test_an_option_of_a_later_version_is_no_mistake_there(tmp_path: Path) -> None:
    assert found(tmp_path, composed(NEW), version=(22, 11)) == []
    codes = [f.code for f in found(tmp_path, composed(NEW), version=(22, 10, 1))]
    assert codes.count("PJ528") == 1
    assert "PJ502" not in codes, "one finding for one cause"
