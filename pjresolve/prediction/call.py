"""A call out: what becomes of it, and what where its first targets do not answer.

Rules of this file:
- it joins configuration, answers and faults into a world with one call; what a stack decides is the stack's;
- the call begins at 0 where the machine is at rest, and once it has settled where it is running;
- faults with a time count from the call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from pjresolve.config.objects import Config
from pjresolve.dns.known import KnownAnswers
from pjresolve.dns.source import AnswerSource
from pjresolve.errors import BadInput, Parameter, printable
from pjresolve.model import Target
from pjresolve.prediction.faults import NO_FAULTS, Faults, HostFault
from pjresolve.prediction.healthy import check_faults, compose
from pjresolve.prediction.inquiry import (
    Reach,
    machine_senders,
    reach_of,
    refuse_unheld,
    resolution_of,
)
from pjresolve.prediction.prediction import Prediction
from pjresolve.prediction.realms import challenging
from pjresolve.prediction.run import registration_names, simulate_scenario, simulate_together
from pjresolve.prediction.traffic import CallPrediction
from pjresolve.scenario.behaviour import ACCEPT, DROP, OK, YEAR, Behaviour
from pjresolve.scenario.format import Scenario
from pjresolve.scenario.traffic import Call
from pjresolve.sip.transaction import Method
from pjresolve.stacks import DEFAULT_STACK, stack_named
from pjresolve.stacks.protocol import Sender
from pjresolve.stacks.telephony import CallPlan, NoCall, Telephony, telephony_of
from pjresolve.trace import State
from pjresolve.words import there_are

DIAL_TIMEOUT = 60.0
"""Seconds that `Dial` waits for an answer, where nobody says how long."""
AFTER = 1.0
"""Seconds from the moment at which a running machine has settled to its call, and from the end of a call to
that of the run."""


@dataclass(frozen=True, slots=True)
class CallInquiry:
    """A call of `number` through `endpoint` of `config`, in `base` with `faults`.

    Without a number the contact is called as it stands. `dial_timeout` in seconds; `running`: the machine has
    registered and qualified its contacts before, else it is at rest. `seed` draws the SRV choices. `host` is
    the one that was asked about, empty where a configuration was.
    """

    config: Config
    endpoint: str
    number: str
    base: Scenario
    stack: str = DEFAULT_STACK
    faults: Faults = NO_FAULTS
    dial_timeout: float = DIAL_TIMEOUT
    running: bool = False
    seed: int | None = None
    host: str = ""


class CallOutage(NamedTuple):
    """The call where `dropped`, the first targets of its list, do not answer from the start on."""

    dropped: tuple[Target, ...]
    call: CallPrediction


class Called(NamedTuple):
    """What becomes of a call. `machine` is the prediction that holds it, at `at` seconds of its run.

    `password`: the endpoint can answer a challenge; `realms` are the only ones whose challenge it can.
    """

    inquiry: CallInquiry
    call: CallPrediction
    machine: Prediction
    outages: tuple[CallOutage, ...]
    at: float
    password: bool
    realms: tuple[str, ...]


def check_call(inquiry: CallInquiry) -> None:
    """Raise BadInput for a call that no world can help: no such endpoint, no contact, no number."""
    telephony = telephony_for(inquiry.stack)
    config, name, where = inquiry.config, inquiry.endpoint, inquiry.base.name
    if name not in config.endpoints:
        refusal = config.refusal("endpoint", name)
        if refusal is not None:
            raise BadInput(f"the endpoint is refused: {refusal.message}", where=str(refusal.where))
        hint = there_are(config.endpoints, name)
        raise BadInput(f"no endpoint is called {printable(name, 60)}", where=where, hint=hint)
    if inquiry.running and not registration_names(config) and not telephony.qualified(config):
        what = "there is no registration and no qualified contact that could run before the call"
        raise BadInput(what, where=Parameter("while_registered"), hint="leave it out")
    found = telephony.dial(config, name, inquiry.number, ())
    if isinstance(found, NoCall):
        hint = "a whole URI needs no contact: write sip:NUMBER@HOST in place of the number"
        raise BadInput(found.why, where=f"endpoint {printable(name, 60)}", hint=hint)


def telephony_for(stack: str) -> Telephony:
    """What the stack does with calls. Raises BadInput where that is not known."""
    found = telephony_of(stack_named(stack))
    if found is None:
        what = f"what {stack_named(stack).title} does with calls is not known"
        raise BadInput(what, where=Parameter("stack"))
    return found


def predict_call(inquiry: CallInquiry, source: AnswerSource, *, what_if: bool = True) -> Called:
    """What becomes of the call, and with `what_if` of the same call without its first targets.

    Everything that is reached is healthy but for the faults. Raises BadInput as `inquiry.predict` does.
    """
    check_call(inquiry)
    plan, *_ = senders = senders_of(inquiry)
    assert isinstance(plan, CallPlan)  # it was checked
    refuse_unheld(plan, inquiry.base, source)
    reach = reach_of(senders, inquiry.base, source)
    called, matched = _predicted(inquiry, plan, reach, source)
    if isinstance(source, KnownAnswers) and source.missing:
        return called
    if reach.resolved:
        check_faults(inquiry.faults, matched, reach.reached, reach.asked)
    resolution = called.call.resolution or resolution_of(plan, inquiry.base, source)
    if not what_if or resolution is None:
        return called
    outages: list[CallOutage] = []
    for dropped in _dropped(plan, resolution.targets):
        silent = tuple(map(_silent, dropped))
        early = (*(fault for fault in inquiry.faults.hosts if fault.at is None), *silent)
        without = replace(inquiry, faults=replace(inquiry.faults, hosts=early))
        outages.append(CallOutage(dropped, _predicted(without, plan, reach, source)[0].call))
    return called._replace(outages=tuple(outages))


def predict_calls(
    inquiry: CallInquiry, endpoints: Sequence[str], source: AnswerSource
) -> dict[str, CallPrediction]:
    """A call through each of these endpoints, at the same moment of one run; as `predict_call` of each, but
    that no fault has to match. All are asked for no password, which changes nobody's target.
    """
    plans = [_plan(replace(inquiry, endpoint=endpoint)) for endpoint in endpoints]
    reach = reach_of([*filter(None, plans), *_running(inquiry)], inquiry.base, source)
    at = _settled(inquiry, reach, source) if inquiry.running else 0.0
    world, _ = _world(inquiry, reach, at, credentials=False)
    (call,) = world.calls
    world = replace(world, calls=tuple(replace(call, endpoint=endpoint) for endpoint in endpoints))
    made = _machine(inquiry, world, source).traffic
    return {one.endpoint: one for one in made.calls} if made is not None else {}


def _predicted(
    inquiry: CallInquiry, plan: CallPlan, reach: Reach, source: AnswerSource
) -> tuple[Called, frozenset[int]]:
    """The call in the world with the faults, and which of these matched something."""
    at = _settled(inquiry, reach, source) if inquiry.running else 0.0
    world, matched = _world(inquiry, reach, at, credentials=plan.credentials)
    machine = _machine(inquiry, world, source)
    assert machine.traffic is not None  # there is a call
    call = machine.traffic.calls[0]
    return Called(inquiry, call, machine, (), at, plan.credentials, plan.realms), matched


def _machine(inquiry: CallInquiry, world: Scenario, source: AnswerSource) -> Prediction:
    """The whole machine, in the world with its calls."""
    config = inquiry.config if inquiry.running else _at_rest(inquiry.config)
    return simulate_scenario(world, config=config, source=source, stack=inquiry.stack, seed=inquiry.seed)


def _at_rest(config: Config) -> Config:
    """The configuration of a machine that sends nothing by itself."""
    aors = {name: replace(aor, qualify_frequency=0) for name, aor in config.aors.items()}
    refusals = tuple(r for r in config.refusals if r.type != "registration")
    return replace(config, registrations={}, aors=aors, refusals=refusals)


def _dropped(plan: CallPlan, targets: Iterable[Target]) -> Iterator[tuple[Target, ...]]:
    """The first target that can be tried, the first two, and so on."""
    tried = [t for t in dict.fromkeys(targets) if plan.pinned in (None, t.transport)]
    return (tuple(tried[:count]) for count in range(1, len(tried) + 1))


def _silent(target: Target) -> HostFault:
    """That nothing comes back from a target, from the start on."""
    return HostFault(target.address, target.transport.protocol, target.port, DROP, None, ())


# ---------------------------------------------------------------- who sends, and to whom


def senders_of(inquiry: CallInquiry) -> list[Sender]:
    """Whoever sends: the call, and where the machine is running its registrations and qualified contacts."""
    plan = _plan(inquiry)
    return [*([plan] if plan else []), *_running(inquiry)]


def _plan(inquiry: CallInquiry) -> CallPlan | None:
    """How the call leaves, if it does."""
    found = telephony_for(inquiry.stack).dial(inquiry.config, inquiry.endpoint, inquiry.number, ())
    return found if isinstance(found, CallPlan) else None


def _running(inquiry: CallInquiry) -> Iterable[Sender]:
    return machine_senders(inquiry.config, inquiry.stack) if inquiry.running else ()


# ---------------------------------------------------------------- the world


def _world(
    inquiry: CallInquiry, reach: Reach, at: float, *, credentials: bool
) -> tuple[Scenario, frozenset[int]]:
    """The healthy world with the faults and the call, and which faults matched.

    Whoever has no credentials is asked for none, since a provider that does would never have taken a call.
    """
    shifted = tuple(f if f.at is None else f._replace(at=f.at + at) for f in inquiry.faults.hosts)
    healthy = OK if credentials else replace(OK, methods=((Method.INVITE.value, ACCEPT),))
    call = Call(at, inquiry.endpoint, inquiry.number, timeout=inquiry.dial_timeout)
    until = min(at + inquiry.dial_timeout + call.hold + AFTER, YEAR)
    world, matched = _healthy(inquiry, reach, shifted, until, healthy)
    return replace(world, calls=(call,)), matched


def _healthy(
    inquiry: CallInquiry,
    reach: Reach,
    hosts: tuple[HostFault, ...],
    until: float | None,
    healthy: Behaviour = OK,
) -> tuple[Scenario, frozenset[int]]:
    """The world with these faults of hosts, and those of the DNS; its servers challenge for the realms that
    the credentials are for.
    """
    faults = replace(inquiry.faults, hosts=hosts)
    found = compose(inquiry.base, list(reach.reached), faults, until, behaviour=healthy)
    dns = {**inquiry.base.dns, **inquiry.faults.dns}
    return challenging(replace(found.scenario, dns=dns), reach.realms), found.matched


def _settled(inquiry: CallInquiry, reach: Reach, source: AnswerSource) -> float:
    """When every registration has had its success or has given up, and each contact was qualified once."""
    early = tuple(f for f in inquiry.faults.hosts if f.at is None)
    world, _ = _healthy(inquiry, reach, early, None)
    names = registration_names(inquiry.config)
    everybody = (
        simulate_together(
            world, names, config=inquiry.config, source=source, stack=inquiry.stack, seed=inquiry.seed
        )
        if names
        else []
    )
    done = [_done(one) for one in everybody if one.loaded]
    qualified = telephony_for(inquiry.stack).qualified(inquiry.config)
    done += [plan.qualify_timeout or plan.frequency for plan in qualified]
    return round(max(done, default=0.0) + AFTER, 3)


def _done(prediction: Prediction) -> float:
    """When a registration has had its success, or has given up; else the end of its run."""
    if prediction.registered is not None:
        return prediction.registered.t
    return next((m.t for m in prediction.states() if m.state is State.REJECTED), prediction.end)
