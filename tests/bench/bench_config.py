"""How long a large configuration takes to load: 30 files, 2,000 sections, as a graphical manager writes them.

Run by hand: `.venv/bin/python tests/bench/bench_config.py`. CPU seconds, the best of seven; exits with 1
where the target is missed. The first load of a process, with the option tables, is shown too.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from pjresolve.config.objects import load
from pjresolve.config.reader import read
from tests.config.tree import FILES, SECTIONS, write_tree

MOST_SECONDS = 0.3


def measure(main: Path) -> tuple[float, float]:
    """CPU seconds of reading, and of making the objects."""
    begun = time.process_time()
    document = read(main)
    between = time.process_time()
    load(document)
    return between - begun, time.process_time() - between


def run() -> int:
    with tempfile.TemporaryDirectory() as folder:
        runs = [measure(write_tree(Path(folder)))]
        runs += [measure(Path(folder) / "pjsip.conf") for _ in range(6)]
    best = min(map(sum, runs))
    print(f"{FILES} files, {SECTIONS} sections: first {sum(runs[0]):.3f} s, best {best:.3f} s of CPU")
    print(f"reading {min(r for r, _ in runs):.3f} s, objects {min(o for _, o in runs):.3f} s")
    if best > MOST_SECONDS:
        print(f"more than {MOST_SECONDS} s")
    return int(best > MOST_SECONDS)


if __name__ == "__main__":
    sys.exit(run())
