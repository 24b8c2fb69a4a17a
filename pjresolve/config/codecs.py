"""Formats and packet marks as options name them: `allow`, `disallow`, `tos`.

Rules of this file:
- names are those that the running program lists (`core show codecs`) and takes (`values.json`), whether
  or not a module can translate them.
"""

from __future__ import annotations

import re

FORMATS = frozenset(
    [
        "adpcm",
        "alaw",
        "amr",
        "amrwb",
        "codec2",
        "g719",
        "g722",
        "g723",
        "g726",
        "g726aal2",
        "g729",
        "gsm",
        "h261",
        "h263",
        "h263p",
        "h264",
        "h265",
        "ilbc",
        "jpeg",
        "lpc10",
        "mpeg4",
        "none",
        "opus",
        "png",
        "red",
        "siren14",
        "siren7",
        "silk12",
        "silk16",
        "silk24",
        "silk8",
        "slin",
        "slin12",
        "slin16",
        "slin192",
        "slin24",
        "slin32",
        "slin44",
        "slin48",
        "slin96",
        "speex",
        "speex16",
        "speex32",
        "t140",
        "t38",
        "ulaw",
        "vp8",
        "vp9",
    ]
)
"""Every format of Asterisk 22.10.1."""

_CLASSES = ("ef", *(f"cs{n}" for n in range(8)), *(f"af{a}{b}" for a in range(1, 5) for b in range(1, 4)))
_NUMBER = re.compile(r"[+-]?[0-9]")


def names_formats(value: str) -> bool:
    """Whether a list of formats is one that Asterisk takes: a single unknown name refuses all of it."""
    text = value.strip()
    if text.startswith("(") and text.endswith(")"):
        text = text[1:-1]
    return all(_is_format(part.strip()) for part in re.split(r"[,|]", text))


def _is_format(text: str) -> bool:
    name, _, framing = text.removeprefix("!").partition(":")
    return name.lower() in FORMATS | {"all"} and (not framing or framing.isdecimal())


def is_tos(value: str) -> bool:
    """Whether the value is a class of DiffServ, or begins with a number."""
    return value.lower() in _CLASSES or _NUMBER.match(value) is not None
