"""extensions.conf, as far as is needed to say whether an extension is there, and how long `Dial` waits.

Rules of this file:
- contexts, `exten =>`, `same =>` and `include =>` are read; of applications `Dial` alone is known here;
- a context that no file defines is not known, and that is said by None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

LONGEST_EXTENSION = 80
"""Characters of an extension at most."""
_SETS = {"X": "0123456789", "Z": "123456789", "N": "23456789"}
_DIAL = re.compile(r"[,?:]\s*Dial\(", re.IGNORECASE)
_COMMENT = re.compile(r"(?<!\\);.*")
_SECONDS = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,3})?")
_LINE = re.compile(r"\s*(exten|same|include)\s*=>?\s*(.*)", re.IGNORECASE)


@dataclass(slots=True)
class Context:
    """The extensions of one context with the application of their first priority, and what it includes."""

    extensions: dict[str, str] = field(default_factory=dict)
    includes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    """What a dialplan makes of an extension. `application` is its first, in lower case.

    `more`: nothing fits yet, and with further digits something can.
    """

    there: bool
    application: str = ""
    more: bool = False


class Dial(NamedTuple):
    """An endpoint that a `Dial` calls by its own contact, in a line (from 1), and its timeout in seconds."""

    line: int
    endpoint: str
    timeout: float


def read_dials(text: str) -> Iterator[Dial]:
    """Each PJSIP endpoint of a `Dial` whose timeout is written as a number.

    What takes a variable to know, and `PJSIP/endpoint/URI`, which calls no contact, is passed over.
    """
    for number, line in enumerate(text.splitlines(), 1):
        bare = _COMMENT.sub("", line)
        found = _DIAL.search(bare) if _LINE.fullmatch(bare) else None
        places, timeout = _arguments(bare[found.end() :]) if found else ("", "")
        if not _SECONDS.fullmatch(timeout):
            continue
        for place in places.split("&"):
            technology, _, rest = place.strip().partition("/")
            endpoint = rest.rpartition("@")[2]
            if technology.upper() == "PJSIP" and endpoint and "/" not in rest and "$" not in endpoint:
                yield Dial(number, endpoint, float(timeout))


def _arguments(text: str) -> tuple[str, str]:
    """The first two arguments of an application, without what stands behind its closing parenthesis."""
    parts, depth = [""], 0
    for char in text:
        if char == ")" and not depth:
            return parts[0], parts[1].strip() if len(parts) > 1 else ""
        depth += (char in "({[") - (char in ")}]")
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return "", ""


def read_dialplan(text: str) -> dict[str, Context]:
    """The contexts of extensions.conf by name."""
    contexts: dict[str, Context] = {}
    here: Context | None = None
    for line in text.splitlines():
        bare = line.partition(";")[0].strip()
        if bare.startswith("["):
            here = contexts.setdefault(bare[1:].partition("]")[0], Context())
            continue
        found = _LINE.fullmatch(bare)
        if found is None or here is None:
            continue
        kind, rest = found[1].lower(), found[2]
        if kind == "include":
            here.includes.append(rest.partition(",")[0].strip())
        elif kind == "exten":
            name, _, step = rest.partition(",")
            _, _, application = step.partition(",")
            here.extensions.setdefault(
                name.strip().partition("/")[0], application.partition("(")[0].strip().lower()
            )
    return contexts


def look_up(contexts: dict[str, Context], context: str, extension: str) -> Found:
    """Whether an extension is there, in the context or one that it includes."""
    todo, seen, more = [context], set(), False
    while todo:
        name = todo.pop(0)
        if name in seen or name not in contexts:
            continue
        seen.add(name)
        here = contexts[name]
        for pattern, application in here.extensions.items():
            whole, partly = fits(pattern, extension[:LONGEST_EXTENSION])
            if whole:
                return Found(True, application)
            more = more or partly
        todo += here.includes
    return Found(False, more=more)


def fits(pattern: str, extension: str) -> tuple[bool, bool]:
    """Whether an extension fits a pattern, and whether a longer one could."""
    if not pattern.startswith("_"):
        longer = len(pattern) > len(extension) > 0 and pattern.startswith(extension)
        return pattern == extension, longer
    place, at = 0, 1
    pattern = pattern.replace("-", "") if "[" not in pattern else pattern
    while at < len(pattern):
        char = pattern[at]
        if char == ".":
            return len(extension) > place, len(extension) <= place
        if char == "!":
            return True, False
        allowed = _SETS.get(char.upper(), char)
        if char == "[":
            end = pattern.find("]", at)
            if end < 0:
                return False, False
            allowed, at = _set(pattern[at + 1 : end]), end
        if place >= len(extension):
            return False, True
        if extension[place] not in allowed:
            return False, False
        place, at = place + 1, at + 1
    return place == len(extension), False


def _set(text: str) -> str:
    """The characters of a set such as `1-35`."""
    out, at = [], 0
    while at < len(text):
        if text[at + 1 : at + 2] == "-" and at + 2 < len(text):
            out += [chr(c) for c in range(ord(text[at]), min(ord(text[at + 2]), ord(text[at]) + 200) + 1)]
            at += 3
        else:
            out.append(text[at])
            at += 1
    return "".join(out)
