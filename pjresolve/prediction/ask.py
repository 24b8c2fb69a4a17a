"""The one door: from a question, as people ask it, to predictions. Command line and API come through here.

Rules of this file:
- a question is read and checked before any name server is asked;
- what was asked for is done, or refused in one line; nothing falls back to anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from pjresolve.config.objects import Config, load_path, load_text
from pjresolve.dns.known import KnownAnswers
from pjresolve.dns.source import AnswerSource
from pjresolve.errors import BadInput, Parameter
from pjresolve.files import MAX_CHARACTERS
from pjresolve.model import transport_types
from pjresolve.prediction.answers import Answers, LiveAnswers
from pjresolve.prediction.faults import NO_FAULTS, Faults
from pjresolve.prediction.inquiry import (
    Inquiry,
    pinned,
    predict,
    refuse_unknown,
    registrations_for,
    with_answers,
)
from pjresolve.prediction.outages import Outage, outages
from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.realms import challenging, with_choices
from pjresolve.prediction.run import simulate_scenario
from pjresolve.prediction.synthesis import DEFAULT_TRANSPORTS, pjsip_conf
from pjresolve.scenario.format import Gathered, Scenario
from pjresolve.scenario.worlds import SeveralSources
from pjresolve.sip.uri import SipUri, parse_domain
from pjresolve.stacks import DEFAULT_STACK, stack_named

CONFIG = Parameter("config")


@dataclass(frozen=True, slots=True)
class Question:
    """What will become of a registration at `domain`, or of those in the file `config`?

    `registrations` names some of the file, none means all; `config_dir` is where its includes start.
    `transports` are those to configure without a file. `pin` is the registrations' `transport=`.
    `stack` is one name or several. `until` is how long to simulate, in seconds; `seed` draws the SRV choices.
    """

    domain: str | None = None
    config: Path | None = None
    config_dir: Path | None = None
    registrations: tuple[str, ...] = ()
    transports: str | None = None
    pin: str | None = None
    stack: str | Sequence[str] = DEFAULT_STACK
    faults: Faults = NO_FAULTS
    until: float | None = None
    seed: int | None = None


class Predicted(NamedTuple):
    """A prediction, and what happens where its first targets do not answer, if that was asked."""

    prediction: Prediction
    outages: tuple[Outage, ...]


async def ask(inquiry: Inquiry, answers: Answers, *, what_if: bool = False) -> list[Predicted]:
    """One prediction for each registration and stack, registrations first; `what_if` wants the outages too.

    Live answers, and those of several files, are in the predictions' scenarios. Raises
    DnsUnavailable, and BadInput as `predict` does.
    """

    def work(source: AnswerSource) -> list[Predicted]:
        found = predict(inquiry, source)
        if isinstance(source, KnownAnswers) and source.missing:
            return []  # outages of what is half known would be guesses
        return [Predicted(p, tuple(outages(p, inquiry.config, source)) if what_if else ()) for p in found]

    found = await answers.apply(work)
    if isinstance(answers, LiveAnswers):
        told = answers.known.answers
    elif isinstance(answers.source, SeveralSources):
        told = answers.source.answers
    else:
        return found  # the scenarios hold the one file's own text
    kept = with_answers([p for p, _ in found], told.values())
    return [Predicted(p, more) for p, (_, more) in zip(kept, found, strict=True)]


def ask_scenario(
    scenario: Scenario,
    *,
    registration: str | None = None,
    until: float | None = None,
    seed: int | None = None,
    stack: str | Sequence[str] = DEFAULT_STACK,
) -> list[Prediction]:
    """What becomes of one registration of a scenario, by default its first, with each stack.

    `until` is how long to simulate, in seconds, instead of what the scenario says. Raises BadInput.
    """
    if until is not None:
        scenario = replace(scenario, duration=until, stop="duration")
    found: list[Prediction] = []
    for name in stacks_named(stack):

        def simulate(realms: Sequence[str], name: str = name) -> list[Prediction]:
            world = challenging(scenario, realms)
            return [simulate_scenario(world, seed=seed, registration=registration, stack=name)]

        found += with_choices(simulate(()), simulate, matching=False)
    refuse_unknown(found, scenario)
    return found


# ---------------------------------------------------------------- reading a question


def inquiry_of(question: Question) -> Inquiry:
    """The question, read: configuration, registrations and stacks. Raises BadInput."""
    uri = parse_domain(question.domain) if question.domain is not None else None
    stacks = stacks_named(question.stack)
    if question.config is not None:
        config, names, base = _of_file(question.config, question, uri)
    else:
        config, names, base = _of_domain(question, uri)
    host = uri.host if uri else ""
    return Inquiry(config, names, stacks, base, question.faults, question.until, question.seed, host)


def stacks_named(stack: str | Sequence[str]) -> tuple[str, ...]:
    """The stacks of these names, or of those that a text lists with commas. Raises BadInput."""
    names = stack.split(",") if isinstance(stack, str) else stack
    found = tuple(stack_named(name.strip()).name for name in names if name.strip())
    twice = next((name for name in found if found.count(name) > 1), "")
    if twice:
        raise BadInput(f"{twice} is named twice", where=Parameter("stack"))
    if not found:
        raise BadInput("no stack is named", where=Parameter("stack"), hint="see `pjresolve stacks`")
    return found


def _of_file(path: Path, question: Question, uri: SipUri | None) -> tuple[Config, tuple[str, ...], Scenario]:
    if question.transports is not None:
        what = ("goes without ", CONFIG, ", which has its own transports")
        raise BadInput(what, where=Parameter("transports"))
    config = load_path(path, config_dir=question.config_dir)
    names = registrations_for(config, question.registrations, uri, str(path))
    text = None
    if question.pin is not None:
        config = pinned(config, question.pin, names)
        folder = question.config_dir or path.parent
        text = _pinned_text(config, names, folder) if config.in_one_file else None
    elif config.in_one_file:
        text = config.document.text
    return config, names, scenario_of_file(path, config, text)


def scenario_of_file(path: Path, config: Config, text: str | None) -> Scenario:
    """A scenario with the configuration at `path`: `text`, else what its files say together."""
    gathered: Gathered = "" if text is not None else "whole"
    if text is None:
        from pjresolve.config.whole import whole_text

        text = whole_text(config)
    if text is None or len(text) > MAX_CHARACTERS:
        text, gathered = config.document.text[:MAX_CHARACTERS], "in part"
    pjsip = text.encode("utf-8", "replace").decode("utf-8")
    return Scenario(name=path.name, pjsip=pjsip, pjsip_path=path, gathered=gathered)


def _pinned_text(config: Config, names: Sequence[str], config_dir: Path) -> str | None:
    """The file's text with the `transport=` that its registrations have in `config`.

    None where that cannot be written into it as a line.
    """
    lines = config.document.text.split("\n")
    chosen = [config.registrations[name] for name in names if name in config.registrations]
    places = {(r.section.own or (r.section,))[-1].where: r.transport for r in chosen}
    for where in sorted(places, reverse=True):
        lines.insert(where.line, f"transport={places[where]}")
    written = "\n".join(lines)
    try:
        again = load_text(written, config_dir=config_dir)
    except BadInput:
        return None
    as_wanted = {n: r.transport for n, r in again.registrations.items()}
    return written if as_wanted == {n: r.transport for n, r in config.registrations.items()} else None


def _of_domain(question: Question, uri: SipUri | None) -> tuple[Config, tuple[str, ...], Scenario]:
    for name, given in (("registration", question.registrations), ("config_dir", question.config_dir)):
        if given:
            raise BadInput(("needs ", CONFIG), where=Parameter(name))
    if uri is None:
        raise BadInput(("no domain and no ", CONFIG, " is given"))
    listed = question.transports if question.transports is not None else DEFAULT_TRANSPORTS
    text = pjsip_conf(uri, transport_types(listed), question.pin)
    config = load_text(text, name=uri.host)
    names = tuple(config.registrations) or (uri.host,)
    return config, names, Scenario(name=uri.hostport, pjsip=text)
