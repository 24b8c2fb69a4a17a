"""What the dialplan is told of a call that failed: `DIALSTATUS` and `HANGUPCAUSE` after `Dial`.

Rules of this file: the table is what was recorded, one recording a status (`di-302`, `di-486` and so on); a
status that was not recorded is not guessed.
"""

from __future__ import annotations

from typing import NamedTuple


class Told(NamedTuple):
    """`DIALSTATUS` and `HANGUPCAUSE`."""

    dialstatus: str
    hangupcause: int


NO_CHANNEL = Told("CHANUNAVAIL", 3)
"""A call that fails before anything is sent: no such endpoint, no contact, all of them unreachable
(`di-no-endpoint`, `di-no-contact`, `di-unreachable`)."""
NOBODY = Told("NOANSWER", 0)
"""The timeout of `Dial` (`di-timeout`, `di-ring`)."""
_CAUSES = {
    1: (404, 485, 604),
    3: (420,),
    18: (408,),
    21: (401, 403, 407, 603),
    22: (410,),
    23: (302,),
    27: (502,),
    28: (484,),
    29: (501,),
    38: (500,),
    58: (488, 606),
    102: (504,),
    127: (400, 402, 405, 406, 413, 414, 415, 416, 421, 423, 481, 482, 487, 489, 491, 493, 494, 505),
}
_STATUSES = {
    **{status: Told("CHANUNAVAIL", cause) for cause, statuses in _CAUSES.items() for status in statuses},
    **{status: Told("NOANSWER", 16) for status in (300, 301, 305, 380)},
    **{status: Told("NOANSWER", 19) for status in (480, 483)},
    **{status: Told("BUSY", 17) for status in (486, 600)},
    **{status: Told("CONGESTION", 34) for status in (503, 513, 580)},
}


def told_of(status: int) -> Told | None:
    """What follows a final answer, or the status that the last attempt's end counts as; None where it was not
    recorded.
    """
    return _STATUSES.get(status)
