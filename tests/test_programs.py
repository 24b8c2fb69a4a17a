"""A missing program skips a test, and fails it in CI."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.mark.parametrize(("ci", "expected"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)])
def test_a_missing_program(
    ci: str, expected: type[BaseException], program: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)
    with pytest.raises(expected, match=r"needs no-such-program \(Debian: apt-get install its-package\)"):
        program("no-such-program", package="its-package")


def test_a_present_program_is_found_by_path(program: Callable[..., str]) -> None:
    assert program("sh", package="dash").endswith("/sh")
