"""YAML and JSON texts, read strictly and with the line of every value.

Rules of this file:
- a text is bounded in size, depth and number of values, and read without recursion;
- an alias shares the value it names and is never expanded, but counts as if it were: whoever reads the values
  comes by each as often as it is named. Merge keys and tags are refused;
- a key given twice is an error, not a silent choice;
- only plain YAML scalars are typed: null, booleans, decimal integers and floats. There are no dates, no octal
  and no base-60 numbers, so that an IPv6 address is always text;
- lines of a JSON text are looked for only when an error must name one.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Any

from pjresolve.errors import BadInput, Location, printable
from pjresolve.files import MAX_CHARACTERS
from pjresolve.scenario.document import Document, Field, Keys

MAX_DEPTH, MAX_VALUES = 60, 200_000
_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half a surrogate pair: what Python makes of a byte that is no UTF-8 in an option, too."""


def read_markup(text: str, file: str, *, json_only: bool = False) -> Field:
    """The value of a YAML or JSON text. Raises BadInput with the line for anything that is neither.

    With `json_only` the text must be JSON; otherwise a text that starts with `{` is tried as JSON first.
    """
    if len(text) > MAX_CHARACTERS:
        raise BadInput(f"larger than {MAX_CHARACTERS >> 20} MiB", where=Location(file))
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise BadInput("the file is empty", where=Location(file))
    half = _SURROGATE.search(text)
    if half:
        line = text.count("\n", 0, half.start()) + 1
        raise BadInput("this line is not UTF-8 text", where=Location(file, line))
    if json_only or text.lstrip().startswith("{"):
        try:
            return read_json(text, file)
        except BadInput:
            if json_only:
                raise
    return read_yaml(text, file)


# --- JSON


def read_json(text: str, file: str) -> Field:
    """A JSON text (RFC 8259) without duplicate keys."""
    document = Document(Location(file), lambda: _json_lines(text)[0])
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant)
    except json.JSONDecodeError as exc:
        raise BadInput(f"no JSON: {exc.msg}", where=Location(file, exc.lineno)) from None
    except _DuplicateKey as exc:
        line = _json_lines(text)[1]
        raise BadInput(f"key `{printable(str(exc), 60)}` stands twice", where=Location(file, line)) from None
    except RecursionError:
        raise BadInput("nested too deeply", where=Location(file)) from None
    except ValueError as exc:
        raise BadInput(f"no JSON: {exc}", where=Location(file)) from None
    return Field(value, (), document)


class _DuplicateKey(Exception):
    pass


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in pairs:
        if key in out:
            raise _DuplicateKey(key)
        if _SURROGATE.search(key):
            raise ValueError("a key holds half a surrogate pair")
        out[key] = value
    return out


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def _json_lines(text: str) -> tuple[dict[Keys, int], int]:
    """The line of every value of a valid JSON text, and the line of its first duplicate key (0: none)."""
    lines: dict[Keys, int] = {}
    duplicate, line, last = 0, 1, 0
    stack: list[str | int | None] = []  # one entry for each open container: its current key or index
    expecting_key = False
    for match in _JSON_TOKEN.finditer(text):
        token = match[0]
        line += text.count("\n", last, match.start())
        last = match.start()
        if not stack and token in ",:}]":
            break  # a duplicate key is found before what is wrong behind it
        if token == "," and isinstance(stack[-1], int):
            stack[-1] += 1
        elif token == ",":
            expecting_key = True
        elif token in "}]":
            stack.pop()
            expecting_key = False
        elif token == ":":
            expecting_key = False
        elif expecting_key:
            stack[-1] = json.loads(token)
            path = tuple(p for p in stack if p is not None)
            duplicate = duplicate or (line if path in lines else 0)
            lines[path] = line
        else:
            lines.setdefault(tuple(p for p in stack if p is not None), line)
            if token in "{[":
                stack.append(None if token == "{" else 0)
                expecting_key = token == "{"
    return lines, duplicate


# --- YAML


