"""Files are written whole or not at all, and read within bounds."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from pjresolve.errors import BadInput
from pjresolve.files import read_text, write_atomic


def test_a_file_is_kept_unless_told_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    write_atomic(path, "one\n")
    with pytest.raises(BadInput, match=r"x.yaml: exists already \(use force to replace it\)"):
        write_atomic(path, "two\n")
    assert path.read_text() == "one\n"
    path.chmod(0o640)
    write_atomic(path, "two\n", force=True)
    assert path.read_text() == "two\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["x.yaml"]


def test_a_failed_write_leaves_everything_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("one\n")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for target in (path, tmp_path / "new.yaml"):
        with pytest.raises(BadInput, match="cannot be written: No space left on device"):
            write_atomic(target, "two\n", force=True)
    assert path.read_text() == "one\n"
    assert [p.name for p in tmp_path.iterdir()] == ["x.yaml"]


def test_places_that_cannot_be_written_are_errors_in_one_line(tmp_path: Path) -> None:
    for path in (tmp_path / "no" / "x.yaml", tmp_path, Path("/proc/x")):
        with pytest.raises(BadInput, match=r"cannot be written|exists already"):
            write_atomic(path, "x")
    with pytest.raises(BadInput, match="cannot be written: Is a directory"):
        write_atomic(tmp_path, "x", force=True)


def test_a_device_and_a_link_are_written_to(tmp_path: Path) -> None:
    write_atomic(Path("/dev/null"), "x")
    assert Path("/dev/null").is_char_device()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real")
    write_atomic(link, "x")
    assert link.is_symlink()
    assert (tmp_path / "real").read_text() == "x"


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (b"1\n2\n\xff", "x.txt:3: this line is not UTF-8 text"),
        (b"x" * (1 << 20) + b"x", "x.txt: larger than 1 MiB"),
    ],
    ids=["binary", "large"],
)
def test_what_is_no_text_of_that_size_is_refused(tmp_path: Path, held: bytes, said: str) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(held)
    with pytest.raises(BadInput) as caught:
        read_text(path, 1 << 20)
    assert str(caught.value).endswith(said)


def test_lines_end_alike(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_bytes(b"1\r\n2\n")
    assert read_text(path) == "1\n2\n"
