"""A rule's manual, taken apart: title, text, examples.

Rules of this file: the docstring is the only source; docs/rules.md and `pjresolve rule` show the same words.
"""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass

from pjresolve.lint.finding import Severity
from pjresolve.lint.registry import rules
from pjresolve.lint.rule import FAMILIES, Rule

WIDTH = 80
LABELS = ("Bad", "Good", "Bad zone", "Good zone")


@dataclass(frozen=True, slots=True)
class Manual:
    """What is known of a rule. `also` are the severities of better and worse cases.

    `examples` are by label: `Bad`, `Good`, `Bad zone`, `Good zone`.
    """

    code: str
    name: str
    severity: Severity
    also: tuple[Severity, ...]
    needs_dns: bool
    title: str
    text: str
    examples: dict[str, str]


def manual(rule: type[Rule]) -> Manual:
    """The manual of a rule. Raises ValueError for a docstring without title or text."""
    title, _, rest = inspect.cleandoc(rule.__doc__ or "").partition("\n")
    prose: list[str] = []
    examples: dict[str, list[str]] = {}
    block: list[str] | None = None
    for line in rest.splitlines():
        label = line.removesuffix(":")
        if line.endswith(":") and label in LABELS:
            block = examples[label] = []
        elif block is not None and (not line or line.startswith("    ")):
            block.append(line[4:])
        else:
            block = None
            prose.append(line)
    text = "\n".join(prose).strip()
    if not title or not text:
        raise ValueError(f"{rule.__name__} has no manual")
    shown = {label: "\n".join(lines).strip() for label, lines in examples.items()}
    return Manual(rule.code, rule.__name__, rule.severity, rule.also, rule.needs_dns, title, text, shown)


def manual_text(m: Manual, width: int = WIDTH) -> str:
    """The manual as `pjresolve rule CODE` prints it, in `width` columns."""
    dns = ", needs DNS answers" if m.needs_dns else ""
    prose = (" ".join(paragraph.split()) for paragraph in [f"{m.code} {m.title}", *m.text.split("\n\n")])
    title, *text = (textwrap.fill(paragraph, width, break_on_hyphens=False) for paragraph in prose)
    parts = [title, f"{FAMILIES[m.code[:3]]}; {severities(m)}{dns}", *text]
    parts += [f"{label}:\n\n{_indented(text)}" for label, text in m.examples.items()]
    return "\n\n".join(parts) + "\n"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.splitlines())


HEAD = """\
# The rules of `pjresolve check`

Written by the program itself from the rules' own manuals: `pjresolve rule CODE` prints one.

The examples show only what differs from a good configuration: six transports (UDP, TCP and TLS over IPv4 and
IPv6), and a registration, auth, aor, endpoint and identify called `itsp` at `sip.example.net`, whose DNS
names two hosts over UDP, each with an IPv4 and an IPv6 address.

A finding is left out with `; noqa: CODE` at the end of its line, and all of a line's with `; noqa`.

"""


def severities(m: Manual) -> str:
    """`warning`, or `warning, by the case error or info`."""
    return f"{m.severity}, by the case {' or '.join(m.also)}" if m.also else str(m.severity)


def manual_page(said: Mapping[str, str]) -> str:
    """All manuals as docs/rules.md. `said` is what a check says of each rule's `Bad` example, by code, with
    the figures that its simulation comes to.
    """
    out = [HEAD]
    family = ""
    for rule in rules().values():
        m = manual(rule)
        if m.code[:3] != family:
            family = m.code[:3]
            out.append(f"## {family}xx {FAMILIES[family]}\n\n")
        dns = ", needs DNS answers" if m.needs_dns else ""
        out.append(f"### {m.code} {m.title}\n\n*{severities(m)}{dns}*\n\n{m.text}\n\n")
        for label, text in m.examples.items():
            language = "text" if label.endswith("zone") else "ini"
            out.append(f"{label}:\n\n```{language}\n{text}\n```\n\n")
        out.append(f"What it says of the bad one:\n\n```text\n{said[m.code]}\n```\n\n")
    return "".join(out).rstrip() + "\n"
