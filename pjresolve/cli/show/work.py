"""The command `show` at work: from its options to a table or a message.

Rules of this file:
- standard output holds what Asterisk prints or sends, to the byte; remarks go to standard error;
- DNS is asked only where what is shown depends on it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace

from pjresolve.cli.progress import Progress, run
from pjresolve.cli.show.remarks import remark, remark_machine, remark_refusals
from pjresolve.cli.show.request import TRUNK, Request, What
from pjresolve.config.objects import Config, Registration, load_path
from pjresolve.console.sending import chosen_target, escaped, settled, whole_target
from pjresolve.console.sockets import listening
from pjresolve.console.status import shown_status
from pjresolve.console.tables import (
    RegistrationRow,
    SocketRow,
    registrations_table,
    sockets_table,
    transports_table,
)
from pjresolve.errors import BadInput, Parameter, printable
from pjresolve.model import Family, canonical_address
from pjresolve.prediction.answers import Answers, answers_for
from pjresolve.prediction.ask import ask
from pjresolve.prediction.inquiry import Inquiry, registrations_for
from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.times import read_time
from pjresolve.scenario.format import Scenario
from pjresolve.stacks import DEFAULT_STACK, stack_named
from pjresolve.stacks.asterisk22.register import LOCAL, register_message
from pjresolve.stacks.protocol import Refused
from pjresolve.words import span


def show(request: Request) -> int:
    """Print what was asked for; returns the exit code. Raises BadInput and DnsUnavailable."""
    request.check()
    at = read_time(request.at, Parameter("at")) if request.at is not None else None
    local = dict(LOCAL) | _own_addresses(request)
    config = load_path(request.config, config_dir=request.config_dir)
    if request.what is What.INVITE:
        from pjresolve.cli.show.invite import invite

        invite(request, config, local)
        return 0
    if request.what in TRUNK:
        from pjresolve.cli.show.trunk import trunk

        trunk(request, config, at)
        return 0
    if request.what in (What.TRANSPORTS, What.SOCKETS):
        remark_refusals(config, "transport")
        remark_machine(config)
    if request.what is What.TRANSPORTS:
        sys.stdout.write(transports_table(config.transports.values()))
    elif request.what is What.SOCKETS:
        _sockets(config)
    elif request.what is What.REGISTRATIONS:
        _registrations(request, config, at)
    else:
        _register(request, config, local)
    return 0


def _own_addresses(request: Request) -> dict[Family, str]:
    found = {}
    for option, text, family in (
        ("--local4", request.local4, Family.IPV4),
        ("--local6", request.local6, Family.IPV6),
    ):
        address = canonical_address(text) if text is not None else None
        if text is not None and (address is None or Family.of(address) is not family):
            version = "IPv4" if family is Family.IPV4 else "IPv6"
            raise BadInput(f"{printable(text, 60)!r} is no {version} address", where=option)
        if address is not None:
            found[family] = address
    return found


# ---------------------------------------------------------------- sockets


def _sockets(config: Config) -> None:
    sockets, deaf = listening(config.bound.values())
    sys.stdout.write(sockets_table(SocketRow(*socket) for socket in sockets))
    for transport in deaf:
        name = printable(transport.name, 80)
        remark(f"{transport.where('bind')}: transport {name} listens nowhere: another has its socket")
    for transport in config.transports.values():
        if transport.protocol in ("ws", "wss"):
            remark(f"transport {printable(transport.name, 80)} uses the HTTP server's socket, see http.conf")
    remark("Asterisk opens two UDP sockets more, one of each IP version, on ports that the system chooses")


# ---------------------------------------------------------------- what needs DNS


def _inquiry(request: Request, config: Config, names: Iterable[str]) -> Inquiry:
    base = Scenario(name=request.config.name, pjsip="", pjsip_path=request.config)
    return Inquiry(config, tuple(names), (DEFAULT_STACK,), base)


def _predictions(inquiry: Inquiry, answers: Answers) -> list[Prediction]:
    return [prediction for prediction, _ in run(ask(inquiry, answers))]


def _registrations(request: Request, config: Config, at: float | None) -> None:
    if not config.registrations and not any(r.type == "registration" for r in config.refusals):
        sys.stdout.write(registrations_table([]))
        return
    names = registrations_for(config, request.registrations, None, str(request.config))
    with Progress() as progress:
        inquiry, answers = answers_for(_inquiry(request, config, names), request.choice, progress.asking)
        when = at if at is not None else settled(_predictions(inquiry, answers))
        found = _predictions(replace(inquiry, until=max(when, 0.001)), answers)
    rows = []
    for prediction in found:
        if prediction.loaded:
            rows.append(_row(config.registrations[prediction.registration], prediction, when))
        else:
            _remark_refused(prediction)
    sys.stdout.write(registrations_table(rows))
    told = "the hosts of that file, and all others healthy" if inquiry.base.hosts else "every target healthy"
    remark(f"as it stands {span(when)} after the first query; {answers.answers_from}, with {told}")


def _row(registration: Registration, prediction: Prediction, when: float) -> RegistrationRow:
    status = shown_status(prediction, when)
    auth = next(iter(registration.outbound_auth), "")
    return RegistrationRow(registration.name, registration.server_uri, auth, status.word, int(status.seconds))


def _remark_refused(prediction: Prediction) -> None:
    remark(f"registration {printable(prediction.registration, 80)} is refused: {prediction.refusal}")


def _register(request: Request, config: Config, local: dict[Family, str]) -> None:
    names = registrations_for(config, request.registrations, None, str(request.config))
    target = whole_target(request.target) if request.target is not None else None
    refusals = {name: why for name in names if (why := _refusal(config, name))}
    for name, why in refusals.items():
        if len(names) == 1:
            raise BadInput(f"the registration is refused and sends nothing: {why}", where=name)
        remark(f"registration {printable(name, 80)} is refused: {why}")
    sending = [name for name in names if name not in refusals]
    lists: dict[str, Prediction] = {}
    if target is None and sending:
        with Progress() as progress:
            inquiry, answers = answers_for(
                _inquiry(request, config, sending), request.choice, progress.asking
            )
            lists = {p.registration: p for p in _predictions(inquiry, answers)}
    for number, name in enumerate(sending):
        found = target or chosen_target(lists[name].targets, lists[name].plan, request.target, name)
        message = register_message(
            config,
            config.registrations[name],
            found,
            local=local,
            challenge=401 if request.credentials else None,
        )
        remark(f"{printable(name, 80)} to {found}, through transport {printable(message.transport.name, 80)}")
        sys.stdout.write(("\n" if number else "") + escaped(str(message)))


def _refusal(config: Config, name: str) -> str:
    """Why Asterisk does not create the registration, or the empty text."""
    refusal = config.refusal("registration", name)
    if refusal is not None:
        return refusal.message
    plan = stack_named(DEFAULT_STACK).load(config, config.registrations[name])
    return plan.why if isinstance(plan, Refused) else ""
