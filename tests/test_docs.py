"""What the documentation draws, counts and points at is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pjresolve.sip.transaction import NON_INVITE, Action, State
from tests.conftest import ROOT
from tests.recordings.library import recording

DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "tests" / "recordings" / "SOURCE.md"]
DESIGN = ROOT / "docs" / "design.md"
SHOWN = {
    Action.SEND: "send again",
    Action.REPORT: "report the end",
    Action.NOTHING: "",
}


def title(name: str) -> str:
    """`TIMER_E` as `Timer E`."""
    return re.sub(r"\b[a-z]$", lambda m: m[0].upper(), name.replace("_", " ").capitalize())


def diagram() -> str:
    """The transitions as a Mermaid state diagram."""
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> Trying: send"]
    for (state, happened), (after, action) in NON_INVITE.items():
        does = f" / {SHOWN[action]}" if SHOWN[action] else ""
        lines.append(f"    {title(state.name)} --> {title(after.name)}: {title(happened.name)}{does}")
    ends = set(State) - {state for state, _ in NON_INVITE}
    lines += [f"    {title(state.name)} --> [*]" for state in State if state in ends]
    return "\n".join([*lines, "```"])


def test_the_diagram_of_the_transaction_is_made_from_its_transitions() -> None:
    drawn = re.search(r"<!-- transitions -->\n(.*?)\n<!-- /transitions -->", DESIGN.read_text(), re.DOTALL)
    assert drawn is not None
    assert drawn[1] == diagram(), f"docs/design.md should have:\n{diagram()}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_and_path_leads_to_something(document: Path) -> None:
    text = re.sub(r"(?s)^```.*?^```", "", document.read_text(), flags=re.MULTILINE)
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", re.sub(r"`[^`\n]*`", "", text))
    named = {document.parent / link.partition("#")[0] for link in links}
    if document.parent == ROOT:  # what has an upper-case word stands for any name
        paths = re.findall(r"`((?:pjresolve|tests|docs|\.github)/[a-z0-9_./-]+)`", text)
        named |= {ROOT / path for path in paths}
    assert not [str(path) for path in named if not path.exists()]


def test_every_layer_of_the_contract_is_described() -> None:
    contract = re.search(r"layers = \[(.*?)\]", (ROOT / "pyproject.toml").read_text(), re.DOTALL)
    assert contract is not None
    layers = {name for line in re.findall(r'"([^"]+)"', contract[1]) for name in line.split(" | ")}
    described = set(
        re.findall(r"`([a-z]+)`", "\n".join(re.findall(r"(?m)^\| (`.*?) \|", DESIGN.read_text())))
    )
    assert layers <= described


SHOWN_BY_ASTERISK = re.compile(
    r"<!-- shown: (?P<name>\S+) -->\n```text\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)


def test_what_asterisk_is_said_to_have_shown_stands_in_the_recording() -> None:
    text = (ROOT / "docs" / "other-half.md").read_text()
    (block,) = SHOWN_BY_ASTERISK.finditer(text)
    shown = "".join(
        f"{line.rstrip()}\n" for line in recording(block["name"])["show"]["pjsip show endpoints"].splitlines()
    )
    assert block["text"] in shown
