"""Values that somebody was to fill in and did not.

Rules of this file: what is said to be one has the marks of one; a plain word never is.
"""

from __future__ import annotations

import re

_MARKS = re.compile(r"[<>{}]|\$[A-Za-z(]|__|^@.*@$|^%.*%$|^\[.*[A-Za-z_]{2}.*\]$")


def is_placeholder(value: str) -> bool:
    """Whether a value has the marks of a place to fill in: `${X}`, `<X>`, `{{ X }}`, `__X__`, `@X@`."""
    return _MARKS.search(value) is not None
