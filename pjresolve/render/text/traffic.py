"""Calls, qualified contacts and requests that came in, as text.

Rules of this file: a line each, with what became of it; what a call tried stands below it, indented.
"""

from __future__ import annotations

from collections.abc import Sized
from itertools import islice

from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.traffic import CallPrediction, ContactChange, IncomingPrediction
from pjresolve.render.terminal import Page
from pjresolve.scenario.traffic import IncomingRequest
from pjresolve.story.calls import call_verdict, dial_words
from pjresolve.story.lines import Tone
from pjresolve.story.words import response_words, target_words
from pjresolve.words import after, span

MOST = 40
"""Calls, changes of contacts and requests that are told, of each; the JSON has all."""


def put_traffic(page: Page, prediction: Prediction) -> None:
    """What went on beside registrations, if anything did."""
    traffic = prediction.traffic
    if traffic is None:
        return
    if traffic.calls:
        _head(page, "Calls")
        for call in traffic.calls[:MOST]:
            put_call(page, call)
        _more(page, traffic.calls)
    if traffic.contacts:
        _head(page, "Contacts")
        for note in traffic.notes:
            page.put(note, Tone.QUIET, indent=2)
        for change in islice(traffic.contacts, MOST):
            _put_change(page, change)
        _more(page, traffic.contacts)
    if traffic.incoming:
        _head(page, "Requests that come in")
        for found, request in zip(traffic.incoming[:MOST], prediction.scenario.incoming, strict=False):
            _put_incoming(page, found, request)
        _more(page, traffic.incoming)


def _head(page: Page, text: str) -> None:
    page.gap()
    page.put(text, Tone.HEAD)


def _more(page: Page, found: Sized) -> None:
    if len(found) > MOST:
        page.put(f"and {len(found) - MOST:,} more", Tone.QUIET, indent=2)


def put_call(page: Page, call: CallPrediction) -> None:
    """What became of a call, and the targets that it tried."""
    called = f"{call.number} through {call.endpoint}" if call.number else call.endpoint
    said, result = call_verdict(call), dial_words(call)
    page.put(f"{span(call.t)}  {called}: {said.text}", said.tone, indent=2, hang=4)
    if result:
        page.put(result, Tone.QUIET, indent=6)
    for attempt in call.attempts():
        end = attempt.outcome.words if attempt.outcome else "under way"
        if attempt.status and end == "answered":
            end = response_words(attempt.status)
        lasted = after(attempt.ended - attempt.t) if attempt.ended is not None else ""
        page.put(f"{target_words(attempt.target)}  {end} {lasted}".rstrip(), Tone.QUIET, indent=6)


def _put_change(page: Page, change: ContactChange) -> None:
    state = "reachable" if change.reachable else "unreachable"
    tone = Tone.GOOD if change.reachable else Tone.BAD
    text = f"{span(change.t)}  {change.contact.aor}/{change.contact.uri} is {state}: {change.why}"
    page.put(text, tone, indent=2, hang=4)


def _put_incoming(page: Page, found: IncomingPrediction, request: IncomingRequest) -> None:
    got = found.received
    answer = response_words(got.status) if got.status else "no answer that is known"
    whose = f", endpoint {got.taken_for} by {got.matched_by}" if got.taken_for else ""
    tone = Tone.GOOD if got.status == 200 else Tone.WARN
    text = f"{span(found.t)}  {request.method} from {request.source}: {answer}{whose}; {got.why}"
    page.put(text, tone, indent=2, hang=4)
