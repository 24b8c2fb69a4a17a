"""Files of people: read as text of a bounded size, written whole or not at all.

Rules of this file:
- whatever the system refuses is a BadInput with the file's name;
- nobody ever sees half of a file that is written here.
"""

from __future__ import annotations

import contextlib
import os
import signal
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from pjresolve.errors import BadInput, Location, Parameter

MAX_CHARACTERS = 4 << 20
"""Bytes of a text file, and characters of a text in it."""
STANDARD = "-"
"""The name of a file that stands for standard input or output."""


def read_text(path: Path, limit: int = MAX_CHARACTERS) -> str:
    """A file as UTF-8 text of at most `limit` bytes. Raises BadInput."""
    try:
        raw = read_bytes(path, limit + 1)
        if len(raw) > limit:
            raise BadInput(f"larger than {limit >> 20} MiB", where=Location(str(path)))
        return raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as exc:
        line = raw.count(b"\n", 0, exc.start) + 1
        raise BadInput("this line is not UTF-8 text", where=Location(str(path), line)) from None
    except (OSError, ValueError) as exc:
        what = exc.strerror if isinstance(exc, OSError) and exc.strerror else str(exc)
        raise BadInput(f"cannot be read: {what}", where=Location(str(path))) from None


def read_bytes(path: Path, most: int) -> bytes:
    """At most `most` bytes of a file, of a pipe of this process or, for `-`, of standard input.

    Raises OSError, and ValueError for a named pipe: who opens one without a writer waits for ever.
    """
    if str(path) == STANDARD:
        return sys.stdin.buffer.read(most)
    if stat.S_ISFIFO(path.stat().st_mode) and not is_stream(path):
        raise ValueError("it is a named pipe")
    with path.open("rb") as file:
        return file.read(most)


def is_stream(path: Path) -> bool:
    """Whether a name stands for a pipe that this process was given: `-`, /dev/stdin, or what `<(…)` is."""
    return str(path) in (STANDARD, "/dev/stdin") or str(path.parent) in ("/dev/fd", "/proc/self/fd")


def within(path: Path, roots: Iterable[Path]) -> bool:
    """Whether a file lies in one of these folders or below, wherever links lead."""
    real = path.resolve()
    return any(real.is_relative_to(root.resolve()) for root in roots)


def write_atomic(path: Path, text: str, *, force: bool = False) -> None:
    """Write `text` to `path`, whole or not at all. Raises BadInput.

    A file that is there is kept unless `force`. A device or pipe such as /dev/stdout, or `-` for standard
    output, is just written to.
    """
    if str(path) == STANDARD:
        sys.stdout.write(text)
        return
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            path.write_text(text, encoding="utf-8", errors="surrogateescape")
        else:
            _replace(path.resolve(), text, force)
    except FileExistsError:
        what, hint = "exists already", ("use ", Parameter("force"), " to replace it")
        raise BadInput(what, where=Location(str(path)), hint=hint) from None
    except OSError as exc:
        raise BadInput(f"cannot be written: {exc.strerror}", where=Location(str(path))) from None


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C and SIGTERM wait until it is over, so that nothing half done is left behind."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@_undisturbed()
def _replace(path: Path, text: str, force: bool) -> None:
    mask = os.umask(0)
    os.umask(mask)
    mode = stat.S_IMODE(path.stat().st_mode) if path.exists() else 0o666 & ~mask
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        if not force:
            # takes the name, or fails where it is taken, also by someone else just now
            os.close(os.open(path, os.O_CREAT | os.O_EXCL, mode))
        os.replace(temporary, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
