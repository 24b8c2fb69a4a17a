"""The files of a configuration: where includes point to, and what may be read.

Rules of this file:
- only regular files are opened, and never more than the bounds below;
- a file that is being read is not opened again inside itself;
- names and matches come in the order that glob(3) gives: braces as written, the rest by byte.
"""

from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pjresolve.errors import BadInput, Location, Parameter, printable
from pjresolve.files import is_stream, read_bytes, within

INCLUDE_DEPTH = 10
"""Levels of includes that Asterisk follows; it drops the eleventh."""
BYTES_LIMIT = 8 * 1024 * 1024
"""Bytes of all files of one configuration together."""
FILES_LIMIT = 5_000
"""Files of one configuration, each counted as often as it is included."""
BRACES_LIMIT = 256
"""Patterns that the braces of one include may stand for."""


class Files:
    """What has been read so far, and the directory that relative names start from."""

    def __init__(self, config_dir: Path, roots: tuple[Path, ...] | None = None) -> None:
        self.config_dir, self.roots = config_dir, roots
        self.names: list[str] = []
        self.bytes = 0
        self._open: list[str] = []

    def start(self, path: Path) -> str:
        """The text of the file that a person named: also a pipe, or `-` for standard input."""
        where = Location(str(path))
        try:
            if not is_stream(path):
                return self.load(str(path), where)
            data = read_bytes(path, BYTES_LIMIT + 1)
        except (OSError, ValueError):
            return self.load(str(path), where)  # and say why it cannot be read
        if len(data) > BYTES_LIMIT:
            self._budget(len(data), where)
        return self.accept(data.decode("utf-8", "surrogateescape"), where)

    def load(self, path: str, where: Location) -> str:
        """The text of the file at `path`. Bytes that are no UTF-8 survive as surrogates."""
        try:
            # without waiting, or a named pipe would hold us for ever
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            with open(descriptor, "rb") as file:
                size = self._regular(file.fileno(), path, where)
                self._budget(size, where)
                data = file.read(size + 1)
        except OSError as error:
            named = "it" if where == Location(path) else printable(path)
            raise BadInput(f"cannot read {named}: {error.strerror}", where=where) from None
        except ValueError:
            raise BadInput("a file name cannot hold a null character", where=where) from None
        if len(data) > size:
            raise BadInput(f"{printable(path)} grew while it was read", where=where)
        return self.accept(data.decode("utf-8", "surrogateescape"), Location(path))

    def accept(self, text: str, where: Location) -> str:
        """`text` as a file of the configuration, without its byte order mark; refuses binary text."""
        self._budget(0, where)
        if len(text) > BYTES_LIMIT:
            raise BadInput(f"longer than {BYTES_LIMIT} characters", where=where)
        if "\0" in text:
            raise BadInput("this is a binary file, not a configuration", where=where)
        try:
            text.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            raise BadInput("the text holds half a surrogate pair", where=where) from None
        self.bytes += len(text)
        self.names.append(where.file)
        return text.removeprefix("\ufeff")

    def _regular(self, descriptor: int, path: str, where: Location) -> int:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise BadInput(f"{printable(path)} is not a regular file", where=where)
        return status.st_size

    def _budget(self, size: int, where: Location) -> None:
        if self.bytes + size > BYTES_LIMIT:
            raise BadInput(f"the configuration is larger than {BYTES_LIMIT // 1024 // 1024} MB", where=where)
        if len(self.names) >= FILES_LIMIT:
            raise BadInput(f"the configuration has more than {FILES_LIMIT} files", where=where)

    @contextmanager
    def opened(self, path: str, where: Location) -> Iterator[None]:
        """Marks `path` as being read. Raises BadInput where it is already: the include loops."""
        key = os.path.realpath(path)
        if key in self._open:
            raise BadInput(
                f"{printable(path)} includes itself", where=where, hint="remove the #include that loops"
            )
        self._open.append(key)
        try:
            yield
        finally:
            self._open.pop()

    def find(self, argument: str, kind: str, where: Location) -> list[str]:
        """The regular files that an include's argument names, in Asterisk's order."""
        name = argument
        if len(name) > 1 and name[0] + name[-1] in ('""', "<>"):
            name = name[1:-1]
        if not name:
            raise BadInput(f"#{kind} names no file", where=where, hint=f'write #{kind} "file.conf"')
        if "\0" in name:
            raise BadInput("a file name cannot hold a null character", where=where)
        files: list[str] = []
        for pattern in _braces(name, where):
            path = os.path.join(self.config_dir, pattern)
            if glob.has_magic(pattern) or "\\" in pattern:
                escaped = re.sub(r"\\(.)", r"[\1]", path).replace("[^", "[!")
                matches = sorted(glob.glob(escaped), key=os.fsencode)
            else:
                matches = [path]
            files += [m for m in matches if os.path.isfile(m)]
        for path in files:
            if self.roots is not None and not within(Path(path), self.roots):
                hint = ("allow its folder with ", Parameter("root"))
                raise BadInput(
                    f"{printable(path)} lies outside of the scenario's folder", where=where, hint=hint
                )
        return files


def _braces(pattern: str, where: Location) -> list[str]:
    """`{a,b}` written out, outermost first, bounded."""
    done: list[str] = []
    waiting = [pattern]
    while waiting:
        if len(done) + len(waiting) > BRACES_LIMIT:
            raise BadInput("the braces of this include stand for too many names", where=where)
        text = waiting.pop(0)
        parts = _first_brace(text)
        if parts is None:
            done.append(text)
        else:
            before, choices, after = parts
            waiting[:0] = [before + choice + after for choice in choices]
    return done


def _first_brace(text: str) -> tuple[str, list[str], str] | None:
    start = text.find("{")
    while start >= 0:
        depth, choices, last = 0, [], start + 1
        for at in range(start, len(text)):
            if text[at] == "{":
                depth += 1
            elif text[at] == "," and depth == 1:
                choices.append(text[last:at])
                last = at + 1
            elif text[at] == "}":
                depth -= 1
                if depth == 0:
                    return text[:start], [*choices, text[last:at]], text[at + 1 :]
        start = text.find("{", start + 1)
    return None
