"""Everything that one machine does beside registering, from a finished run.

Rules of this file: it only reads the run and asks the stack about requests that come in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from pjresolve.config.dialplan import read_dialplan
from pjresolve.config.objects import Config
from pjresolve.dns.source import AnswerSource
from pjresolve.errors import printable
from pjresolve.model import Family, TransportType
from pjresolve.prediction.requests import NO_CONTACT, contact_of, door_of, message_of, own_address
from pjresolve.prediction.traffic import (
    Answered,
    CallPrediction,
    IncomingPrediction,
    Qualified,
    TrafficPrediction,
)
from pjresolve.scenario.format import Scenario
from pjresolve.scenario.traffic import Call, IncomingRequest
from pjresolve.simulation.calling import Calling
from pjresolve.simulation.life import Registering
from pjresolve.simulation.run import Run
from pjresolve.sip.message import IncomingMessage
from pjresolve.sip.timers import microseconds, seconds
from pjresolve.stacks.telephony import CallEnd, NoCall, Received, Telephony
from pjresolve.trace import DatagramSent, RequestSent

Receive: TypeAlias = Callable[[IncomingMessage], Received]


def traffic_of(
    scenario: Scenario, config: Config, telephony: Telephony, run: Run | None, source: AnswerSource
) -> TrafficPrediction:
    """What became of the scenario's calls, contacts and incoming requests."""
    return TrafficPrediction(
        calls=tuple(_calls(scenario, telephony, run)) if run else (),
        qualified=tuple(Qualified(c.plan, c.log, c.longest) for c in run.contacts) if run else (),
        incoming=tuple(_incoming(scenario, config, telephony, run, source)),
        notes=tuple(_drawn(scenario, config, telephony)),
    )


def _drawn(scenario: Scenario, config: Config, telephony: Telephony) -> Iterator[str]:
    """Which contacts are first qualified at a moment that is drawn."""
    frequencies = {plan.contact.aor: plan.frequency for plan in telephony.qualified(config)}
    for aor, frequency in frequencies.items():
        if aor not in scenario.qualify_phase:
            drawn = f"Asterisk draws the first moment between 0 and {frequency} s; 0 is taken"
            yield f"AoR {printable(aor)}: {drawn} (qualify_phase)"


def _calls(scenario: Scenario, telephony: Telephony, run: Run) -> Iterator[CallPrediction]:
    for number, call in enumerate(scenario.calls):
        made = run.calls.get(number)
        if made is not None:
            yield _call(number, call, made, telephony)


def _call(number: int, call: Call, made: Calling | NoCall, telephony: Telephony) -> CallPrediction:
    if isinstance(made, NoCall):
        result = telephony.dial_result(CallEnd.NO_CHANNEL, 0)
        end = CallEnd.NO_CHANNEL
        return CallPrediction(
            number, call.at, call.endpoint, call.number, None, made.why, ended=call.at, end=end, result=result
        )
    answered = made.answered
    end = CallEnd.TIMEOUT if made.gave_up else CallEnd.ANSWERED if made.taken else CallEnd.FAILED
    return CallPrediction(
        n=number,
        t=seconds(made.began),
        endpoint=call.endpoint,
        number=call.number,
        uri=made.plan.uri,
        why=made.why or "under way",
        status=made.status,
        answered=Answered(seconds(answered[0]), answered[1]) if answered else None,
        ended=seconds(made.ended_at) if made.ended_at is not None else None,
        end=end if made.status is not None else None,
        result=telephony.dial_result(end, made.status) if made.status is not None else None,
        resolution=made.first,
        sender=made.plan,
        log=made.log,
    )


# ---------------------------------------------------------------- requests that come in


def _incoming(
    scenario: Scenario, config: Config, telephony: Telephony, run: Run | None, source: AnswerSource
) -> Iterator[IncomingPrediction]:
    if not scenario.incoming:
        return
    dialplan = read_dialplan(scenario.extensions) if scenario.extensions is not None else None
    door = door_of(config, telephony, source, dialplan)
    for number, request in enumerate(scenario.incoming):
        yield IncomingPrediction(number, request.at, _received(request, config, run, door.receive))


def _received(request: IncomingRequest, config: Config, run: Run | None, receive: Receive) -> Received:
    own = Family.of(request.source)
    if not _listens(request, config):
        return Received(None, f"no {request.transport.upper()} transport listens there over {own}")
    contact = _last_contact(run, microseconds(request.at))
    return receive(message_of(request, contact))


def _listens(request: IncomingRequest, config: Config) -> bool:
    """Whether a transport takes the request. One that comes over Asterisk's own connection needs none."""
    kind = TransportType(request.transport, Family.of(request.source))
    port = request.to_port or request.transport.default_port
    addresses = ("0.0.0.0", "::", own_address(request))
    return request.connection or any(
        t.type == kind and t.bind_port == port and t.bind_address in addresses
        for t in config.transports.values()
    )


def _last_contact(run: Run | None, now: int) -> str:
    """The Contact of the last REGISTER by then."""
    last: tuple[int, Registering] | None = None
    for life in run.lives.values() if run else ():
        for event in life.log.of(DatagramSent, RequestSent):
            if event.t > now:
                break
            if last is None or event.t >= last[0]:
                last = event.t, life
    return contact_of(last[1].plan.registration) if last else NO_CONTACT
