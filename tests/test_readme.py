"""The examples of README.md and docs/*.md, executed, with their output compared.

What a fenced block means is said by its language:

    console       `$ command` lines, run in order by a shell in one temporary folder per document, each
                  followed by what it prints (standard output and error). A line `…` stands for any lines.
                  A command has to exit with 0, unless its line shows how: `$ pjresolve … ; echo "exit $?"`
    pycon         `>>> statement` lines, run in order in one namespace per document
    text, mermaid illustration, not executed
    sh            only below `<!-- run-command -->` and `<!-- test-command -->`: the set-up, which CI runs
    others        content of a file; below `<!-- file: NAME -->` the document's examples find it
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT, need_pandas

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LANGUAGES = {"console", "pycon", "text", "mermaid", "sh", "ini", "yaml", "json", "toml"}
FENCE = re.compile(
    r"^(?:<!-- *(?P<mark>[^\n]*?) *-->\n+)?^```(?P<language>[^\n]*)\n(?P<body>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its lines, the comment right above it, and its line in the document."""

    language: str
    body: str
    mark: str
    line: int


def blocks(text: str) -> list[Block]:
    """The fenced blocks of a document, in order."""
    return [
        Block(m["language"].strip(), m["body"], m["mark"] or "", text[: m.start("language")].count("\n") + 1)
        for m in FENCE.finditer(text)
    ]


def commands(body: str) -> list[tuple[str, str]]:
    """The (command, output) pairs of a console block; a backslash continues a line."""
    pairs: list[tuple[str, str]] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            pairs.append((line[2:], ""))
        elif not pairs:
            raise ValueError(f"a console block starts with `$ command`, not with {line!r}")
        elif pairs[-1][0].endswith("\\") and not pairs[-1][1]:
            pairs[-1] = (pairs[-1][0] + "\n" + line.removeprefix("> "), "")
        else:
            pairs[-1] = (pairs[-1][0], pairs[-1][1] + line + "\n")
    return pairs


def matches(shown: str, printed: str) -> bool:
    """Whether the output shown in a document is what was printed. Blanks at line ends do not count."""
    pattern = "".join(
        "(?:.*\n)*" if line.strip() == "…" else re.escape(line.rstrip()) + "\n" for line in shown.splitlines()
    )
    return re.fullmatch(pattern, "".join(line.rstrip() + "\n" for line in printed.splitlines())) is not None


def execute(command: str, folder: Path) -> tuple[int, str]:
    """Run a command with this environment's programs first. Returns its exit status and output."""
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "COLUMNS": "80",
        "TERM": "dumb",
    }
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout


def write_marked(block: Block, folder: Path) -> None:
    """Write the file whose content a block is."""
    if block.mark.startswith("file:"):
        (folder / Path(block.mark.removeprefix("file:").strip()).name).write_text(block.body)


def console_failures(found: list[Block], folder: Path) -> list[str]:
    """What the console blocks show and the commands do not print."""
    failures = []
    for block in found:
        write_marked(block, folder)
        if block.language != "console":
            continue
        for command, shown in commands(block.body):
            status, printed = execute(command, folder)
            if status or not matches(shown, printed):
                failures.append(f"line {block.line}: $ {command}\nexit status {status}, printed:\n{printed}")
    return failures


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_console_examples_print_what_is_shown(document: Path, tmp_path: Path) -> None:
    failures = console_failures(blocks(document.read_text()), tmp_path)
    assert not failures, "\n".join(failures)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_python_examples_print_what_is_shown(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = blocks(document.read_text())
    for block in found:
        write_marked(block, tmp_path)
    text = "\n".join(b.body for b in found if b.language == "pycon")
    if "to_frame(" in text:
        need_pandas()
    test = doctest.DocTestParser().get_doctest(text, {}, document.name, document.name, 0)
    out: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=out.append)
    assert not out, "".join(out)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_no_example_escapes_execution(document: Path) -> None:
    text = document.read_text()
    found = blocks(text)
    assert len(re.findall(r"^ *```", text, re.MULTILINE)) == 2 * len(found), "a fence that is not recognised"
    for block in found:
        assert block.language in LANGUAGES, (
            f"line {block.line}: {block.language or 'a block without language'}"
        )
        assert (block.language == "sh") == (block.mark in ("run-command", "test-command")), (
            f"line {block.line}"
        )


def test_readme_says_how_to_run_it_and_how_to_test_it() -> None:
    found = {block.mark: block.body for block in blocks((ROOT / "README.md").read_text()) if block.mark}
    run, test = found["run-command"].strip(), found["test-command"].strip()
    assert "\n" not in run + test, "one command each"
    assert run.endswith("pjresolve sipproxy.voipgrid.nl --offline")
    assert test.endswith("-m pytest")


# ------------------------------------------------------------------ this runner itself


def test_a_wrong_output_fails(tmp_path: Path) -> None:
    text = "```console\n$ printf 'a\\nb\\nc\\n'\na\n…\nc\n$ echo a\nb\n$ false\n```\n"
    failures = console_failures(blocks(text), tmp_path)
    assert [f.splitlines()[0] for f in failures] == ["line 1: $ echo a", "line 1: $ false"]


def test_a_marked_block_becomes_a_file(tmp_path: Path) -> None:
    text = "<!-- file: a.conf -->\n```ini\n[a]\n```\nthen\n```console\n"
    text += '$ cat \\\n> a.conf; false; echo "exit $?"\n[a]\nexit 1\n```\n'
    assert console_failures(blocks(text), tmp_path) == []
