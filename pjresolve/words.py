"""Times, counts and lists in words: the only place, so that one duration is told in one way everywhere.

Rules of this file: from numbers and names to a short text; nothing is decided, nothing is laid out.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from pjresolve.errors import printable


def span(seconds: float) -> str:
    """A length of time in words, to the millisecond: `0 s`, `135.5 s`, `34 min 28 s`, `2 h`, `3 d 4 h`."""
    if seconds < 600:
        return f"{_trimmed(seconds)} s"
    whole = round(seconds)
    parts = [(whole // 86400, "d"), (whole // 3600 % 24, "h"), (whole // 60 % 60, "min"), (whole % 60, "s")]
    return " ".join(f"{n} {unit}" for n, unit in parts if n)


def after(seconds: float) -> str:
    """`after 32 s`, or `at once`."""
    return f"after {span(seconds)}" if round(seconds, 3) else "at once"


def _trimmed(number: float) -> str:
    return f"{number:.3f}".rstrip("0").rstrip(".")


def clock(seconds: float) -> str:
    """A moment, in seconds with as many decimals as it needs, at most three."""
    return _trimmed(seconds)


def plural(count: int, word: str) -> str:
    """`1 target`, `2 targets`, `1,234 queries`."""
    if count == 1:
        return f"1 {word}"
    return f"{count:,} {word[:-1]}ies" if word.endswith("y") else f"{count:,} {word}s"


def there_are(names: Iterable[str], given: str = "", limit: int = 40) -> str:
    """What there is to choose from, as a hint: `did you mean beta? there are alpha, beta`."""
    known = list(dict.fromkeys(names))
    if not known:
        return "there is none"
    near = difflib.get_close_matches(given.lower()[:64], [name.lower() for name in known[:500]], 1, 0.6)
    maybe = next((f"did you mean {printable(n, 80)}? " for n in known if near and n.lower() == near[0]), "")
    if len(known) == 1:
        return f"{maybe}there is only {printable(known[0], 80)}"
    more = f" and {len(known) - limit} more" if len(known) > limit else ""
    return f"{maybe}there are {', '.join(printable(name, 80) for name in known[:limit])}{more}"


def numbers(values: list[int]) -> str:
    """`1`, `1-3`, `1 3-4`: ascending runs are joined."""
    out: list[str] = []
    start = 0
    for i in range(1, len(values) + 1):
        if i == len(values) or values[i] != values[i - 1] + 1:
            out.append(str(values[start]) if i - start == 1 else f"{values[start]}-{values[i - 1]}")
            start = i
    return " ".join(out)


def listed(items: Iterable[str], limit: int = 6) -> str:
    """`a, b and c`, escaped; what is beyond `limit` is counted."""
    shown = [printable(item, 80) for item in items]
    if len(shown) > limit:
        shown = [*shown[: limit - 1], f"{len(shown) - limit + 1} more"]
    return shown[0] if len(shown) == 1 else " and ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))
