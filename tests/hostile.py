"""How many hostile inputs the tests draw, and a run of ten thousand of them in a process of its own."""

from __future__ import annotations

import os

MANY = int(os.environ.get("PJRESOLVE_MANY", "1"))
"""How many times more examples than usual are drawn."""


def main() -> None:
    """Draw them all, and print the peak memory in KB."""
    import resource

    from tests.config import test_bounds
    from tests.sources import test_message

    test_message.test_mutated_replies_never_raise()
    test_message.test_arbitrary_bytes_never_raise()
    test_bounds.test_any_text_of_the_syntax()
    test_bounds.test_any_text()
    test_bounds.test_any_options()
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    main()
