"""A call as text: what becomes of it first, then why, and what if its first targets do not answer.

Rules of this file: the answer stands at the top; what can be guessed from it is left out.
"""

from __future__ import annotations

from pjresolve.dns.source import Origin
from pjresolve.prediction.call import Called, CallOutage
from pjresolve.render.terminal import Page
from pjresolve.render.text.dns import put_dns, put_orders, put_targets
from pjresolve.render.text.timeline import put_timeline
from pjresolve.story.calls import assumed, call_verdict, contact_words, dial_words
from pjresolve.story.lines import Tone
from pjresolve.story.rounds import places
from pjresolve.story.verdict import verdict
from pjresolve.story.words import target_words
from pjresolve.words import after, numbers

MOST_BEFORE = 12
"""Registrations and contacts that are told of as they stood before the call, of each."""


def put_called(page: Page, called: Called, *, answers: Origin, explain: bool) -> None:
    """Everything that is said of a call. `answers` tells where those of the DNS came from."""
    put_answer(page, called, answers=answers)
    call = called.call
    if call.resolution is not None:
        put_dns(page, call.resolution, explain)
        put_targets(page, call)
        put_orders(page, call, explain)
    if explain or call_verdict(call).reasons:
        put_timeline(page, call, explain, since=called.at, head="Timeline, in seconds from the call")
    _put_outages(page, called)


def put_answer(page: Page, called: Called, *, answers: Origin) -> None:
    """What becomes of it and why, and how the machine stood before."""
    call, inquiry = called.call, called.inquiry
    what = inquiry.number or "the contact"
    page.put(f"{what} called through endpoint {inquiry.endpoint}", Tone.HEAD)
    said = call_verdict(call)
    page.put(said.text, said.tone)
    for reason in said.reasons:
        page.put(reason, indent=2)
    if dial_words(call):
        page.put(dial_words(call), indent=2)
    if call.uri:
        page.put(f"request URI {call.uri}{contact_words(call)}", Tone.QUIET, indent=2)
    for words in (assumed(called), _rest(called), str(answers)):
        if words:
            page.put(words, Tone.QUIET, indent=2)
    _put_before(page, called)


def _rest(called: Called) -> str:
    """That a running machine could be another matter."""
    config = called.inquiry.config
    if called.inquiry.running or called.inquiry.host:
        return ""
    qualified = any(aor.qualify_frequency for aor in config.aors.values())
    if not (config.registrations or qualified):
        return ""
    what = "registrations" + (" and qualified contacts" if qualified else "")
    return f"called from a machine at rest, before its {what} (while_registered begins with them)"


def _put_before(page: Page, called: Called) -> None:
    """How registrations and contacts stand when the call begins."""
    if not called.inquiry.running:
        return
    page.gap()
    page.put("Before the call", Tone.HEAD)
    machine = called.machine.machine or ((called.machine,) if called.machine.registration else ())
    for one in machine[:MOST_BEFORE]:
        page.put(f"registration {one.registration}: {verdict(one).text}", indent=2, hang=4)
    _put_more(page, len(machine))
    traffic = called.machine.traffic
    changes = [c for c in traffic.contacts if c.t <= called.at] if traffic else []
    latest = {change.contact: change for change in changes}
    for contact, change in list(latest.items())[:MOST_BEFORE]:
        state, tone = ("reachable", Tone.PLAIN) if change.reachable else ("unreachable", Tone.BAD)
        page.put(f"contact {contact.aor}/{contact.uri}: {state}, {change.why}", tone, indent=2, hang=4)
    _put_more(page, len(latest))


def _put_more(page: Page, count: int) -> None:
    if count > MOST_BEFORE:
        page.put(f"and {count - MOST_BEFORE:,} more", Tone.QUIET, indent=2)


def _put_outages(page: Page, called: Called) -> None:
    """One line per target: what becomes of the call if it, and those before it, do not answer."""
    if not called.outages:
        return
    page.gap()
    page.put("If targets do not answer", Tone.HEAD)
    targets = called.call.targets or called.outages[-1].dropped
    place = places(called.call) or {target: number for number, target in enumerate(targets, 1)}
    labels = [numbers([place[t] for t in outage.dropped if t in place]) for outage in called.outages]
    width = max(map(len, labels))
    for label, outage in zip(labels, called.outages, strict=True):
        text, tone = _outage(outage)
        page.put(f"{label:>{width + 2}}  {text}", tone, hang=width + 4)


def _outage(outage: CallOutage) -> tuple[str, Tone]:
    call, said = outage.call, call_verdict(outage.call)
    if not said.answered or call.taken is None:
        result = f", {call.result.dialstatus}" if call.result else ""
        return f"{said.text}{result}", Tone.BAD
    text = f"answered by {target_words(call.taken.target)}, {after(call.taken.t - call.t)}"
    return (f"{text}, in the clear", Tone.WARN) if said.in_the_clear else (text, Tone.PLAIN)
