"""Waiting for name servers; what is going on stands on standard error."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Coroutine, Sequence
from types import TracebackType
from typing import Any, TypeVar

from pjresolve.dns.live import LiveSource
from pjresolve.errors import printable
from pjresolve.model import Query
from pjresolve.prediction.answers import servers_text
from pjresolve.words import span

T = TypeVar("T")
PATIENCE = 1.0
"""Seconds before anything is shown."""
WIDTH = 79


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end. Ctrl-C stops it at once, also while it computes."""
    with asyncio.Runner() as runner:  # its own `run` would hold Ctrl-C back until the coroutine waits
        return runner.get_loop().run_until_complete(work)


class Progress:
    """One line that is rewritten, and gone in the end; where nobody looks at a terminal, it is said once."""

    def __init__(self) -> None:
        self.begin: float | None = None
        self.shown = False
        self.told = False

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
        loop = asyncio.get_running_loop()
        if self.begin is None:
            self.begin = loop.time()
        task = asyncio.ensure_future(work)
        while True:
            done, _ = await asyncio.wait({task}, timeout=0.2)
            if done:
                return task.result()
            passed = loop.time() - self.begin
            if passed < PATIENCE:
                continue
            if not sys.stderr.isatty():
                if not self.told:
                    sys.stderr.write(f"{printable(f'{doing} …', 200)}\n")
                    sys.stderr.flush()
                self.told = True
            else:
                self.shown = True
                sys.stderr.write(f"\r{printable(f'{span(round(passed))}, {doing}', WIDTH)}\x1b[K")
                sys.stderr.flush()

    async def asking(self, work: Awaitable[None], queries: Sequence[Query], live: LiveSource) -> None:
        """Wait for answers to `queries`, saying whom they were asked of."""
        more = f" and {len(queries) - 1} more" if len(queries) > 1 else ""
        await self.during(work, f"asking {servers_text(live)}: {queries[0]}{more}")
