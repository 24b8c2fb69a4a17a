"""What is going on, on standard error, where that is a terminal and it takes over a second."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable
from types import TracebackType
from typing import TypeVar

from pjresolve.errors import printable
from pjresolve.words import span

T = TypeVar("T")
PATIENCE = 1.0
"""Seconds before anything is shown."""
WIDTH = 79


class Progress:
    """One line that is rewritten, and gone in the end."""

    def __init__(self) -> None:
        self.begin: float | None = None
        self.shown = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    async def during(self, work: Awaitable[T], doing: str) -> T:
        """Wait for `work`, saying what it is doing once patience is at its end."""
        if not sys.stderr.isatty():
            return await work
        loop = asyncio.get_running_loop()
        if self.begin is None:
            self.begin = loop.time()
        task = asyncio.ensure_future(work)
        while True:
            done, _ = await asyncio.wait({task}, timeout=0.2)
            if done:
                return task.result()
            passed = loop.time() - self.begin
            if passed >= PATIENCE:
                self.shown = True
                sys.stderr.write(f"\r{printable(f'{span(round(passed))}, {doing}', WIDTH)}\x1b[K")
                sys.stderr.flush()
