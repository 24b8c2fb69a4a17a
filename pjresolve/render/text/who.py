"""Who gets in, as text: whose a request is, what strangers reach, whom of a provider nobody recognises.

Rules of this file: the answer stands first, and how it was found below it.
"""

from __future__ import annotations

from collections.abc import Sequence

from pjresolve.prediction.admission import Fate, ProviderFate, RequestFate, gets_in
from pjresolve.prediction.who import Opening, Seen
from pjresolve.render.terminal import Page
from pjresolve.stacks.telephony import Received
from pjresolve.story.lines import Tone
from pjresolve.story.words import response_words


def put_fate(page: Page, fate: Fate) -> None:
    """All that is said of who gets in."""
    if isinstance(fate, RequestFate):
        _put_request(page, fate)
    elif isinstance(fate, ProviderFate):
        _put_seen(page, fate.provider, fate.seen)
    else:
        _put_openings(page, fate.openings)


def _put_request(page: Page, fate: RequestFate) -> None:
    message, received, line_of = fate.message, fate.received, fate.line_of
    page.put(
        f"{message.method} {message.uri} from {message.source} over {message.transport.upper()}", Tone.HEAD
    )
    if line_of:
        page.put(f"its line parameter is taken for that of registration {line_of}", Tone.QUIET)
    page.put(f"{_end(received)}; {received.why}", _tone(received))
    if received.looks:
        page.gap()
        page.put("Identifiers, in the order they are asked", Tone.HEAD)
    width = max((len(look.identifier) for look in received.looks), default=0)
    for look in received.looks:
        tone = Tone.GOOD if look.endpoint else Tone.QUIET
        found = f" → {look.endpoint}" if look.endpoint else ""
        page.put(f"{look.identifier:<{width}}  {look.why}{found}", tone, indent=2, hang=width + 2)


def _put_openings(page: Page, openings: Sequence[Opening]) -> None:
    if not openings:
        page.put("no stranger reaches a context", Tone.GOOD)
        return
    page.put("What strangers reach", Tone.HEAD)
    for request, received in openings:
        page.put(
            f"context {received.context}, as endpoint {received.endpoint} by {received.matched_by}",
            Tone.BAD,
            indent=2,
        )
        page.put(f"with {request}", Tone.QUIET, indent=4)


def _put_seen(page: Page, provider: str, seen: Sequence[Seen]) -> None:
    page.put(f"Calls from the addresses of {provider}", Tone.HEAD)
    if not seen:
        page.put("its DNS shows no address", Tone.BAD, indent=2)
    width = max((len(address) for address, _ in seen), default=0)
    for address, received in seen:
        page.put(f"{address:<{width}}  {_end(received)}", _tone(received), indent=2, hang=width + 2)


def _end(received: Received) -> str:
    """Whose it is and what is answered. Without a dialplan at hand, an extension may still not exist."""
    answer = response_words(received.status) if received.status else "no answer that is known"
    if received.extension is not None and received.status == 200:
        answer = "gets in"
    if not received.taken_for:
        return f"nobody's: {answer}"
    return f"endpoint {received.taken_for} by {received.matched_by}: {answer}"


def _tone(received: Received) -> Tone:
    return Tone.GOOD if gets_in(received) else Tone.BAD
