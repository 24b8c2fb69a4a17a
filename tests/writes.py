"""Interrupts real processes while they write, and looks at what is left: `python -m tests.writes [TIMES]`.

Each process replaces a file; it gets SIGINT or SIGTERM after a time that is drawn, or its disk is full after
a number of bytes that is drawn. Then the file has to be the old one or the new one, whole, and alone. What is
said is looked at where the disk is full: Python that is interrupted while it starts has its own words.
"""

from __future__ import annotations

import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

SCRIPT = str(Path(sys.executable).parent / "pjresolve")
OLD = "; the old file\n" * 20_000
PEERS = 400
KINDS = ("SIGINT", "SIGTERM", "full disk")
CODES = {"SIGINT": (0, 1, 130, -signal.SIGINT), "SIGTERM": (0, -signal.SIGTERM), "full disk": (2,)}


def prepare(folder: Path) -> tuple[list[str], str, float]:
    """The command that replaces `folder/out/pjsip.conf`, what it writes, and how long it takes."""
    peers = "".join(f"[p{n}]\ntype=peer\nhost=p{n}.example.net\nsecret=s{n}\n" for n in range(PEERS))
    (folder / "sip.conf").write_text(f"[general]\nbindaddr=0.0.0.0\n{peers}")
    (folder / "out").mkdir()
    file = folder / "out" / "pjsip.conf"
    command = [SCRIPT, "migrate", str(folder / "sip.conf"), "-o", str(file), "--force"]
    begin = time.monotonic()
    subprocess.run(command, check=False, capture_output=True)
    return command, file.read_text(), time.monotonic() - begin


def limit(most: int) -> Callable[[], None]:
    """What makes every file of a process full after so many bytes, and lets it be interrupted."""

    def prepared() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background jobs ignore it

    return prepared


def interrupt(kind: str, command: list[str], new: str, takes: float, draw: random.Random) -> str:
    """One process; what is left of the file: `old` or `new`. Raises AssertionError for anything else."""
    file = Path(command[4])
    file.write_text(OLD)
    most = draw.randrange(len(new)) if kind == "full disk" else 1 << 30
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, preexec_fn=limit(most)
    )
    if kind != "full disk":
        # mostly at the end, where it writes
        time.sleep(takes * (draw.random() if draw.random() < 0.2 else draw.uniform(0.7, 1.1)))
        process.send_signal(getattr(signal, kind))
    _, said = process.communicate(timeout=60)
    assert process.returncode in CODES[kind], (process.returncode, said)
    if kind == "full disk":
        assert said.count("\n") == 1, said
    left = file.read_text()
    assert left in (OLD, new), f"{kind}: {len(left)} characters are left, of {len(OLD)} or {len(new)}"
    assert [entry.name for entry in file.parent.iterdir()] == [file.name], list(file.parent.iterdir())
    return "new" if left == new else "old"


def run(times: int, seed: int = 1) -> dict[str, Counter[str]]:
    """So many processes of each kind; how often the old and how often the new file was left."""
    draw, found = random.Random(seed), {kind: Counter[str]() for kind in KINDS}
    with tempfile.TemporaryDirectory() as name:
        command, new, takes = prepare(Path(name))
        for kind in KINDS:
            for _ in range(times):
                found[kind][interrupt(kind, command, new, takes, draw)] += 1
    return found


if __name__ == "__main__":
    for kind, count in run(int(sys.argv[1]) if len(sys.argv) > 1 else 200).items():
        print(f"{kind}: {dict(count)}")
