"""What each option of pjsip.conf is: its kind, default and choices, and what its value must look like.

Rules of this file:
- option names are compared without case, values of `type` with it, as Asterisk does;
- `Option.fault` says what Asterisk would log, and only for what it was seen to refuse;
- a boolean is never refused: what is no word for yes is no.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache

from pjresolve.config.tables import TABLES

TRUE_WORDS = frozenset(("yes", "true", "y", "t", "1", "on"))
"""The words that mean yes, without case. Every other value of a boolean means no."""
FALSE_WORDS = frozenset(("no", "false", "n", "f", "0", "off"))
"""The words that mean no and leave no doubt about it."""
UINT_MAX, INT_MAX = 2**32 - 1, 2**31 - 1
OPEN_TYPES = {"phoneprov": "", "inbound-publication": "event_"}
"""Types that take options of any name, or of any name with that prefix."""

_NUMBER = re.compile(r"[+-]?(0[xX][0-9A-Fa-f]{1,16}|[0-9]{1,20})")
_RANGES = {
    ("aor", "qualify_frequency"): (0, 86400),
    ("endpoint", "timers_min_se"): (90, INT_MAX),
    ("endpoint", "timers_sess_expires"): (90, UINT_MAX),
    ("transport", "external_signaling_port"): (0, 65535),
    ("transport", "websocket_write_timeout"): (1, INT_MAX),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One option of one type.

    `kind` is bool, enum, uint, int, float, uri, uris, names, list, file or str. `uris` and `list` keep
    every value that is given; `names` splits one value at commas; of the others the last value counts.
    `default` is as one would write it, empty for none.
    """

    type: str
    name: str
    kind: str
    default: str
    choices: tuple[str, ...] = ()

    @property
    def repeats(self) -> bool:
        """Whether each further value adds to those before it."""
        return self.kind in ("list", "uris")

    def refuses(self, value: str) -> bool:
        """Whether Asterisk refuses the object for this value alone."""
        if self.kind in ("str", "bool", "list", "uri", "uris", "file"):
            return False
        if self.kind in ("uint", "int"):
            number = integer(value)
            low, high = (0, UINT_MAX) if self.kind == "uint" else (-INT_MAX - 1, INT_MAX)
            low, high = _RANGES.get((self.type, self.name), (low, high))
            signed = self.kind == "uint" and value.startswith("-")
            return number is None or signed or not low <= number <= high
        if self.kind == "float":
            return decimal(value) is None
        if self.kind == "enum" and not (value == "" and self.name == "method"):
            word, boolean = value.lower(), "bool" in self.choices
            return word not in self.choices and not (boolean and word in TRUE_WORDS | FALSE_WORDS)
        if self.kind == "names" and self.choices:
            return any(part.strip().lower() not in self.choices for part in value.split(",") if part.strip())
        return False


def truth(value: str) -> bool:
    """What Asterisk takes a boolean's value for."""
    return value.lower() in TRUE_WORDS


def integer(value: str) -> int | None:
    """An integer as Asterisk reads it: decimal, `0x` hexadecimal or `0` octal; None where it is none."""
    if not _NUMBER.fullmatch(value):
        return None
    sign, digits = (-1, value[1:]) if value[0] == "-" else (1, value.removeprefix("+"))
    if digits[:2] in ("0x", "0X"):
        return sign * int(digits[2:], 16)
    if digits[0] == "0" and len(digits) > 1:
        return sign * int(digits, 8) if set(digits) <= set("01234567") else None
    return sign * int(digits)


def decimal(value: str) -> float | None:
    """A number with or without a fraction, or a hexadecimal integer; None where it is none."""
    try:
        return float.fromhex(value) if value[:2] in ("0x", "0X") else float(value)
    except (ValueError, OverflowError):
        return None


@cache
def schema() -> dict[str, dict[str, Option]]:
    """Every option by type and lower-case name."""
    out: dict[str, dict[str, Option]] = {}
    options: dict[str, Option] = {}
    current = ""
    for line in TABLES.strip().replace("\n    ", " ").splitlines():
        if line.startswith("["):
            current = line[1:-1]
            options = out[current] = {"type": Option(current, "type", "str", "")}
            continue
        head, _, names = line.partition(": ")
        what, _, default = head.partition(" = ")
        kind, _, words = what.partition(" ")
        choices = tuple(words.split("|")) if words else ()
        for name in names.split():
            options[name.lower()] = Option(current, name, kind, default, choices)
    return out


def option(section_type: str, name: str) -> Option | None:
    """The option of that type with that name in any case, or None where there is none."""
    return schema().get(section_type, {}).get(name.lower())


def takes(section_type: str, name: str) -> bool:
    """Whether a section of that type may hold that option. `@name` is free for everyone's use."""
    if name.startswith("@") or option(section_type, name):
        return True
    prefix = OPEN_TYPES.get(section_type)
    return prefix is not None and name.startswith(prefix)


def closest(section_type: str, name: str) -> str:
    """The known option of that type that is spelt most like `name`, or the empty text."""
    options = schema().get(section_type, {})
    squeezed = {n.replace("_", ""): n for n in options}
    if hit := squeezed.get(name.lower().replace("_", "").replace("-", "")):
        return options[hit].name
    near = difflib.get_close_matches(name.lower()[:64], list(options), 1, 0.75)
    return options[near[0]].name if near else ""


def closest_type(name: str) -> str:
    """The known type that is spelt most like `name`, or the empty text."""
    near = difflib.get_close_matches(name.lower()[:64].replace("_", "-"), list(schema()), 1, 0.7)
    return near[0] if near else ""
