"""What the dialplan is told of a call that failed: `DIALSTATUS` and `HANGUPCAUSE` after `Dial`.

Rules of this file: the table is what was recorded, one recording a status (`di-302`, `di-486` and so on); a
status that was not recorded is not guessed.
"""

from __future__ import annotations

from pjresolve.stacks.telephony import CallEnd, DialResult

_ENDS = {
    # no such endpoint, no contact, all of them unreachable, or a URI that is none
    # (`di-no-endpoint`, `di-no-contact`, `di-unreachable`, `du-uri-bad`)
    CallEnd.NO_CHANNEL: DialResult("CHANUNAVAIL", 3),
    # the timeout of `Dial` (`di-timeout`, `di-ring`)
    CallEnd.TIMEOUT: DialResult("NOANSWER", 0),
    # `du-answer`
    CallEnd.ANSWERED: DialResult("ANSWER", 16),
}
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
    **{
        status: DialResult("CHANUNAVAIL", cause) for cause, statuses in _CAUSES.items() for status in statuses
    },
    **{status: DialResult("NOANSWER", 16) for status in (300, 301, 305, 380)},
    **{status: DialResult("NOANSWER", 19) for status in (480, 483)},
    **{status: DialResult("BUSY", 17) for status in (486, 600)},
    **{status: DialResult("CONGESTION", 34) for status in (503, 513, 580)},
}


def dial_result(end: CallEnd, status: int = 0) -> DialResult | None:
    """What follows the end of a call. `status` is the final answer of one that failed, or what the end of its
    last attempt counts as. None where it was not recorded.
    """
    return _STATUSES.get(status) if end is CallEnd.FAILED else _ENDS[end]
