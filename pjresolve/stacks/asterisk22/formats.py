"""Formats as Asterisk 22 offers them: payload types, names and packet times.

Rules of this file: it is what recordings of one format each show (`iv-codecs`), and of several (`iv-frames`).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pjresolve.config.sections import Section

EVENTS = "telephone-event"
FIRST_EVENT = 101
"""The payload type of the first telephone-event; each further one takes the next (`iv-event-0`)."""
USUAL_RATE = 8000


class Format(NamedTuple):
    """A format of sound: its payload type, its name with the clock rate, the rate of its telephone-event, the
    milliseconds of a packet by default and at most, and its parameters.
    """

    payload: int
    name: str
    rate: int
    usual: int
    most: int
    parameters: str = ""


SOUND = {
    "adpcm": Format(5, "DVI4/8000", 8000, 20, 300),
    "alaw": Format(8, "PCMA/8000", 8000, 20, 140),
    "amr": Format(98, "AMR/8000", 8000, 20, 20),
    "amrwb": Format(98, "AMR-WB/16000", 16000, 20, 20),
    "codec2": Format(98, "CODEC2/8000", 8000, 20, 300),
    "g719": Format(116, "G719/48000", 48000, 20, 80),
    "g722": Format(9, "G722/8000", 8000, 20, 140),
    "g723": Format(4, "G723/8000", 8000, 30, 300),
    "g726": Format(111, "G726-32/8000", 8000, 20, 300),
    "g726aal2": Format(112, "AAL2-G726-32/8000", 8000, 20, 300),
    "g729": Format(18, "G729/8000", 8000, 20, 220, "annexb=no"),
    "gsm": Format(3, "GSM/8000", 8000, 20, 300),
    "ilbc": Format(97, "iLBC/8000", 8000, 20, 300, "mode=20"),
    "lpc10": Format(7, "LPC/8000", 8000, 20, 20),
    "opus": Format(107, "opus/48000/2", 48000, 20, 60),
    "slin": Format(10, "L16/8000", 8000, 20, 60),
    "slin12": Format(122, "L16/12000", 12000, 20, 60),
    "slin16": Format(118, "L16/16000", 16000, 20, 60),
    "slin192": Format(96, "L16/192000", 192000, 20, 60),
    "slin24": Format(123, "L16/24000", 24000, 20, 60),
    "slin32": Format(124, "L16/32000", 32000, 20, 60),
    "slin44": Format(125, "L16/44100", 44100, 20, 60),
    "slin48": Format(126, "L16/48000", 48000, 20, 60),
    "slin96": Format(127, "L16/96000", 96000, 20, 60),
    "speex": Format(110, "speex/8000", 8000, 20, 60),
    "speex16": Format(117, "speex/16000", 16000, 20, 60),
    "speex32": Format(119, "speex/32000", 32000, 20, 60),
    "ulaw": Format(0, "PCMU/8000", 8000, 20, 140),
}
"""What is offered as sound, and its payload type, where it is always the same."""
UNKNOWN = frozenset({"all", "siren7", "siren14"})
"""Payload types that telephone-events take, too, or that depend on what else is offered."""
UNOFFERED = frozenset({"jpeg", "none", "png", "red", "silk8", "silk12", "silk16", "silk24", "t140", "t38"})
"""Formats that an offer of sound never holds (`iv-codecs`)."""


class Allowed(NamedTuple):
    """A format that an endpoint allows, and the milliseconds of its packets, 0 for as many as usual."""

    name: str
    framing: int


def allowed_formats(section: Section) -> tuple[Allowed, ...]:
    """What `allow` and `disallow` come to, in the order in which it is offered (`iv-sdp`)."""
    found: dict[str, Allowed] = {}
    for entry in section.entries:
        option = entry.name.lower()
        if option not in ("allow", "disallow"):
            continue
        for part in re.split(r"[,|]", entry.value.strip().strip("()")):
            name, _, framing = part.strip().removeprefix("!").strip().lower().partition(":")
            taken = (option == "disallow") != part.strip().startswith("!")
            if taken and name == "all":
                found.clear()
            elif taken:
                found.pop(name, None)
            elif name and name not in found:
                found[name] = Allowed(name, int(framing) if framing.isdecimal() else 0)
    return tuple(found.values())
