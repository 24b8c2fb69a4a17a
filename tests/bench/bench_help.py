"""How long `pjresolve --help` takes, as a ratio to the help of a typer app with one command.

Run by hand: `.venv/bin/python tests/bench/bench_help.py [PAIRS]`. The two are started in turn, so that a busy
machine slows both. Exits with 1 where the ratio of the medians is above its target.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TARGET = 1.5
ONE_COMMAND = """\
import typer

app = typer.Typer()


@app.command()
def hello(name: str, loud: bool = False) -> None:
    "Greets."


app()
"""


def seconds(command: list[str]) -> float:
    """The wall time of one run, in seconds."""
    begin = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begin


def main() -> None:
    """Measure, print the medians and their ratio."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    ours = [str(Path(sys.executable).parent / "pjresolve"), "--help"]
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "one.py"
        script.write_text(ONE_COMMAND)
        theirs = [sys.executable, str(script), "--help"]
        seconds(ours), seconds(theirs)  # the first runs write bytecode and fill the disk cache
        times = [(seconds(ours), seconds(theirs)) for _ in range(pairs)]
    mine, base = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"pjresolve --help {mine * 1000:.0f} ms, one-command typer app {base * 1000:.0f} ms, {pairs} pairs")
    print(f"ratio of medians {mine / base:.2f}, target at most {TARGET}")
    sys.exit(mine / base > TARGET)


if __name__ == "__main__":
    main()
