"""A registration's life as text: when, what, towards whom, how it ended, and why the next step.

Rules of this file: entries are printed as the story has them, one a line; nothing is worded here.
"""

from __future__ import annotations

from pjresolve.prediction.happened import Lived
from pjresolve.prediction.prediction import Prediction
from pjresolve.render.terminal import Page
from pjresolve.sip.timers import seconds
from pjresolve.story.lines import Tone
from pjresolve.story.rounds import explained, timeline
from pjresolve.words import clock

HEAD = "Timeline, in seconds from the first query or packet"
MOST_ENTRIES = 120
"""Entries shown without `explain`."""


def eventful(prediction: Prediction) -> bool:
    """Whether anything happens but registering at once with the first target."""
    if prediction.scenario.stop == "duration" or prediction.registered is None:
        return prediction.loaded
    return prediction.registered.t >= 1 or prediction.registered.target != prediction.targets[0]


def put_timeline(page: Page, lived: Lived, explain: bool, *, since: float = 0.0, head: str = HEAD) -> None:
    """The whole life, one entry a line: rounds, or with `explain` every event. `since` is what times count
    from, in seconds.
    """
    page.gap()
    page.put(head, Tone.HEAD)
    entries = explained(lived) if explain else timeline(lived)
    for number, entry in enumerate(entries):
        if number == MOST_ENTRIES and not explain:
            page.put("… there is more: --explain shows all of it", Tone.QUIET, indent=2)
            break
        moment = "" if entry.t is None else clock(seconds(entry.t) - since)
        page.put(f"{moment:>9}  {entry.text}", entry.tone, hang=13)
