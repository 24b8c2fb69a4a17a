"""How many hostile inputs the tests draw, and a run of ten thousand of them in a process of its own."""

from __future__ import annotations

import os
from pathlib import Path

MANY = int(os.environ.get("PJRESOLVE_MANY", "1"))
"""How many times more examples than usual are drawn."""


def peak() -> int:
    """Peak memory of this program in KB; what getrusage tells includes the process that started it."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def main() -> None:
    """Draw them all, and print the peak memory in KB."""
    from tests.config import test_bounds
    from tests.dns import test_message

    test_message.test_mutated_replies_never_raise()
    test_message.test_arbitrary_bytes_never_raise()
    test_bounds.test_any_text_of_the_syntax()
    test_bounds.test_any_text()
    test_bounds.test_any_options()
    print(peak())


if __name__ == "__main__":
    main()
