"""The command `show` at work: from its options to a table or a message.

Rules of this file:
- standard output holds what Asterisk prints or sends, to the byte; remarks go to standard error;
- DNS is asked only where what is shown depends on it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pjresolve.cli.answers import Answers, answers_for
from pjresolve.cli.show import What
from pjresolve.config.objects import Config, Registration, load_path
from pjresolve.console.sending import chosen_target, settled, whole_target
from pjresolve.console.sockets import listening
from pjresolve.console.status import shown_status
from pjresolve.console.tables import (
    RegistrationRow,
    SocketRow,
    registrations_table,
    sockets_table,
    transports_table,
)
from pjresolve.errors import BadInput, printable
from pjresolve.model import Family, canonical_address
from pjresolve.prediction.faults import read_time
from pjresolve.prediction.inquiry import Inquiry, registrations_for
from pjresolve.prediction.prediction import Prediction
from pjresolve.scenario.choice import Choice
from pjresolve.scenario.format import Scenario
from pjresolve.stacks import DEFAULT_STACK, stack_named
from pjresolve.stacks.asterisk22.register import LOCAL, register_message
from pjresolve.stacks.protocol import Refused
from pjresolve.words import span


@dataclass(frozen=True, slots=True)
class Asked:
    """The command's options as written."""

    what: What
    config: Path
    registration: str | None
    config_dir: Path | None
    target: str | None
    credentials: bool
    local4: str | None
    local6: str | None
    at: str | None
    choice: Choice


def answer(asked: Asked) -> int:
    """Do what was asked; returns the exit code."""
    at = read_time(asked.at, "--at") if asked.at is not None else None
    local = dict(LOCAL) | _own_addresses(asked)
    config = load_path(asked.config, config_dir=asked.config_dir)
    if asked.what in (What.TRANSPORTS, What.SOCKETS):
        _remark_refusals(config, "transport")
        _remark_machine(config)
    if asked.what is What.TRANSPORTS:
        sys.stdout.write(transports_table(config.transports.values()))
    elif asked.what is What.SOCKETS:
        _sockets(config)
    elif asked.what is What.REGISTRATIONS:
        _registrations(asked, config, at)
    else:
        _register(asked, config, local)
    return 0


def _own_addresses(asked: Asked) -> dict[Family, str]:
    found = {}
    for option, text, family in (
        ("--local4", asked.local4, Family.IPV4),
        ("--local6", asked.local6, Family.IPV6),
    ):
        address = canonical_address(text) if text is not None else None
        if text is not None and (address is None or Family.of(address) is not family):
            version = "IPv4" if family is Family.IPV4 else "IPv6"
            raise BadInput(f"{printable(text, 60)!r} is no {version} address", where=option)
        if address is not None:
            found[family] = address
    return found


def _remark(text: str) -> None:
    sys.stderr.write(f"note: {text}\n")


def _remark_refusals(config: Config, kind: str) -> None:
    for refusal in config.refusals:
        if refusal.type == kind:
            _remark(f"{refusal.where}: {kind} {printable(refusal.name, 80)} is refused: {refusal.message}")


def _remark_machine(config: Config) -> None:
    """What the machine decides that Asterisk runs on, which need not be this one."""
    for transport in config.transports.values():
        for option in ("cert_file", "priv_key_file", "ca_list_file", "ca_list_path"):
            path = getattr(transport, option)
            if path and not os.path.exists(path):
                _remark(
                    f"{transport.where(option)}: there is no {printable(path, 80)} here; without it Asterisk "
                    f"refuses transport {printable(transport.name, 80)}"
                )


# ---------------------------------------------------------------- sockets


def _sockets(config: Config) -> None:
    sockets, deaf = listening(config.transports.values())
    sys.stdout.write(sockets_table(SocketRow(*socket) for socket in sockets))
    for transport in deaf:
        name = printable(transport.name, 80)
        _remark(f"{transport.where('bind')}: transport {name} listens nowhere: another has its socket")
    for transport in config.transports.values():
        if transport.protocol in ("ws", "wss"):
            _remark(f"transport {printable(transport.name, 80)} uses the HTTP server's socket, see http.conf")
    _remark("Asterisk opens two UDP sockets more, one of each IP version, on ports that the system chooses")


# ---------------------------------------------------------------- what needs DNS


def _answers(asked: Asked, config: Config, names: Iterable[str]) -> Answers:
    """The source that the options name, for all that `config` asks."""
    base = Scenario(name=asked.config.name, pjsip="", pjsip_path=asked.config)
    inquiry = Inquiry(config, tuple(names), (DEFAULT_STACK,), base)
    return answers_for(None, inquiry, asked.choice)


def _predictions(answers: Answers) -> list[Prediction]:
    return [prediction for prediction, _ in answers.predict(what_if=False)]


def _registrations(asked: Asked, config: Config, at: float | None) -> None:
    if not config.registrations and not any(r.type == "registration" for r in config.refusals):
        sys.stdout.write(registrations_table([]))
        return
    names = registrations_for(config, asked.registration, None, str(asked.config))
    answers = _answers(asked, config, names)
    when = at if at is not None else settled(_predictions(answers))
    answers.inquiry = replace(answers.inquiry, until=max(when, 0.001))
    rows = []
    for prediction in _predictions(answers):
        if prediction.loaded:
            rows.append(_row(config.registrations[prediction.registration], prediction, when))
        else:
            _remark_refused(prediction)
    sys.stdout.write(registrations_table(rows))
    _remark(f"as it stands {span(when)} after the first query, with every target healthy; {answers.told}")


def _row(registration: Registration, prediction: Prediction, when: float) -> RegistrationRow:
    status = shown_status(prediction, when)
    auth = next(iter(registration.outbound_auth), "")
    return RegistrationRow(registration.name, registration.server_uri, auth, status.word, int(status.seconds))


def _remark_refused(prediction: Prediction) -> None:
    _remark(f"registration {printable(prediction.registration, 80)} is refused: {prediction.refusal}")


def _register(asked: Asked, config: Config, local: dict[Family, str]) -> None:
    names = registrations_for(config, asked.registration, None, str(asked.config))
    target = whole_target(asked.target) if asked.target is not None else None
    refusals = {name: why for name in names if (why := _refusal(config, name))}
    for name, why in refusals.items():
        if len(names) == 1:
            raise BadInput(f"the registration is refused and sends nothing: {why}", where=name)
        _remark(f"registration {printable(name, 80)} is refused: {why}")
    sending = [name for name in names if name not in refusals]
    lists: dict[str, Prediction] = {}
    if target is None and sending:
        lists = {p.registration: p for p in _predictions(_answers(asked, config, sending))}
    for number, name in enumerate(sending):
        found = target or chosen_target(lists[name], asked.target)
        message = register_message(
            config,
            config.registrations[name],
            found,
            local=local,
            challenge=401 if asked.credentials else None,
        )
        _remark(
            f"{printable(name, 80)} to {found}, through transport {printable(message.transport.name, 80)}"
        )
        sys.stdout.write(("\n" if number else "") + _escaped(str(message)))


def _refusal(config: Config, name: str) -> str:
    """Why Asterisk does not create the registration, or the empty text."""
    refusal = config.refusal("registration", name)
    if refusal is not None:
        return refusal.message
    plan = stack_named(DEFAULT_STACK).load(config, config.registrations[name])
    return plan.why if isinstance(plan, Refused) else ""


def _escaped(message: str) -> str:
    return "".join(f"{printable(line, 2000)}\n" for line in message.splitlines())
