"""The main command at work: from its options to an inquiry, to answers, to output.

Rules of this file:
- options are read and checked before any name server is asked;
- what was asked for is done, or refused in one line; nothing falls back to anything.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from pjresolve.cli.answers import Answers, answers_for
from pjresolve.cli.pictures import Pictures, put_ladder
from pjresolve.config.objects import Config, load_path, load_text
from pjresolve.errors import BadInput, Location
from pjresolve.lint.finding import Finding
from pjresolve.model import transport_types
from pjresolve.prediction.faults import read_faults, read_time
from pjresolve.prediction.inquiry import Inquiry, pinned, registrations_for
from pjresolve.prediction.outages import Outage
from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.synthesis import DEFAULT_TRANSPORTS, pjsip_conf
from pjresolve.scenario.choice import Choice
from pjresolve.scenario.document import MAX_CHARACTERS
from pjresolve.scenario.format import Scenario
from pjresolve.sip.uri import SipUri, parse_domain
from pjresolve.stacks import DEFAULT_STACK, stack_named


@dataclass(frozen=True, slots=True)
class Asked:
    """The main command's options as written; `faults` are all options in their order."""

    domain: str | None
    config: Path | None
    registration: str | None
    config_dir: Path | None
    transports: str | None
    pin: str | None
    choice: Choice
    faults: tuple[tuple[str, str], ...]
    until: str | None
    seed: int | None
    stacks: str | None
    explain: bool
    json: bool
    colour: bool
    pictures: Pictures


def answer(asked: Asked) -> int:
    """Do what was asked; returns the exit code."""
    asked.pictures.check(json=asked.json)
    uri = parse_domain(asked.domain) if asked.domain is not None else None
    inquiry = _inquiry(asked, uri)
    asked.pictures.check_count(len(inquiry.registrations) * len(inquiry.stacks))
    answers = answers_for(uri, inquiry, asked.choice)
    shown = answers.predict(what_if=asked.json or len(inquiry.stacks) == 1)
    findings: tuple[Finding, ...] = ()
    if asked.pictures.html is not None and asked.config is not None:
        from pjresolve.lint.run import findings_in

        findings = findings_in(shown[0][0].scenario, inquiry.config)
    asked.pictures.write(shown[0][0], findings=findings, outages=shown[0][1], answers=answers.told)
    if asked.json:
        _write_json(shown, answers)
    else:
        _write_text(shown, answers, inquiry, asked)
    return 0 if all(p.registered for p, _ in shown) else 1


def _inquiry(asked: Asked, uri: SipUri | None) -> Inquiry:
    faults = read_faults(asked.faults)
    until = read_time(asked.until, "--until") if asked.until is not None else None
    if until == 0:
        raise BadInput("a run of no time shows nothing", where="--until", hint="write e.g. 20m")
    names = [n.strip() for n in (asked.stacks or DEFAULT_STACK).split(",") if n.strip()]
    stacks = tuple(dict.fromkeys(stack_named(name).name for name in names))
    if not stacks:
        raise BadInput("no stack is named", where="--stack", hint="see `pjresolve stacks`")
    config, base, names_of = _from_file(asked, uri) if asked.config else _from_domain(asked, uri)
    return Inquiry(config, names_of, stacks, base, faults, until, asked.seed)


def _from_file(asked: Asked, uri: SipUri | None) -> tuple[Config, Scenario, tuple[str, ...]]:
    path = asked.config
    assert path is not None
    if asked.transports is not None:
        raise BadInput("goes without --config, which has its own transports", where="--transports")
    config = load_path(path, config_dir=asked.config_dir)
    chosen = registrations_for(config, asked.registration, uri, str(path))
    if asked.pin is not None:
        config = pinned(config, asked.pin, chosen)
    base = Scenario(name=path.name, pjsip=_text(path), pjsip_path=path)
    return config, base, chosen


def _text(path: Path) -> str:
    """The file's own text, for whoever wants to reproduce the prediction."""
    try:
        return path.read_bytes()[:MAX_CHARACTERS].decode("utf-8", "replace")
    except OSError as exc:
        raise BadInput(f"cannot be read: {exc.strerror}", where=Location(str(path))) from None


def _from_domain(asked: Asked, uri: SipUri | None) -> tuple[Config, Scenario, tuple[str, ...]]:
    for option, value in (("--registration", asked.registration), ("--config-dir", asked.config_dir)):
        if value is not None:
            raise BadInput("needs --config", where=option)
    if uri is None:
        raise BadInput(
            "no domain and no --config is given", hint="write pjresolve DOMAIN, or pjresolve -c pjsip.conf"
        )
    transports = transport_types(asked.transports if asked.transports is not None else DEFAULT_TRANSPORTS)
    text = pjsip_conf(uri, transports, asked.pin)
    config = load_text(text, name=uri.host)
    return config, Scenario(name=uri.hostport, pjsip=text), tuple(config.registrations) or (uri.host,)


# ---------------------------------------------------------------- output


def _write_json(shown: list[tuple[Prediction, list[Outage]]], answers: Answers) -> None:
    from pjresolve.render.json import main_fields, write_predictions

    write_predictions(sys.stdout, [(p, main_fields(p, found, answers.told)) for p, found in shown])


def _write_text(
    shown: list[tuple[Prediction, list[Outage]]], answers: Answers, inquiry: Inquiry, asked: Asked
) -> None:
    from pjresolve.render.terminal import Page
    from pjresolve.render.text.compare import put_comparison
    from pjresolve.render.text.page import put_prediction

    page = Page(asked.colour)
    count = len(inquiry.stacks)
    for number in range(0, len(shown), count):
        page.gap()
        if asked.pictures.ladder:
            for prediction, _ in shown[number : number + count]:
                page.gap()
                put_ladder(page, prediction, answers.told)
        elif count > 1:
            put_comparison(page, [p for p, _ in shown[number : number + count]], answers.told)
        else:
            prediction, found = shown[number]
            put_prediction(page, prediction, found, answers=answers.told, explain=asked.explain)
    sys.stdout.write(page.text())
