"""A whole prediction as text, for the main command and for `simulate`.

Rules of this file:
- quiet by default: what can be guessed from what stands above it is left out;
- the order is that of events: the DNS, the targets, the timeline, the verdict, and what if.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from pjresolve.dns.source import Origin
from pjresolve.model import Target
from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.traffic import CallPrediction
from pjresolve.render.terminal import Page
from pjresolve.render.text.dns import put_dns, put_orders, put_targets
from pjresolve.render.text.timeline import eventful, put_timeline
from pjresolve.render.text.traffic import put_traffic
from pjresolve.stacks import stack_named
from pjresolve.story.lines import Tone
from pjresolve.story.rounds import places
from pjresolve.story.verdict import in_the_clear, short_failure, verdict
from pjresolve.story.words import target_words
from pjresolve.trace import State
from pjresolve.words import after, numbers, span

MOST_OTHERS = 12
"""Registrations beside the one that is told, at most."""


class OutageLike(Protocol):
    """What is shown of an outage: the targets that do not answer, and what comes of it."""

    @property
    def dropped(self) -> tuple[Target, ...]: ...
    @property
    def prediction(self) -> Prediction: ...
    @property
    def blocked(self) -> bool: ...


class CallLike(Protocol):
    """A call through an endpoint, or why it is not known what becomes of it."""

    @property
    def endpoint(self) -> str: ...
    @property
    def call(self) -> CallPrediction | None: ...
    @property
    def why(self) -> str: ...


class DifferenceLike(Protocol):
    """An expectation that does not hold, both sides in words."""

    @property
    def what(self) -> str: ...
    @property
    def expected(self) -> str: ...
    @property
    def predicted(self) -> str: ...


def stack_title(name: str) -> str:
    """A stack's name for people."""
    return stack_named(name).title


def put_prediction(
    page: Page, prediction: Prediction, outages: Iterable[OutageLike], *, answers: Origin, explain: bool
) -> None:
    """Everything that the main command says of one registration. `answers` tells where they came from."""
    plan = prediction.plan
    uri = plan.registration.server_uri if plan else ""
    # a registration that was made for a domain is called as the domain
    own = prediction.scenario.pjsip_path is not None
    name = f"{prediction.registration}: " if uri and (own or prediction.registration not in uri) else ""
    page.put(f"{name}{uri or prediction.registration}, {stack_title(prediction.stack)}", Tone.HEAD)
    if answers and prediction.resolution and prediction.resolution.asked:
        page.put(answers, Tone.QUIET if answers.captured else Tone.WARN)
    for note in prediction.notes:
        page.put(f"note: {note}", Tone.WARN)
    if prediction.resolution:
        put_dns(page, prediction.resolution, explain)
        put_targets(page, prediction)
        put_orders(page, prediction, explain)
    if eventful(prediction) or (explain and prediction.loaded):
        put_timeline(page, prediction, explain)
    put_verdict(page, prediction, explain)
    put_outages(page, prediction, outages)


def put_verdict(page: Page, prediction: Prediction, explain: bool) -> None:
    """The verdict line, its reasons, and the time without a valid registration."""
    page.gap()
    said = verdict(prediction)
    page.put(said.text, said.tone)
    for reason in said.reasons:
        page.put(reason, indent=2)
    for warning in said.warnings:
        page.put(warning, Tone.WARN, indent=2)
    if said.depends:
        page.put(said.depends, Tone.WARN, indent=2)
    if said.assumed:
        page.put(said.assumed, Tone.QUIET, indent=2)
    if prediction.evidence and explain:
        page.put(f"as recording {prediction.evidence} shows", Tone.QUIET, indent=2)
    if prediction.scenario.stop == "duration" and prediction.loaded:
        state = prediction.status
        lost = prediction.unregistered
        text = f"at the end, after {span(prediction.end)}: {state}"
        page.put(text, Tone.GOOD if state is State.REGISTERED else Tone.BAD, indent=2)
        if lost > 0:
            text = f"without a valid registration for {span(lost)} of {span(prediction.end)}"
            page.put(text, Tone.WARN, indent=2)