def read_yaml(text: str, file: str) -> Field:
    """A YAML text: one document of mappings, lists and scalars."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Builder(file).build(yaml.parse(text, Loader=loader))
    except yaml.MarkedYAMLError as exc:
        # what is never closed is found at the end; where it begins tells more
        unclosed = "end of stream" in str(exc.problem) and exc.context_mark
        mark = exc.context_mark if unclosed else exc.problem_mark
        line = mark.line + 1 if mark else 0
        raise BadInput(f"no YAML: {exc.problem or exc.context}", where=Location(file, line)) from None
    except yaml.YAMLError as exc:
        before = text[: getattr(exc, "position", 0) or 0]
        what = getattr(exc, "reason", "it cannot be read")
        raise BadInput(f"no YAML: {what}", where=Location(file, before.count("\n") + 1)) from None


class _Builder:
    """Values from PyYAML's events, with an explicit stack in place of recursion."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Keys, int] = {}
        self.blocks: set[Keys] = set()
        self.anchors: dict[str, object] = {}
        self.count = 0
        self.sizes: dict[str, int] = {}
        """How many values each anchor's stands for."""
        self.begun: list[tuple[str | None, int]] = []
        """For each open container its anchor, and the count before it."""
        self.stack: list[tuple[dict[str, Any] | list[Any], Keys, str | None]] = []
        self.key: str | None = None  # the key whose value comes next, in the innermost mapping
        self.top: list[Any] = []

    def wrong(self, event: Any, what: str, hint: str = "") -> BadInput:
        return BadInput(what, where=Location(self.file, event.start_mark.line + 1), hint=hint)

    def build(self, events: Iterator[Any]) -> Field:
        for event in events:
            self.count += 1
            if self.count > MAX_VALUES or len(self.stack) > MAX_DEPTH:
                raise self.wrong(event, "too many values" if self.count > MAX_VALUES else "nested too deeply")
            kind = type(event).__name__
            if kind in ("MappingEndEvent", "SequenceEndEvent"):
                _, _, self.key = self.stack.pop()
                anchor, before = self.begun.pop()
                if anchor:
                    self.sizes[anchor] = self.count - before
            elif kind == "DocumentStartEvent" and self.top:
                raise self.wrong(event, "a second document begins")
            elif kind in ("ScalarEvent", "AliasEvent", "MappingStartEvent", "SequenceStartEvent"):
                self.node(event, kind)
        if not self.top:
            raise BadInput("the file is empty", where=Location(self.file))
        return Field(self.top[0], (), Document(Location(self.file), lambda: self.lines, self.blocks))

    def node(self, event: Any, kind: str) -> None:
        container = self.stack[-1][0] if self.stack else self.top
        if getattr(event, "tag", None) not in (None, "!"):
            raise self.wrong(event, f"the tag {printable(str(event.tag), 60)} is not understood")
        if isinstance(container, dict) and self.key is None:
            self.take_key(event, kind, container)
            return
        path: Keys = ()
        if self.stack:
            path = (*self.stack[-1][1], len(container) if self.key is None else self.key)
        value = self.value(event, kind, path)
        # a mapping's value keeps the line of its key, where people look for it
        self.lines.setdefault(path, event.start_mark.line + 1)
        if event.anchor and kind != "AliasEvent":
            self.anchors[event.anchor] = value
        if isinstance(container, dict):
            container[self.key or ""] = value
        else:
            container.append(value)
        self.key = None
        if kind in ("MappingStartEvent", "SequenceStartEvent"):
            self.stack.append((value, path, None))
            self.begun.append((event.anchor, self.count))
            self.sizes.pop(event.anchor or "", None)
        elif event.anchor and kind == "ScalarEvent":
            self.sizes[event.anchor] = 1

    def take_key(self, event: Any, kind: str, container: dict[str, Any]) -> None:
        if kind != "ScalarEvent":
            raise self.wrong(event, "a key must be plain text")
        if event.value == "<<" and event.implicit[0]:
            raise self.wrong(event, "merge keys (`<<`) are not understood", "write the keys out")
        if event.value in container:
            raise self.wrong(event, f"key `{printable(event.value, 60)}` stands twice")
        self.key = event.value
        self.lines[(*self.stack[-1][1], event.value)] = event.start_mark.line + 1

    def value(self, event: Any, kind: str, path: Keys) -> Any:
        if kind == "MappingStartEvent":
            return {}
        if kind == "SequenceStartEvent":
            return []
        if kind == "AliasEvent":
            if event.anchor not in self.anchors:
                raise self.wrong(event, f"no anchor is called {printable(event.anchor, 60)}")
            self.count += self.sizes.get(event.anchor, 1)  # 1: it stands in the value that it names
            return self.anchors[event.anchor]
        if event.style == "|":
            self.blocks.add(path)
            self.lines[path] = event.start_mark.line + 1
        return scalar(event.value) if event.implicit[0] else event.value


_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None,
    "true": True, "yes": True, "on": True, "false": False, "no": False, "off": False,
}  # fmt: skip
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][-+]?[0-9]{1,4})?")


def scalar(text: str) -> str | int | float | bool | None:
    """What a plain YAML scalar means."""
    low = text.lower()
    if len(text) <= 5 and low in _WORDS and text in (low, text.capitalize(), text.upper()):
        return _WORDS[low]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        value = float(text)
        return value if math.isfinite(value) else text
    return text
