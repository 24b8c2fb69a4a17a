"""Looks for inputs that end in a traceback, hang, or are told as what they are not: an hour, or as you say.

    pip install -e '.[test,fuzz]'
    python -m tests.fuzz.fuzz                     # every entrance in turn, for an hour
    python -m tests.fuzz.fuzz --minutes 5 sip zone
    python -m tests.fuzz.fuzz --atheris pjsip     # guided by coverage, one entrance, until Ctrl-C

A finding is printed as small as hypothesis can make it; the exit code is 1 then. Nothing is kept but that.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from pjresolve.errors import PjresolveError
from tests.fuzz.entrances import Entrance, entrances, one_line

LIMIT = 10
"""Seconds that one input may take."""
BATCH = 300
"""Inputs of an entrance before it is the next one's turn."""


class Hang(Exception):
    """An input took too long."""


@contextmanager
def limited() -> Iterator[None]:
    """Raise Hang in what takes longer."""

    def late(*_: object) -> None:
        raise Hang(f"longer than {LIMIT} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(LIMIT)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def use(entrance: Entrance, text: str) -> None:
    """Give `text` to the entrance. Raises what must not be raised."""
    with limited():
        try:
            entrance.use(text)
        except PjresolveError as exc:
            one_line(exc)


@st.composite
def mutated(draw: st.DrawFn, entrance: Entrance) -> str:
    """A text of the corpus with some pieces replaced, removed, repeated or put in."""
    text = draw(st.sampled_from(entrance.corpus))
    pieces = st.one_of(
        st.sampled_from(entrance.tokens or ("",)),
        st.text(max_size=6),
        st.characters(max_codepoint=255),
        st.just("9" * 40),
        st.just(""),
    )
    for _ in range(draw(st.integers(1, 6))):
        begin = draw(st.integers(0, len(text)))
        end = min(len(text), begin + draw(st.sampled_from((0, 0, 1, 2, 8, 40, 200))))
        piece = text[begin:end] * 2 if draw(st.booleans()) and end > begin else draw(pieces)
        text = text[:begin] + piece + text[end:]
    return text


def search(name: str, entrance: Entrance, number: int, examples: int = BATCH) -> str:
    """One batch; what was found, as the smallest input and its traceback, or nothing."""
    last: list[str] = [""]

    @seed(number)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(text=mutated(entrance))
    def check(text: str) -> None:
        last[0] = text
        use(entrance, text)

    try:
        check()
    except (Exception, Hang):
        return f"{name}: {last[0]!r}\n{traceback.format_exc(limit=-4)}"
    return ""


def guided(entrance: Entrance) -> None:
    """Let atheris search, guided by what code is reached."""
    import atheris

    def one(data: bytes) -> None:
        provider = atheris.FuzzedDataProvider(data)
        base = entrance.corpus[provider.ConsumeIntInRange(0, len(entrance.corpus) - 1)]
        at = provider.ConsumeIntInRange(0, len(base))
        cut = provider.ConsumeIntInRange(0, 40)
        use(entrance, base[:at] + provider.ConsumeUnicode(200) + base[at + cut :])

    atheris.instrument_all()
    atheris.Setup(sys.argv[:1], one)
    atheris.Fuzz()


def main() -> int:
    """Search until the time is up."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="ENTRANCE", help=f"of {', '.join(entrances())}")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--atheris", action="store_true")
    given_ = parser.parse_args()
    chosen = {name: entrances()[name] for name in given_.names or entrances()}
    if given_.atheris:
        guided(next(iter(chosen.values())))
    end, number, tried, found = time.monotonic() + 60 * given_.minutes, given_.seed, 0, dict[str, str]()
    print(f"seed {number}", flush=True)
    while time.monotonic() < end:
        for name, entrance in chosen.items():
            if name not in found and (finding := search(name, entrance, number)):
                found[name] = finding
                print(finding, flush=True)
            tried += BATCH
        number += 1
        if len(found) == len(chosen):
            break
    print(f"{tried:,} inputs, {len(found)} findings")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