def put_outages(page: Page, prediction: Prediction, outages: Iterable[OutageLike]) -> None:
    """One line per target: what happens if it, and those before it, do not answer."""
    found = list(outages)
    if not found:
        return
    page.gap()
    page.put("If targets do not answer", Tone.HEAD)
    place = places(prediction)
    labels = [numbers([place[t] for t in outage.dropped]) for outage in found]
    width = max(map(len, labels))
    for label, outage in zip(labels, found, strict=True):
        text, tone = _outage(outage, place)
        page.put(f"{label:>{width + 2}}  {text}", tone, hang=width + 4)
    if any(outage.blocked for outage in found):
        page.put(
            "blocked: a connect without answer keeps everything else from being sent", Tone.QUIET, indent=2
        )


def put_calls(page: Page, calls: Iterable[CallLike]) -> None:
    """Where calls go through the endpoints of a registration, a line each."""
    found = list(calls)
    if not found:
        return
    from pjresolve.story.calls import call_verdict

    page.gap()
    for one in found:
        if one.call is None:
            page.put(f"Calls through {one.endpoint}: not known, {one.why}", Tone.QUIET)
        else:
            said = call_verdict(one.call)
            page.put(f"Calls through {one.endpoint}: {said.text}", Tone.PLAIN if said.answered else said.tone)


def _outage(outage: OutageLike, place: dict[Target, int]) -> tuple[str, Tone]:
    then = outage.prediction
    blocked = "blocked: " if outage.blocked else ""
    if then.registered is None:
        return f"{blocked}{short_failure(then)}", Tone.BAD
    target = then.registered.target
    tone = Tone.WARN if blocked else Tone.PLAIN
    number = f"{place[target]}, " if target in place else ""
    text = f"{blocked}registers with {number}{target_words(target)}, {after(then.registered.t)}"
    return (f"{text}, in the clear", Tone.WARN) if in_the_clear(then) == target else (text, tone)


def put_simulation(
    page: Page, prediction: Prediction, failed: Sequence[DifferenceLike], *, explain: bool
) -> None:
    """What `simulate` says of one scenario."""
    name = f"{prediction.registration}, " if prediction.registration else ""
    page.put(f"{prediction.scenario.name}: {name}{stack_title(prediction.stack)}", Tone.HEAD)
    for note in prediction.notes:
        page.put(f"note: {note}", Tone.WARN)
    if explain and prediction.resolution:
        put_dns(page, prediction.resolution, explain)
    if prediction.resolution:
        put_targets(page, prediction)
        put_orders(page, prediction, explain)
    if prediction.loaded:
        put_timeline(page, prediction, explain)
    if prediction.registration:
        put_verdict(page, prediction, explain)
    _put_others(page, prediction)
    put_traffic(page, prediction)
    put_differences(page, prediction, failed)


def _put_others(page: Page, prediction: Prediction) -> None:
    """What comes of the other registrations of the same machine, a line each."""
    others = [one for one in prediction.machine if one.registration != prediction.registration]
    if not others:
        return
    page.gap()
    page.put("On the same machine; -r NAME tells of one of them", Tone.HEAD)
    for one in others[:MOST_OTHERS]:
        page.put(f"{one.registration}: {verdict(one).text}", indent=2)
    if len(others) > MOST_OTHERS:
        page.put(f"and {len(others) - MOST_OTHERS} more", indent=2)


def put_differences(page: Page, prediction: Prediction, failed: Sequence[DifferenceLike]) -> None:
    """Which expectations fail, and how."""
    if prediction.scenario.expect is None:
        return
    page.gap()
    if not failed:
        page.put("as expected", Tone.GOOD)
        return
    page.put("not as expected:", Tone.BAD)
    for difference in failed:
        page.put(difference.what, indent=2)
        page.put(f"expected   {difference.expected}", indent=4, hang=11)
        page.put(f"predicted  {difference.predicted}", indent=4, hang=11)
